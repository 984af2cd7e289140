namespace Godwit.PgArchive;

/// <summary>Writes an archive with another table of contents, without the data of dropped entries. Data is copied
/// unchanged, whatever its compression. Can be used once, because the source is read forwards. Not thread-safe.
/// Disposes neither stream.</summary>
public sealed class ArchiveFilter
{
    // Progress is reported at least this often within a large table.
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

    /// <summary>The head of the new archive. Its data offsets are set after the data was written, or before if they
    /// could be computed.</summary>
    public ArchiveHead After { get; private set; }

    /// <summary>Bytes of the new head. The offsets do not change its length.</summary>
    public long HeadBytes { get; }

    /// <summary>Without data offsets, <c>pg_restore -j</c> has to search.</summary>
    public bool HasOffsets => After.Entries.All(entry => entry.DataState != DataState.NotSet);

    /// <summary>Reads the head of <paramref name="source"/> and prepares the new one.</summary>
    /// <param name="source">The archive begins at its current position. It need not be seekable.</param>
    /// <param name="edit">Makes the new head from the old one; see <see cref="ArchiveEdit"/>.</param>
    /// <param name="limits">Null for <see cref="ArchiveLimits.Default"/>.</param>
    /// <exception cref="ArchiveException">The source is not a readable archive.</exception>
    /// <exception cref="ArgumentException">The new head has another compression, or entries with data that the old one
    /// lacks.</exception>
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

    /// <summary>Writes the whole archive. It has data offsets if <paramref name="output"/> is seekable or the source
    /// has offsets.</summary>
    /// <param name="output">The archive begins at its current position.</param>
    /// <param name="progress">Called on the copying thread. Null: none.</param>
    /// <exception cref="ArchiveException">The source is damaged, or a kept block is missing. The output is then no
    /// valid archive.</exception>
    public async Task WriteAsync(Stream output, IProgress<ArchiveProgress>? progress, CancellationToken ct)
    {
        var start = output.CanSeek ? output.Position : 0;
        var offsets = output.CanSeek ? null : DataOffsets();
        if (offsets is not null)
            After = After.WithOffsets(offsets);
        await ArchiveWriter.WriteHeadAsync(After, output, ct);
        await BlocksAsync(output, offsets, progress, ct);
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

    /// <summary>Writes only the data, for an output whose beginning is written last. Afterwards <see cref="After"/> has
    /// the data offsets, and its head of <see cref="HeadBytes"/> belongs before the data. Throws as
    /// <see cref="WriteAsync"/> does.</summary>
    public async Task WriteDataAsync(Stream output, IProgress<ArchiveProgress>? progress, CancellationToken ct)
    {
        await BlocksAsync(output, null, progress, ct);
        await output.FlushAsync(ct);
        After = After.WithOffsets(_offsets);
    }

    private async Task BlocksAsync(
        Stream output, Dictionary<int, long>? offsets, IProgress<ArchiveProgress>? progress, CancellationToken ct)
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
            if (offsets is not null && offsets[id] != to.Position)
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

    // Computes the new offsets from the old ones: an output that is not seekable needs them before the first block is
    // read. Null: the source has none.
    private Dictionary<int, long>? DataOffsets()
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
