using System.Data.Common;
using System.Globalization;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Rows;

/// <summary>Expressions of constraints, indexes and generated columns that call user functions. A restore evaluates
/// them for every row with an empty search_path: a function that names a table without its schema fails, although it
/// works for the application.</summary>
internal static class ExpressionProbes
{
    // Leaves out functions of extensions.
    private const string Called = """
        WITH called AS MATERIALIZED (
            SELECT d.classid, d.objid, d.objsubid, pg_catalog.array_agg(DISTINCT p.oid) AS functions,
                   pg_catalog.bool_or(l.lanname IN ('sql', 'plpgsql') AND p.prosrc ~* '\m(from|join)\M') AS reads,
                   pg_catalog.bool_and(pg_catalog.has_function_privilege(p.oid, 'EXECUTE')) AS callable,
                   -- What somebody else wrote would do whatever it likes with a superuser's rights, also where
                    -- the transaction is read-only.
                   pg_catalog.bool_or(me.rolsuper AND NOT owner.rolsuper) AS is_foreign
            FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_proc p ON p.oid = d.refobjid
                 JOIN pg_catalog.pg_language l ON l.oid = p.prolang
                 JOIN pg_catalog.pg_roles owner ON owner.oid = p.proowner
                 JOIN pg_catalog.pg_roles me ON me.rolname = current_user
            WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
              AND d.classid IN ('pg_catalog.pg_constraint'::pg_catalog.regclass,
                  'pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_attrdef'::pg_catalog.regclass)
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
                  WHERE e.classid = d.refclassid AND e.objid = p.oid AND e.deptype = 'e')
            GROUP BY d.classid, d.objid, d.objsubid)
        """;

    // A constraint is violated where it is false. For indexes and columns only errors matter: their count is always 0.
    // Reading a table's size waits for locks, so only tables with such expressions are asked.
    private const string Expressions = $"""
        {Called}, own AS (
            SELECT c.oid, k.conname AS name, c.relkind = 'p'
                OR NOT k.connoinherit AS with_children, 'count(*)' AS answer,
                   pg_catalog.format('NOT (%s)', pg_catalog.pg_get_expr(k.conbin, k.conrelid)) AS condition,
                       f.functions, f.callable, f.is_foreign
            FROM called f JOIN pg_catalog.pg_constraint k ON f.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
                AND k.oid = f.objid
                 JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
            WHERE k.contype = 'c' AND k.convalidated AND k.coninhcount = 0
            UNION ALL
            SELECT x.indrelid, i.relname, false, '0 * count(*)',
                   pg_catalog.concat_ws(' AND ', pg_catalog.pg_get_expr(x.indpred, x.indrelid),
                       (SELECT pg_catalog.format('(%s)', pg_catalog.string_agg(pg_catalog.format('(%s) IS NULL',
                           pg_catalog.pg_get_indexdef(x.indexrelid, g, false)), ' OR '))
                        FROM pg_catalog.generate_series(1, x.indnkeyatts::integer) g WHERE x.indkey[g - 1] = 0
                        HAVING count(*) > 0)), f.functions, f.callable, f.is_foreign
            FROM called f JOIN pg_catalog.pg_index x ON f.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                AND x.indexrelid = f.objid
                 JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
            WHERE x.indisvalid AND i.relkind = 'i'
            UNION ALL
            SELECT a.attrelid, a.attname, false, '0 * count(*)', pg_catalog.format('(%s) IS NULL',
                pg_catalog.pg_get_expr(e.adbin, e.adrelid)), f.functions, f.callable, f.is_foreign
            FROM called f JOIN pg_catalog.pg_attrdef e ON (f.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
                AND e.oid = f.objid)
                      -- Before 15 the column itself depends on them.
                      OR (f.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.adrelid = f.objid
                          AND e.adnum = f.objsubid)
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = e.adrelid AND a.attnum = e.adnum
            WHERE a.attgenerated = 's')
        SELECT pg_catalog.format('%I.%I (%I)', n.nspname, c.relname, o.name),
               pg_catalog.format('%s%I.%I', CASE WHEN o.with_children THEN '' ELSE 'ONLY ' END, n.nspname, c.relname),
                   o.answer, o.condition,
               (SELECT pg_catalog.string_agg(pg_catalog.format('ALTER FUNCTION %s SET search_path = %s',
                   p.oid::pg_catalog.regprocedure, $1), E';\n' ORDER BY p.oid)
                FROM pg_catalog.pg_proc p WHERE p.oid = ANY (o.functions)
                    AND NOT coalesce(pg_catalog.array_to_string(p.proconfig, ' '), '') ~ 'search_path='),
               pg_catalog.pg_relation_size(c.oid),
               o.callable AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                   AND pg_catalog.has_table_privilege(c.oid, 'SELECT'), o.is_foreign
        FROM own o JOIN pg_catalog.pg_class c ON c.oid = o.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'm') AND c.relispopulated
            AND (c.relkind = 'p' OR pg_catalog.pg_relation_size(o.oid) > 0) AND {Wording.IsOwn}
        ORDER BY 1
        """;

    // Guessed from the function's text: the catalog does not say it.
    private const string Reading = $"""
        {Called}
        SELECT pg_catalog.format('%I.%I (%I)', n.nspname, c.relname, k.conname),
               pg_catalog.format('ALTER TABLE %I.%I DROP CONSTRAINT %I, ADD CONSTRAINT %I %s NOT VALID', n.nspname,
                   c.relname, k.conname, k.conname, pg_catalog.pg_get_constraintdef(k.oid))
        FROM called f JOIN pg_catalog.pg_constraint k ON f.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
            AND k.oid = f.objid
             JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE f.reads AND k.contype = 'c' AND k.convalidated AND k.coninhcount = 0 AND {Wording.IsOwn}
        ORDER BY 1
        """;

    public static async Task<IReadOnlyList<RowProbe>> FindAsync(PostgresSession source, CancellationToken ct)
    {
        // The reset value: the session's own search_path makes the server qualify names.
        var path = await source.ScalarAsync<string>(
            "SELECT coalesce(nullif(pg_catalog.replace(reset_val, '\"$user\", ', ''), ''), 'pg_catalog') "
            + "FROM pg_catalog.pg_settings WHERE name = 'search_path'", ct);
        return await source.RowsAsync(Expressions, Read, ct, path!);
    }

    /// <summary>Constraints whose functions read tables, with statements that make a restore add them after the
    /// rows.</summary>
    public static Task<IReadOnlyList<(string Shown, string Repair)>> ReadingAsync(
        PostgresSession source, CancellationToken ct) =>
        source.RowsAsync(Reading, row => (row.GetString(0), row.GetString(1)), ct);

    private static RowProbe Read(DbDataReader row)
    {
        var (table, answer, condition, bytes) = (row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(5));
        return new(ProbeKind.Expressions, row.GetString(0), $"SELECT {answer} FROM {table} WHERE {condition}",
            bytes > RowProbes.SampleFromBytes ? $"SELECT {answer} FROM {table} TABLESAMPLE SYSTEM "
                + $"({RowProbes.SamplePercent(bytes).ToString(CultureInfo.InvariantCulture)}) WHERE {condition}" : null,
            $"SELECT * FROM {table} WHERE {condition}", row.IsDBNull(4) ? "" : row.GetString(4), bytes,
            row.GetBoolean(6))
        { RunsForeignCode = row.GetBoolean(7) };
    }
}
