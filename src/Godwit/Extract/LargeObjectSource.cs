using System.Data.Common;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract;

internal static class LargeObjectSource
{
    /// <summary>Bytes per request: one value in the server's memory and in ours.</summary>
    public const int PieceBytes = 256 * 1024;

    // INV_READ of PostgreSQL's libpq/libpq-fs.h.
    private const int ForReading = 0x40000;

    /// <summary>Up to pg_dump 16 one entry holds all objects, ordered by OID. From 17 on each entry depends on metadata
    /// entries, which list its objects.</summary>
    public static async Task<IReadOnlyList<(TocEntry Entry, uint[] Oids)>> FindAsync(
        ArchiveHead head, PostgresSession session, CancellationToken ct)
    {
        var entries = head.Entries.Where(entry => entry.HasData && entry.Is("BLOBS"u8)).ToList();
        if (entries.Count == 0)
            return [];
        var listed = head.Entries.Where(entry => entry.Is("BLOB METADATA"u8)).ToDictionary(entry => entry.DumpId);
        if (listed.Count == 0)
        {
            if (entries.Count > 1)
                throw new FaultException(ExtractFaults.ContentsNotUnderstood("This pg_dump",
                    $"{entries.Count} entries of large objects without lists"));
            var all = await session.RowsAsync("SELECT oid FROM pg_catalog.pg_largeobject_metadata ORDER BY oid",
                row => row.GetFieldValue<uint>(0), ct);
            return [(entries[0], [.. all])];
        }

        return [.. entries.Select(entry => (entry, Listed(entry, listed)))];
    }

    /// <summary>Lengths in bytes, in the order of <paramref name="oids"/>.</summary>
    public static Task<IReadOnlyList<long>> LengthsAsync(PostgresSession session, uint[] oids, CancellationToken ct) =>
        // Opens, measures and closes each object in one row: columns are computed from left to right, and OFFSET keeps
        // lo_open from a second call.
        session.RowsAsync($"""
            SELECT pg_catalog.lo_lseek64(fd, 0, 2), pg_catalog.lo_close(fd)
            FROM (SELECT n, pg_catalog.lo_open(oid, {ForReading}) AS fd
                FROM unnest($1) WITH ORDINALITY AS o(oid, n) OFFSET 0) opened ORDER BY n
            """, row => row.GetInt64(0), ct, oids);

    /// <summary>In pieces, object after object.</summary>
    /// <param name="take">Gets the index in <paramref name="oids"/> and the row, whose second column is the
    /// piece.</param>
    public static Task ReadAsync(
        PostgresSession session, uint[] oids, IReadOnlyList<long> lengths, Func<int, DbDataReader, Task> take,
        CancellationToken ct) =>
        session.EachRowAsync($"""
            SELECT n, pg_catalog.lo_get(oid, at, {PieceBytes})
            FROM (SELECT n::int, oid, at FROM unnest($1, $2) WITH ORDINALITY AS o(oid, length, n),
                generate_series(0, length - 1, {PieceBytes}) AS at
                  ORDER BY n, at) pieces
            """, row => take(row.GetInt32(0) - 1, row), ct, oids, lengths.ToArray());

    private static uint[] Listed(TocEntry entry, Dictionary<int, TocEntry> metadata)
    {
        uint[] oids = [.. entry.Dependencies.Where(metadata.ContainsKey).SelectMany(id => Parse(metadata[id]))];
        return oids.Length > 0 ? oids
            : throw new FaultException(ExtractFaults.ContentsNotUnderstood("This pg_dump",
                $"an entry of large objects without a list: {entry.Tag}"));
    }

    private static IEnumerable<uint> Parse(TocEntry metadata) =>
        (metadata.Definition?.ToString() ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => uint.TryParse(line, out var oid) ? oid
                : throw new FaultException(ExtractFaults.ContentsNotUnderstood("This pg_dump",
                    $"'{line}' in the list of large objects {metadata.Tag}")));
}
