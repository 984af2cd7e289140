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

    private ArchiveReader(ArchiveInput input, ArchiveHead head) => (_input, Head) = (input, head);

    /// <summary>The header and the table of contents.</summary>
    public ArchiveHead Head { get; }

    /// <summary>Where reading is, in bytes from the start of the archive.</summary>
    public long Position => _input.Position;

    /// <summary>Reads the header and the table of contents, and stands before the data.</summary>
    /// <param name="source">Begins with the archive where it stands. It is read through a buffer, up to 64 KiB ahead; only this reader can go on from here.</param>
    /// <param name="limits">What of the archive's own words is believed; null for <see cref="ArchiveLimits.Default"/>.</param>
    /// <exception cref="ArchiveException">It is no archive that can be read.</exception>
    public static async Task<ArchiveReader> OpenAsync(Stream source, ArchiveLimits? limits, CancellationToken ct)
    {
        var input = new ArchiveInput(source);
        return new(input, await new HeadReader(input, limits ?? ArchiveLimits.Default).ReadAsync(ct));
    }

    /// <summary>Reads the header and the table of contents only.</summary>
    /// <param name="source">Begins with the archive where it stands. One that can seek is left exactly behind the table of contents. From one that cannot,
    /// up to 64 KiB more are taken and lost: to go on with the data, use <see cref="OpenAsync"/>.</param>
    /// <param name="limits">What of the archive's own words is believed; null for <see cref="ArchiveLimits.Default"/>.</param>
    /// <exception cref="ArchiveException">It is no archive that can be read.</exception>
    public static async Task<ArchiveHead> ReadHeadAsync(Stream source, ArchiveLimits? limits, CancellationToken ct)
    {
        var start = source.CanSeek ? source.Position : 0;
        var reader = await OpenAsync(source, limits, ct);
        if (source.CanSeek)
            source.Position = start + reader.Head.LengthBytes;
        return reader.Head;
    }
}
