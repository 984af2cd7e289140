using System.Data.Common;
using Godwit.Postgres;

namespace Godwit.Verify.Views;

/// <summary>A view of the source, plain or materialized.</summary>
/// <param name="Schema">Quoted.</param>
/// <param name="Relation">The name without schema, quoted.</param>
/// <param name="Columns">Quoted, in order.</param>
/// <param name="Query"><c>pg_get_viewdef</c> with an empty search path: every relation has its schema, except the
/// system's.</param>
/// <param name="Reads">Views that it reads directly.</param>
internal sealed record ViewDefinition(
    string Schema, string Relation, bool IsMaterialized, IReadOnlyList<string> Columns, string Query,
    IReadOnlyList<string> Reads)
{
    private const string Reached = $"""
        {ViewReads.Sql},
        reach (oid) AS (
            SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'm' AND pg_catalog.format('%I.%I', n.nspname, c.relname) = $1
            UNION
            SELECT reads.read FROM reach JOIN reads ON reads.reader = reach.oid)
        SELECT pg_catalog.quote_ident(n.nspname), pg_catalog.quote_ident(c.relname), c.relkind = 'm',
               ARRAY(SELECT pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
               coalesce(pg_catalog.pg_get_viewdef(c.oid), ''),
               ARRAY(SELECT pg_catalog.format('%I.%I', rn.nspname, rc.relname)
                     FROM reads JOIN pg_catalog.pg_class rc ON rc.oid = reads.read
                          JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
                     WHERE reads.reader = c.oid ORDER BY 1)
        FROM reach JOIN pg_catalog.pg_class c ON c.oid = reach.oid
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        """;

    /// <summary>Quoted and qualified.</summary>
    public string Name => $"{Schema}.{Relation}";

    /// <summary>A materialized view and every view that it reads, directly or through others; by name.</summary>
    /// <param name="session">Its search path must be empty.</param>
    public static async Task<IReadOnlyDictionary<string, ViewDefinition>> ReachedAsync(
        PostgresSession session, string name, CancellationToken ct) =>
        (await session.RowsAsync(Reached, Read, ct, name)).ToDictionary(one => one.Name, StringComparer.Ordinal);

    private static ViewDefinition Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetFieldValue<string[]>(3), row.GetString(4),
        row.GetFieldValue<string[]>(5));
}
