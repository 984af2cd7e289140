// PgArchive: reads, checks, edits and writes archives in pg_dump's custom format (pg_dump -Fc).
//
// An archive is a header, a table of contents, and a data block for each table and for the large objects, in that
// order. So it can be read forwards from a pipe without holding it all in memory. Texts are bytes in the database's
// encoding and stay unchanged: reading and writing an archive gives the same file. Claimed sizes are limited, and every
// problem becomes one ArchiveException with its offset. This library knows no database, no network and no other room.
//
// The format is documented only by PostgreSQL's source:
// https://github.com/postgres/postgres/tree/master/src/bin/pg_dump
namespace Godwit.PgArchive;

/// <summary>Reads an archive forwards. Not thread-safe. The caller disposes the stream.</summary>
public sealed class ArchiveReader
{
    private readonly ArchiveInput _input;
    private readonly Dictionary<int, long> _places = [];
    private readonly Lazy<Dictionary<int, TocEntry>> _entries;
    private ArchiveBlock? _block;

    private ArchiveReader(ArchiveInput input, ArchiveHead head, Lazy<Dictionary<int, TocEntry>>? entries) =>
        (_input, Head, _entries) =
            (input, head,
                entries ?? new(() => head.Entries.Where(entry => entry.HasData).ToDictionary(entry => entry.DumpId)));

    /// <summary>The header and the table of contents.</summary>
    public ArchiveHead Head { get; }

    /// <summary>The next byte, counted from the start of the archive.</summary>
    public long Position => _input.Position;

    /// <summary>The table of contents follows the data a second time. pg_dump 16 and newer write it when their output
    /// is redirected (<c>pg_dump -Fc &gt; FILE</c>): they try to fill in the offsets at the start, and fail. pg_restore
    /// never reads it. Known at the end.</summary>
    public bool HasSecondToc { get; private set; }

    /// <summary>Reads the header and the table of contents, up to the data.</summary>
    /// <param name="source">The archive begins at its current position. Up to 64 KiB are buffered ahead, so only this
    /// reader can read on.</param>
    /// <param name="limits">Null for <see cref="ArchiveLimits.Default"/>.</param>
    /// <exception cref="ArchiveException">The source is not a readable archive.</exception>
    public static async Task<ArchiveReader> OpenAsync(Stream source, ArchiveLimits? limits, CancellationToken ct)
    {
        var input = new ArchiveInput(source);
        return new(input, await new HeadReader(input, limits ?? ArchiveLimits.Default).ReadAsync(ct), null);
    }

    /// <summary>Reads the header and the table of contents only.</summary>
    /// <param name="source">The archive begins at its current position. A seekable stream is left exactly after the
    /// table of contents. From others up to 64 KiB more are lost: to read the data too, use
    /// <see cref="OpenAsync"/>.</param>
    /// <param name="limits">Null for <see cref="ArchiveLimits.Default"/>.</param>
    /// <exception cref="ArchiveException">The source is not a readable archive.</exception>
    public static async Task<ArchiveHead> ReadHeadAsync(Stream source, ArchiveLimits? limits, CancellationToken ct)
    {
        var start = source.CanSeek ? source.Position : 0;
        var reader = await OpenAsync(source, limits, ct);
        if (source.CanSeek)
            source.Position = start + reader.Head.LengthBytes;
        return reader.Head;
    }

    /// <summary>Another reader of the same archive, which may read at the same time.</summary>
    /// <param name="source">Positioned at a data block; it may end after any block.</param>
    /// <param name="offset">The stream's position in the archive, in bytes.</param>
    public ArchiveReader At(Stream source, long offset) => new(new ArchiveInput(source, offset), Head, _entries);

    /// <summary>The next block of data; null at the end: <see cref="ArchiveCheck"/> reports missing ones. Unread data
    /// of the block before is skipped and not checked.</summary>
    /// <exception cref="ArchiveException">No block begins here, or the table of contents does not announce it, or it is
    /// a duplicate.</exception>
    public async Task<ArchiveBlock?> NextBlockAsync(CancellationToken ct)
    {
        if (_block is not null)
            await _block.EndAsync(ct);
        _block = null;
        _input.Inside = () => "the data";
        var at = _input.Position;
        if (await _input.FillAsync(1, ct) == 0)
            return null;
        var type = _input.Buffered[0];
        if (type == 0)
        {
            await _input.RequireAsync(ArchiveInput.IntegerBytes, ct);
            HasSecondToc = await SecondToc.TakeAsync(_input, Head, _places, ct);
            if (HasSecondToc)
                return null;
        }

        if (type is not (ArchiveBlock.TableData or ArchiveBlock.LargeObjects))
        {
            throw ArchiveErrors.Corrupted(at, _input.Inside(), _places.Count == Head.Entries.Count(one => one.HasData)
                ? "more bytes stand behind the last block, where the archive should end"
                : $"a block should begin, and {type} is no kind of block");
        }

        await _input.RequireAsync(1 + ArchiveInput.IntegerBytes, ct);
        _input.Take(1);
        var entry = Announced(at, await _input.IntegerAsync(ct));
        var holdsLargeObjects = type == ArchiveBlock.LargeObjects;
        _input.Inside = () => $"the data of {ArchiveErrors.Named(entry)}";
        if (entry.Is("BLOBS"u8) != holdsLargeObjects)
            throw ArchiveErrors.Corrupted(at, _input.Inside(),
                holdsLargeObjects ? "the block holds large objects" : "the block holds no large objects");
        return _block = new ArchiveBlock(_input, Head.Header.Compression, entry, holdsLargeObjects, at);
    }

    private TocEntry Announced(long at, int dumpId)
    {
        if (!_entries.Value.TryGetValue(dumpId, out var entry))
            throw ArchiveErrors.Corrupted(at, _input.Inside(),
                $"a block belongs to entry {dumpId}, and the table of contents has no such entry with data");
        return _places.TryAdd(dumpId, at) ? entry : throw ArchiveErrors.Corrupted(at, _input.Inside(),
            $"there is a second block of {ArchiveErrors.Named(entry)}");
    }
}
