namespace Godwit.PgArchive;

/// <summary>Writes an archive anew with another table of contents, leaving out the data of what was dropped. Data is copied as it is, whatever its compression.</summary>
public static class ArchiveFilter
{
    /// <summary>Progress is told at least so often while one large table is copied.</summary>
    private const long ReportEveryBytes = 8 << 20;

    /// <summary>Reads <paramref name="source"/> to its end and writes what <paramref name="edit"/> leaves to <paramref name="output"/>.</summary>
    /// <param name="source">Begins with the archive where it stands; need not be able to seek.</param>
    /// <param name="output">The archive begins where it stands. When it can seek, or when the source has data offsets, the new archive has them, so that
    /// <c>pg_restore -j</c> works on it.</param>
    /// <param name="edit">Given the head, returns the new one; see <see cref="ArchiveEdit"/>.</param>
    /// <param name="limits">Null for <see cref="ArchiveLimits.Default"/>.</param>
    /// <param name="progress">Told on the thread that copies; null for nobody.</param>
    /// <exception cref="ArchiveException">The source is damaged, or a block that is kept is missing. What was written is no archive then.</exception>
    /// <exception cref="ArgumentException">The new head has entries with data that the old one has not.</exception>
    public static async Task<ArchiveFilterResult> RunAsync(Stream source, Stream output, Func<ArchiveHead, ArchiveHead> edit, ArchiveLimits? limits,
        IProgress<ArchiveProgress>? progress, CancellationToken ct)
    {
        var reader = await ArchiveReader.OpenAsync(source, limits, ct);
        var head = edit(reader.Head) with { LengthBytes = 0 };
        var known = reader.Head.Entries.Where(entry => entry.HasData).Select(entry => entry.DumpId).ToHashSet();
        if (head.Entries.FirstOrDefault(entry => entry.HasData && !known.Contains(entry.DumpId)) is { } strange)
            throw new ArgumentException($"There is no data for entry {strange.DumpId} ({strange}).", nameof(edit));
        if (head.Header.Compression != reader.Head.Header.Compression)
            throw new ArgumentException("Data is copied as it is: its compression cannot be changed.", nameof(edit));
        return await new Copy(reader, head, output, progress).RunAsync(ct);
    }

    private sealed class Copy(ArchiveReader reader, ArchiveHead head, Stream output, IProgress<ArchiveProgress>? progress)
    {
        private readonly Dictionary<int, long> _offsets = [];
        private readonly HashSet<int> _wanted = [.. head.Entries.Where(entry => entry.HasData).Select(entry => entry.DumpId)];
        private readonly int _total = reader.Head.Entries.Count(entry => entry.HasData);

        public async Task<ArchiveFilterResult> RunAsync(CancellationToken ct)
        {
            var start = output.CanSeek ? output.Position : 0;
            var foreseen = output.CanSeek ? null : Foreseen();
            await ArchiveWriter.WriteHeadAsync(head.WithOffsets(foreseen ?? []), output, ct);
            var to = new BlockOutput(output, ArchiveWriter.HeadBytes(head));
            await BlocksAsync(to, foreseen, ct);
            await to.FlushAsync(ct);
            if (output.CanSeek)
            {
                var end = output.Position;
                output.Position = start;
                await ArchiveWriter.WriteHeadAsync(head.WithOffsets(_offsets), output, ct);
                output.Position = end;
            }

            await output.FlushAsync(ct);
            return new(reader.Head, head.WithOffsets(foreseen ?? (output.CanSeek ? _offsets : [])), to.Position, foreseen is not null || output.CanSeek);
        }

        private async Task BlocksAsync(BlockOutput to, Dictionary<int, long>? foreseen, CancellationToken ct)
        {
            var blocks = 0;
            while (await reader.NextBlockAsync(ct) is { } block)
            {
                progress?.Report(new(reader.Position, ++blocks, _total));
                if (!_wanted.Contains(block.Entry.DumpId))
                    continue;
                var id = block.Entry.DumpId;
                if (foreseen is not null && foreseen[id] != to.Position)
                    throw ArchiveErrors.Corrupted(block.Offset, $"the data of {ArchiveErrors.Named(block.Entry)}", "the block is not where the table of contents says");
                _offsets.Add(id, to.Position);
                await block.CopyAsync(to, () => progress?.Report(new(reader.Position, blocks, _total)), ReportEveryBytes, ct);
            }

            if (_offsets.Count < _wanted.Count)
            {
                var first = head.Entries.First(entry => _wanted.Contains(entry.DumpId) && !_offsets.ContainsKey(entry.DumpId));
                throw ArchiveErrors.Truncated(reader.Position, $"the data: there is none of {ArchiveErrors.Named(first)}");
            }
        }

        /// <summary>Where the blocks will be, from where they are: an output that cannot go back needs that before the first block is read.</summary>
        /// <returns>Null when the source does not say where its blocks are.</returns>
        private Dictionary<int, long>? Foreseen()
        {
            var blocks = reader.Head.Entries.Where(entry => entry.HasData).OrderBy(entry => entry.DataOffset).ToList();
            if (blocks.Any(entry => entry.DataState != DataState.Set))
                return null;
            var places = new Dictionary<int, long>();
            var position = ArchiveWriter.HeadBytes(head);
            for (var i = 0; i < blocks.Count; i++)
            {
                if (!_wanted.Contains(blocks[i].DumpId))
                    continue;
                places.Add(blocks[i].DumpId, position);
                if (i + 1 < blocks.Count)
                    position += blocks[i + 1].DataOffset - blocks[i].DataOffset;
            }

            return places;
        }
    }
}

/// <summary>What <see cref="ArchiveFilter"/> wrote.</summary>
/// <param name="Before">The head that was read.</param>
/// <param name="After">The head that was written.</param>
/// <param name="LengthBytes">Of the new archive.</param>
/// <param name="HasOffsets">Whether the new archive says where its data is; without, <c>pg_restore -j</c> has to search.</param>
public sealed record ArchiveFilterResult(ArchiveHead Before, ArchiveHead After, long LengthBytes, bool HasOffsets);
