namespace Godwit.PgArchive;

/// <summary>A block of an archive's data: one table's data, or large objects. Valid until the next is read.</summary>
public sealed class ArchiveBlock
{
    internal const byte TableData = 1;
    internal const byte LargeObjects = 3;

    private readonly ArchiveInput _input;
    private readonly ArchiveCompression _compression;
    private ArchiveData? _data;
    private bool _ended;

    internal ArchiveBlock(
        ArchiveInput input, ArchiveCompression compression, TocEntry entry, bool holdsLargeObjects, long offset)
    {
        _input = input;
        _compression = compression;
        (Entry, HoldsLargeObjects, Offset) = (entry, holdsLargeObjects, offset);
    }

    /// <summary>The entry that the data belongs to.</summary>
    public TocEntry Entry { get; }

    /// <summary>True: any number of large objects; false: one table.</summary>
    public bool HoldsLargeObjects { get; }

    /// <summary>Start of the block, in bytes from the start of the archive; should equal
    /// <see cref="TocEntry.DataOffset"/>.</summary>
    public long Offset { get; }

    /// <summary>The next table or large object of the block; null: no more. Unread data of the one before is skipped
    /// and not checked.</summary>
    /// <exception cref="ArchiveException">The archive is damaged here.</exception>
    public async Task<ArchiveData?> NextAsync(CancellationToken ct) =>
        await NextPiecesAsync(ct) is var (oid, pieces) ? _data = new ArchiveData(oid, pieces, _compression) : null;

    private async Task<(uint Oid, Pieces Pieces)?> NextPiecesAsync(CancellationToken ct)
    {
        var isFirst = _data is null;
        if (_data is not null)
            await _data.EndAsync(ct);
        if (_ended)
            return null;
        if (!HoldsLargeObjects)
        {
            _ended = !isFirst;
            return isFirst ? (0, new Pieces(_input)) : null;
        }

        // An OID is unsigned but stored as a signed integer.
        var oid = unchecked((uint)await _input.IntegerAsync(ct));
        _ended = oid == 0;
        return _ended ? null : (oid, new Pieces(_input));
    }

    internal async Task EndAsync(CancellationToken ct)
    {
        while (await NextPiecesAsync(ct) is var (oid, pieces))
            _data = new ArchiveData(oid, pieces, ArchiveCompression.None);
    }

    /// <summary>Copies the block unchanged, whatever its compression.</summary>
    internal async Task CopyAsync(BlockOutput output, Action report, long reportEveryBytes, CancellationToken ct)
    {
        var reported = output.Position;
        await output.ByteAsync(HoldsLargeObjects ? LargeObjects : TableData, ct);
        await output.IntegerAsync(Entry.DumpId, ct);
        while (await NextPiecesAsync(ct) is var (oid, pieces))
        {
            if (HoldsLargeObjects)
                await output.IntegerAsync(unchecked((int)oid), ct);
            while (await pieces.LeftAsync(ct) is > 0 and var left)
            {
                await output.IntegerAsync(left, ct);
                await output.BytesAsync(pieces, left, ct);
                if (output.Position - reported < reportEveryBytes)
                    continue;
                reported = output.Position;
                report();
            }

            await output.IntegerAsync(0, ct);
            _data = new ArchiveData(oid, pieces, ArchiveCompression.None);
        }

        if (HoldsLargeObjects)
            await output.IntegerAsync(0, ct);
    }
}

#pragma warning disable CA1001 // The block ends its data when the next is asked for: a caller disposes nothing.
/// <summary>One table's data, or one large object. Valid until the next is read.</summary>
public sealed class ArchiveData
{
    private readonly Pieces _pieces;
    private readonly ContentStream _content;

    internal ArchiveData(uint largeObject, Pieces pieces, ArchiveCompression compression)
    {
        _pieces = pieces;
        _content = new ContentStream(pieces, compression);
        LargeObject = largeObject;
    }

    /// <summary>OID of the large object; 0 for a table's data.</summary>
    public uint LargeObject { get; }

    /// <summary>The decompressed data. A table's data is the lines of COPY, then <c>\.</c> and two empty lines. Can
    /// only be read asynchronously, and need not be disposed. Reading to the end proves that the data is complete;
    /// damage is an <see cref="ArchiveException"/>.</summary>
    public Stream Content => _content;

    /// <summary>Bytes of the archive read for this data.</summary>
    public long CompressedBytes => _pieces.Bytes;

    /// <summary>Bytes that <see cref="Content"/> has given.</summary>
    public long UncompressedBytes => _content.Bytes;

    internal async Task EndAsync(CancellationToken ct)
    {
        await _content.DisposeAsync();
        await _pieces.SkipAsync(ct);
    }
}
