using System.Globalization;
using Godwit.Extract;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Divides a table by the values of a unique key: before PostgreSQL 14 a server reads the whole table for each
/// range of pages.</summary>
internal static class KeyRanges
{
    // Correlation of key and disk order. Below it a range's rows lie everywhere, and reading it means reading the whole
    // table.
    private const double OrderMin = 0.8;

    // Sampled pages per part; sizes of parts then differ by some percent.
    private const int PagesOfPart = 100;

    // Keys whose type has an exact text form and PostgreSQL's own ordering, independent of the search path. Keys with
    // the fewest columns come first, because their first column is the most selective.
    private const string Keys = """
        SELECT pg_catalog.format('%I', a.attname), a.attnotnull
        FROM pg_catalog.pg_index i
             JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
             JOIN pg_catalog.pg_am m ON m.oid = c.relam AND m.amname = 'btree'
             JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
             JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                 AND (t.typtype = 'e' OR coalesce(nullif(t.typbasetype, 0), t.oid) = ANY(ARRAY[
                 'int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'text', 'varchar', 'bpchar', 'uuid', 'bytea',
                     'date', 'timestamp', 'timestamptz', 'time', 'inet'
                 ]::pg_catalog.regtype[]::pg_catalog.oid[]))
             JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[0] AND o.opcdefault
                 AND o.opcnamespace = 'pg_catalog'::pg_catalog.regnamespace
        WHERE i.indrelid = ANY($1) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
            AND i.indcollation[0] = a.attcollation
        ORDER BY i.indnkeyatts, i.indisprimary DESC, i.indexrelid LIMIT 1
        """;

    /// <returns>Conditions of which each row meets exactly one; a single empty one: the table has no such
    /// key.</returns>
    /// <param name="source">Shares the snapshot.</param>
    /// <param name="jobs">The number of readers: more parts gain nothing if each reads the whole table.</param>
    public static async Task<TableParts> DivideAsync(
        PostgresSession source, TableSource table, long count, int jobs, CancellationToken ct)
    {
        if ((await source.RowsAsync(Keys, row => (Name: row.GetString(0), IsNeverNull: row.GetBoolean(1)), ct,
            new[] { table.Oid })) is not [var key])
            return TableParts.Whole;
        var percent = Math.Min(100.0, 100.0 * PagesOfPart * count / Math.Max(1, table.HeapPages));
        var sample = string.Create(CultureInfo.InvariantCulture,
            $"(SELECT {key.Name} AS key, ctid AS place FROM ONLY {table.Name} TABLESAMPLE SYSTEM ({percent:F6}) "
            + $"REPEATABLE (1) WHERE {key.Name} IS NOT NULL) AS sample");
        var order = await source.ScalarAsync<double>($"""
            SELECT coalesce(pg_catalog.abs(pg_catalog.corr(by_place, by_key)), 0)
            FROM (SELECT pg_catalog.row_number() OVER (ORDER BY place) AS by_place,
                pg_catalog.row_number() OVER (ORDER BY key) AS by_key FROM {sample}) AS ranked
            """, ct);
        var parts = order >= OrderMin ? count : Math.Min(count, jobs);
        var fractions = string.Join(", ", Enumerable.Range(1, (int)parts - 1)
            .Select(at => string.Create(CultureInfo.InvariantCulture, $"{(double)at / parts:F9}")));
        var bounds = fractions.Length == 0 ? [] : await source.RowsAsync($"""
            SELECT bound::text FROM (SELECT DISTINCT pg_catalog.unnest(pg_catalog.percentile_disc(ARRAY[{fractions}])
                WITHIN GROUP (ORDER BY key)) AS bound FROM {sample}) AS bounds
            WHERE bound IS NOT NULL ORDER BY bounds.bound
            """, row => Literal(row.GetString(0)), ct);
        return bounds.Count == 0 ? TableParts.Whole : new([.. Conditions(key.Name, bounds, key.IsNeverNull)]);
    }

    private static IEnumerable<string> Conditions(string key, IReadOnlyList<string> bounds, bool isNeverNull)
    {
        yield return $"{key} < {bounds[0]}{(isNeverNull ? "" : $" OR {key} IS NULL")}";
        for (var at = 1; at < bounds.Count; at++)
            yield return $"{key} >= {bounds[at - 1]} AND {key} < {bounds[at]}";
        yield return $"{key} >= {bounds[^1]}";
    }

    // Means the same with any standard_conforming_strings.
    private static string Literal(string text) =>
        $"E'{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
