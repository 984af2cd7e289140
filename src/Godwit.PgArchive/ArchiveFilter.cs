namespace Godwit.PgArchive;

/// <summary>Writes an archive anew with another table of contents, leaving out the data of what was dropped. Data is
/// copied as it is, whatever its compression.</summary>
/// <remarks>Once: the source is read forwards. Not thread-safe; it disposes neither stream.</remarks>
public sealed class ArchiveFilter
{
    /// <summary>Progress is told at least so often while one large table is copied.</summary>
    private const long ReportEveryBytes = 8 << 20;

    private readonly ArchiveReader _reader;
    private readonly HashSet<int> _wanted;
    private readonly Dictionary<int, long> _offsets = [];

    private ArchiveFilter(ArchiveReader reader, ArchiveHead after)
    {
        _reader = reader;
        After = after.WithOffsets(_offsets);
        HeadBytes = ArchiveWriter.HeadBytes(After);
        _wanted = [.. After.Entries.Where(entry => entry.HasData).Select(entry => entry.DumpId)];
    }

    /// <summary>The head of the source.</summary>
    public ArchiveHead Before => _reader.Head;

    /// <summary>The head of the new archive. Its data offsets are there once the data was written, or earlier when they
    /// could be foreseen.</summary>
    public ArchiveHead After { get; private set; }

    /// <summary>Length of the new archive's head, in bytes. The offsets do not change it.</summary>
    public long HeadBytes { get; }

    /// <summary>Whether the new archive says where its data is; without, <c>pg_restore -j</c> has to search.</summary>
    public bool HasOffsets => After.Entries.All(entry => entry.DataState != DataState.NotSet);

    /// <summary>Reads the head of <paramref name="source"/> and decides what will be written.</summary>
    /// <param name="source">Begins with the archive where it stands; need not be able to seek.</param>
    /// <param name="edit">Given the head, returns the new one; see <see cref="ArchiveEdit"/>.</param>
    /// <param name="limits">Null for <see cref="ArchiveLimits.Default"/>.</param>
    /// <exception cref="ArchiveException">The source is no archive that can be read.</exception>
    /// <exception cref="ArgumentException">The new head has entries with data that the old one has not, or another
    /// compression.</exception>
    public static async Task<ArchiveFilter> OpenAsync(
        Stream source, Func<ArchiveHead, ArchiveHead> edit, ArchiveLimits? limits, CancellationToken ct)
    {
        var reader = await ArchiveReader.OpenAsync(source, limits, ct);
        var after = edit(reader.Head);
        var known = reader.Head.Entries.Where(entry => entry.HasData).Select(entry => entry.DumpId).ToHashSet();
        if (after.Entries.FirstOrDefault(entry => entry.HasData && !known.Contains(entry.DumpId)) is { } strange)
            throw new ArgumentException($"There is no data for entry {strange.DumpId} ({strange}).", nameof(edit));
        return after.Header.Compression == reader.Head.Header.Compression ? new ArchiveFilter(reader, after)
            : throw new ArgumentException("Data is copied as it is: its compression cannot be changed.", nameof(edit));
    }

    /// <summary>Writes the whole new archive. It has data offsets when <paramref name="output"/> can seek, or when the
    /// source has them.</summary>
    /// <param name="output">The archive begins where it stands.</param>
    /// <param name="progress">Told on the thread that copies; null for nobody.</param>
    /// <exception cref="ArchiveException">The source is damaged, or a block that is kept is missing. What was written
    /// is no archive then.</exception>
    public async Task WriteAsync(Stream output, IProgress<ArchiveProgress>? progress, CancellationToken ct)
    {
        var start = output.CanSeek ? output.Position : 0;
        var foreseen = output.CanSeek ? null : Foreseen();
        if (foreseen is not null)
            After = After.WithOffsets(foreseen);
        await ArchiveWriter.WriteHeadAsync(After, output, ct);
        await BlocksAsync(output, foreseen, progress, ct);
        if (output.CanSeek)
        {
            After = After.WithOffsets(_offsets);
            var end = output.Position;
            output.Position = start;
            await ArchiveWriter.WriteHeadAsync(After, output, ct);
            output.Position = end;
        }

        await output.FlushAsync(ct);
    }

    /// <summary>Writes only what stands behind the head, for an output that takes its beginning last:
    /// <see cref="After"/> has the data offsets then, and its <see cref="HeadBytes"/> belong in front.</summary>
    /// <exception cref="ArchiveException">As for <see cref="WriteAsync"/>.</exception>
    public async Task WriteDataAsync(Stream output, IProgress<ArchiveProgress>? progress, CancellationToken ct)
    {
        await BlocksAsync(output, null, progress, ct);
        await output.FlushAsync(ct);
        After = After.WithOffsets(_offsets);
    }

    private async Task BlocksAsync(
        Stream output, Dictionary<int, long>? foreseen, IProgress<ArchiveProgress>? progress, CancellationToken ct)
    {
        var to = new BlockOutput(output, HeadBytes);
        var blocks = 0;
        var total = Before.Entries.Count(entry => entry.HasData);
        while (await _reader.NextBlockAsync(ct) is { } block)
        {
            progress?.Report(new(_reader.Position, ++blocks, total));
            var id = block.Entry.DumpId;
            if (!_wanted.Contains(id))
                continue;
            if (foreseen is not null && foreseen[id] != to.Position)
                throw ArchiveErrors.Corrupted(block.Offset, $"the data of {ArchiveErrors.Named(block.Entry)}",
                    "the block is not where the table of contents says");
            _offsets.Add(id, to.Position);
            await block.CopyAsync(to, () => progress?.Report(new(_reader.Position, blocks, total)),
                ReportEveryBytes, ct);
        }

        if (_offsets.Count < _wanted.Count)
        {
            var first = After.Entries.First(entry =>
                _wanted.Contains(entry.DumpId) && !_offsets.ContainsKey(entry.DumpId));
            throw ArchiveErrors.Truncated(_reader.Position, $"the data: there is none of {ArchiveErrors.Named(first)}");
        }

        await to.FlushAsync(ct);
    }

    /// <summary>Where the blocks will be, from where they are: an output that cannot go back needs that before the
    /// first block is read.</summary>
    /// <returns>Null when the source does not say where its blocks are.</returns>
    private Dictionary<int, long>? Foreseen()
    {
        var blocks = Before.Entries.Where(entry => entry.HasData).OrderBy(entry => entry.DataOffset).ToList();
        if (blocks.Exists(entry => entry.DataState != DataState.Set))
            return null;
        var places = new Dictionary<int, long>();
        var position = HeadBytes;
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
