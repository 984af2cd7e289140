// PgArchive: reads, checks, edits and writes archives in pg_dump's custom format (pg_dump -Fc).
//
// An archive is a header, a table of contents, and one block of data per table and for the large objects,
// in that order; so it can be read forwards, from a pipe, without ever being held as a whole. Texts are
// bytes in the database's own encoding and stay as they are: what is read and written again unchanged is the
// same file. Nothing an archive says of itself is believed beyond a limit, and whatever is wrong with it
// becomes one ArchiveException with the offset. Nothing here knows a database, a network or another room.
//
// The format is nowhere written down but in PostgreSQL's own programs:
// https://github.com/postgres/postgres/tree/master/src/bin/pg_dump
namespace Godwit.PgArchive;

/// <summary>Reads an archive forwards.</summary>
/// <remarks>Not thread-safe. It does not dispose the stream: whoever opened it does.</remarks>
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

    /// <summary>Where reading is, in bytes from the start of the archive.</summary>
    public long Position => _input.Position;

    /// <summary>Whether the table of contents stood a second time behind the data. pg_dump 16 and newer write it there
    /// when their output was redirected (<c>pg_dump -Fc &gt; FILE</c>): they mean to go back and fill in the offsets,
    /// and do not. pg_restore never looks there. Known at the end.</summary>
    public bool HasSecondToc { get; private set; }

    /// <summary>Reads the header and the table of contents, and stands before the data.</summary>
    /// <param name="source">Begins with the archive where it stands. It is read through a buffer, up to 64 KiB ahead;
    /// only this reader can go on from here.</param>
    /// <param name="limits">What of the archive's own words is believed; null for
    /// <see cref="ArchiveLimits.Default"/>.</param>
    /// <exception cref="ArchiveException">It is no archive that can be read.</exception>
    public static async Task<ArchiveReader> OpenAsync(Stream source, ArchiveLimits? limits, CancellationToken ct)
    {
        var input = new ArchiveInput(source);
        return new(input, await new HeadReader(input, limits ?? ArchiveLimits.Default).ReadAsync(ct), null);
    }

    /// <summary>Reads the header and the table of contents only.</summary>
    /// <param name="source">Begins with the archive where it stands. One that can seek is left exactly behind the table
    /// of contents. From one that cannot, up to 64 KiB more are taken and lost: to go on with the data, use
    /// <see cref="OpenAsync"/>.</param>
    /// <param name="limits">What of the archive's own words is believed; null for
    /// <see cref="ArchiveLimits.Default"/>.</param>
    /// <exception cref="ArchiveException">It is no archive that can be read.</exception>
    public static async Task<ArchiveHead> ReadHeadAsync(Stream source, ArchiveLimits? limits, CancellationToken ct)
    {
        var start = source.CanSeek ? source.Position : 0;
        var reader = await OpenAsync(source, limits, ct);
        if (source.CanSeek)
            source.Position = start + reader.Head.LengthBytes;
        return reader.Head;
    }

    /// <summary>Another reader of the same archive, which may read at the same time.</summary>
    /// <param name="source">Stands at a block of data; it may end behind any block.</param>
    /// <param name="offset">Where in the archive the stream stands, in bytes.</param>
    public ArchiveReader At(Stream source, long offset) => new(new ArchiveInput(source, offset), Head, _entries);

    /// <summary>The next block of data. What was not read of the one before is passed over, and not checked.</summary>
    /// <returns>Null at the end of the archive. Whether a block is missing there, <see cref="ArchiveCheck"/>
    /// says.</returns>
    /// <exception cref="ArchiveException">There is no block here, or it is none the table of contents announces, or it
    /// is there a second time.</exception>
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
