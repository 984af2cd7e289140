using System.Data.Common;
using Godwit.Postgres;
using Godwit.Verify.Schema;

namespace Godwit.Verify.Rows;

/// <summary>A table that holds rows, on one side.</summary>
/// <param name="Name">Quoted as this server requires, and qualified.</param>
/// <param name="Bytes">With TOAST, without indexes.</param>
/// <param name="Pages">Without TOAST.</param>
/// <param name="IsHeap">The access method: row addresses are page numbers.</param>
/// <param name="Kind"><c>pg_class.relkind</c>.</param>
/// <param name="IsFilled">False: a materialized view that was never refreshed and cannot be read.</param>
/// <param name="Hindrance">A clause: why its rows cannot be read; null: they can.</param>
internal sealed record SideTable(
    string Name, long Bytes, long Pages, bool IsHeap, char Kind, bool IsFilled, string? Hindrance)
{
    public const char Foreign = 'f', MaterializedView = 'm';

    public IReadOnlyList<ColumnFacts> Columns { get; init; } = [];

    /// <summary>Of the primary key, else of another unique index; empty: neither exists.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>An SQL condition for the user's rows in an extension's configuration table. The other rows belong to
    /// the extension, and depend on its version.</summary>
    public string? Filter { get; init; }

    /// <summary>Columns in whose order the rows lie on disk, by the server's statistics.</summary>
    public IReadOnlySet<string> Ordering { get; init; } = new HashSet<string>();

    public bool IsInOrderOf(string column) => Ordering.Contains(column);

    /// <summary>The same on both sides. <see cref="Name"/> may differ: the words that a server quotes depend on its
    /// version.</summary>
    public string Title { get; } = SqlText.Plain.Normal(Name);

    /// <summary>All user tables, by title.</summary>
    /// <param name="isStandby">The server has no rows of unlogged tables.</param>
    public static async Task<IReadOnlyDictionary<string, SideTable>> FindAsync(
        PostgresSession session, bool isStandby, CancellationToken ct)
    {
        var tables = await session.RowsAsync(Tables, ReadTable, ct, isStandby);
        var columns = (await session.RowsAsync(ColumnsOfAll, ReadColumn, ct))
            .ToLookup(one => one.Table, one => one.Column);
        var keys = (await session.RowsAsync(Keys,
            row => (Table: row.GetFieldValue<uint>(0), Columns: row.GetFieldValue<string[]>(1)), ct))
            .ToDictionary(one => one.Table, one => one.Columns);
        var orderings = (await session.RowsAsync(Orderings, row => (Table: row.GetString(0), Column: row.GetString(1)),
            ct)).ToLookup(one => one.Table, one => one.Column);
        return tables.ToDictionary(one => one.Table.Title, one => one.Table with
        {
            Columns = [.. columns[one.Oid]],
            Key = keys.GetValueOrDefault(one.Oid) ?? [],
            Ordering = orderings[one.Table.Name].ToHashSet(StringComparer.Ordinal),
        });
    }

    // With rows; no system, extension or temporary ones.
    private const string Relations = """
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
            AND c.relkind IN ('r', 'm', 'f')
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                              AND d.deptype = 'e'
                            AND NOT EXISTS (SELECT FROM pg_catalog.pg_extension e
                                WHERE e.oid = d.refobjid AND c.oid = ANY(e.extconfig)))
        """;

    private const string Tables = $"""
        SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.pg_table_size(c.oid),
               pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::bigint,
               coalesce((SELECT am.amname = 'heap' FROM pg_catalog.pg_am am WHERE am.oid = c.relam), false),
               c.relkind::text, c.relkind <> 'm' OR c.relispopulated,
               CASE WHEN NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                   THEN pg_catalog.format('the role %I may not use the schema %I', current_user, n.nspname)
                    WHEN NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')
                        THEN pg_catalog.format('the role %I may not read it', current_user)
                    WHEN c.relpersistence = 'u' AND $1 THEN 'a standby has no rows of it: it is unlogged'
                    WHEN pg_catalog.row_security_active(c.oid)
                        THEN pg_catalog.format('its policies hide rows from the role %I', current_user) END,
               (SELECT nullif(pg_catalog.regexp_replace(config.condition, '^\s*WHERE\s', '', 'i'), '')
                FROM pg_catalog.pg_extension, unnest(extconfig, extcondition) AS config(relation, condition)
                WHERE config.relation = c.oid LIMIT 1)
        {Relations}
        """;

    // format_type with -1 names a type without length: a cast to character would mean character(1), and one to bit,
    // bit(1). Virtual columns of PostgreSQL 18 are computed on reading, on both sides.
    private const string ColumnsOfAll = $"""
        WITH RECURSIVE made_of (oid, base) AS (
            SELECT oid, oid FROM pg_catalog.pg_type WHERE typtype <> 'd'
            UNION ALL
            SELECT t.oid, made_of.base FROM pg_catalog.pg_type t JOIN made_of ON made_of.oid = t.typbasetype
            WHERE t.typtype = 'd')
        SELECT a.attrelid, a.attname, pg_catalog.format_type(b.oid, -1), b.oid, b.typtype::text,
               CASE WHEN b.typlen = -1 THEN b.typelem ELSE 0 END, a.atttypid <> b.oid,
               coalesce((SELECT l.collisdeterministic FROM pg_catalog.pg_collation l
                   WHERE l.oid = a.attcollation), true),
               CASE WHEN b.typsend <> 0 AND pg_catalog.has_function_privilege(b.typsend, 'EXECUTE')
                   THEN pg_catalog.format('%I.%I', sn.nspname, s.proname) END
        FROM pg_catalog.pg_attribute a JOIN made_of ON made_of.oid = a.atttypid
             JOIN pg_catalog.pg_type b ON b.oid = made_of.base
             LEFT JOIN pg_catalog.pg_proc s ON s.oid = b.typsend
             LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.pronamespace
        WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid IN (SELECT c.oid {Relations})
        ORDER BY a.attrelid, a.attnum
        """;

    private const string Keys = $"""
        SELECT DISTINCT ON (i.indrelid) i.indrelid, ARRAY(
            SELECT a.attname::text FROM pg_catalog.unnest(i.indkey) WITH ORDINALITY k (attnum, at)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE k.at <= i.indnkeyatts ORDER BY k.at)
        FROM pg_catalog.pg_index i
        WHERE i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
            AND i.indrelid IN (SELECT c.oid {Relations})
          AND NOT EXISTS (SELECT FROM pg_catalog.unnest(i.indkey) WITH ORDINALITY k (attnum, at)
                              JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                          WHERE k.at <= i.indnkeyatts AND NOT a.attnotnull)
        ORDER BY i.indrelid, i.indisprimary DESC, i.indnkeyatts, i.indexrelid
        """;

    // 1: the rows lie in ascending order of the column.
    private const string Orderings = "SELECT pg_catalog.format('%I.%I', schemaname, tablename), attname "
        + "FROM pg_catalog.pg_stats WHERE correlation > 0.9 AND NOT inherited";

    private static (uint Oid, SideTable Table) ReadTable(DbDataReader row) => (row.GetFieldValue<uint>(0), new(
        row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetBoolean(4), row.GetString(5)[0], row.GetBoolean(6),
        row.IsDBNull(7) ? null : row.GetString(7))
    { Filter = row.IsDBNull(8) ? null : row.GetString(8) });

    private static (uint Table, ColumnFacts Column) ReadColumn(DbDataReader row) => (row.GetFieldValue<uint>(0), new(
        row.GetString(1), row.GetString(2), row.GetFieldValue<uint>(3), row.GetString(4)[0], row.GetFieldValue<uint>(5),
        row.GetBoolean(6), row.GetBoolean(7), row.IsDBNull(8) ? null : row.GetString(8)));
}
