using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>A database's contents at one moment, with a fingerprint that changes with every committed write to a
/// table.</summary>
/// <param name="Relations">Tables, views, sequences and foreign tables, by name.</param>
/// <param name="Rows">Of all tables; the server's estimate unless <paramref name="IsExact"/>.</param>
/// <param name="Fingerprint">Twelve hexadecimal digits.</param>
public sealed record DatabaseState(
    IReadOnlyList<string> Relations, int Tables, long Rows, bool IsExact, long LargeObjects, string Fingerprint)
{
    // Up to this size all rows are counted, in a few seconds. Above it, statistics are used.
    private const long ExactBytesMax = 1L << 30;

    // Per statement that counts.
    private const int TablesAtOnce = 100;

    private const int DigitsOfFingerprint = 12;

    private const string Listing = $"""
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), c.oid::text || ':' || c.relfilenode::text,
               coalesce(pg_catalog.pg_table_size(c.oid), 0),
               greatest(c.reltuples::bigint, pg_catalog.pg_stat_get_live_tuples(c.oid), 0),
               pg_catalog.concat_ws(':', pg_catalog.pg_stat_get_tuples_inserted(c.oid),
                   pg_catalog.pg_stat_get_tuples_updated(c.oid), pg_catalog.pg_stat_get_tuples_deleted(c.oid)),
               coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                   AND pg_catalog.has_table_privilege(c.oid, 'SELECT'), false)
        {ServerCatalog.UserRelations} AND c.relkind = 'r'
        ORDER BY 1
        """;

    // Inserts that use a sequence show here at once; statistics follow within ten seconds.
    private const string Sequences =
        "SELECT coalesce(pg_catalog.sum(last_value), 0)::text FROM pg_catalog.pg_sequences";

    public bool IsEmpty => Relations.Count == 0 && LargeObjects == 0;

    /// <summary><c>3 tables, 1,200 rows</c>.</summary>
    public string InWords => $"{Phrase.Count(Tables, "table")}, {(IsExact ? "" : "about ")}{Phrase.Count(Rows, "row")}"
        + (LargeObjects > 0 ? $", {Phrase.Count(LargeObjects, "large object")}" : "");

    /// <summary><c>2 tables, 1,200 rows (tables, views, sequences: 3): a, b, c</c>.</summary>
    public string Contents =>
        $"{InWords} (tables, views, sequences: {Relations.Count.ToString(CultureInfo.InvariantCulture)})"
        + (Relations.Count > 0 ? $": {Phrase.List(Relations)}" : "");

    public static async Task<DatabaseState> ReadAsync(PostgresSession session, CancellationToken ct)
    {
        var relations = await ServerCatalog.RelationsAsync(session, ct);
        var objects = await ServerCatalog.LargeObjectsAsync(session, ct);
        var tables = await session.RowsAsync(Listing, row => new Table(
            row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.GetBoolean(5)),
            ct);
        var text = new StringBuilder().AppendJoin('\n', relations).Append('\n').Append(objects);
        var isExact = tables.Sum(table => table.Bytes) <= ExactBytesMax && tables.All(table => table.Readable);
        var rows = isExact ? 0 : tables.Sum(table => table.Estimate);
        foreach (var some in isExact ? tables.Chunk(TablesAtOnce) : [])
        {
            var counted = await session.RowsAsync(CountSql(some), row => (row.GetInt64(0), row.GetString(1)), ct);
            foreach (var (count, writers) in counted)
            {
                rows += count;
                text.Append('\n').Append(count).Append('/').Append(writers);
            }
        }

        foreach (var table in tables)
            text.Append('\n').Append(table.Files).Append('/').Append(isExact ? "" : table.Writes);
        if (!isExact)
            text.Append('\n').Append(await session.ScalarAsync<string>(Sequences, ct));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        return new(relations, tables.Count, rows, isExact, objects, hash[..DigitsOfFingerprint]);
    }

    // Inserts and updates store their transaction ID in xmin, which freezing keeps. The count shows deletions. VACUUM
    // and ANALYZE change neither.
    private static string CountSql(IReadOnlyList<Table> tables)
    {
        const string counts = "SELECT pg_catalog.count(*), coalesce(pg_catalog.sum(xmin::text::bigint), 0)::text";
        var each = tables.Select((table, at) =>
            $"{counts}, {at.ToString(CultureInfo.InvariantCulture)} AS place FROM ONLY {table.Name}");
        return string.Join(" UNION ALL ", each) + " ORDER BY place";
    }

    private sealed record Table(string Name, string Files, long Bytes, long Estimate, string Writes, bool Readable);
}
