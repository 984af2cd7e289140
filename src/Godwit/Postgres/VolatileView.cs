namespace Godwit.Postgres;

/// <summary>A materialized view whose query may return other rows each time.</summary>
/// <param name="Name">Quoted and qualified.</param>
/// <param name="Because"><c>random()</c>, <c>CURRENT_DATE</c>, <c>TABLESAMPLE</c>.</param>
public sealed record VolatileView(string Name, IReadOnlyList<string> Because)
{
    // Stable system functions whose result depends on time, session or server, and differs at the target. Volatile ones
    // such as random() need no list. age() with one argument counts from today.
    private const string OfMoment = """
        ARRAY['now', 'transaction_timestamp', 'statement_timestamp', 'age', 'txid_current', 'txid_current_if_assigned',
            'txid_current_snapshot',
              'pg_current_xact_id', 'pg_current_xact_id_if_assigned', 'pg_current_snapshot', 'current_database',
                  'current_schema', 'current_schemas',
              'current_setting', 'version', 'pg_backend_pid', 'pg_postmaster_start_time', 'pg_conf_load_time',
                  'inet_server_addr', 'inet_server_port',
              'inet_client_addr', 'inet_client_port', 'pg_is_in_recovery', 'session_user', 'current_user']
        """;

    // pg_depend does not list system functions, so the stored query is searched for function OIDs. A name that looks
    // like a field has a backslash before its space. SQLVALUEFUNCTION numbers its kinds in the order of primnodes.h,
    // the same from 12 to 18. Only TABLESAMPLE has a field repeatable.
    private const string Query = $$"""
        {{ViewReads.Sql}},
        reach (root, oid) AS (
            SELECT c.oid, c.oid
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'm' AND c.relispopulated AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            UNION
            SELECT reach.root, reads.read FROM reach JOIN reads ON reads.reader = reach.oid),
        queries AS MATERIALIZED (
            SELECT r.ev_class AS oid, r.ev_action::pg_catalog.text AS tree
            FROM pg_catalog.pg_rewrite r WHERE r.rulename = '_RETURN' AND r.ev_class IN (SELECT reach.oid FROM reach)),
        calls AS (
            SELECT DISTINCT q.oid, m.found[1]::pg_catalog.oid AS function
            FROM queries q, LATERAL pg_catalog.regexp_matches(q.tree, ':(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)',
                'g') AS m (found)),
        causes AS (
            SELECT c.oid, pg_catalog.format('%s%s()', CASE WHEN n.nspname <> 'pg_catalog'
                THEN pg_catalog.quote_ident(n.nspname) || '.' END, pg_catalog.quote_ident(p.proname)) AS cause
            FROM calls c JOIN pg_catalog.pg_proc p ON p.oid = c.function
                 JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE p.provolatile = 'v'
                OR (n.nspname = 'pg_catalog' AND p.provolatile = 's' AND p.proname = ANY({{OfMoment}})
                                          AND NOT (p.proname = 'age' AND p.pronargs <> 1))
            UNION
            SELECT q.oid, (ARRAY['CURRENT_DATE', 'CURRENT_TIME', 'CURRENT_TIME', 'CURRENT_TIMESTAMP',
                'CURRENT_TIMESTAMP', 'LOCALTIME', 'LOCALTIME', 'LOCALTIMESTAMP',
                                 'LOCALTIMESTAMP', 'CURRENT_ROLE', 'CURRENT_USER', 'USER', 'SESSION_USER',
                                     'CURRENT_CATALOG', 'CURRENT_SCHEMA'])[m.found[1]::integer + 1]
            FROM queries q, LATERAL pg_catalog.regexp_matches(q.tree, 'SQLVALUEFUNCTION :op (\d+)', 'g') AS m (found)
            UNION
            SELECT q.oid, 'TABLESAMPLE' FROM queries q WHERE pg_catalog.strpos(q.tree, ':repeatable <>') > 0)
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.array_agg(DISTINCT causes.cause)
        FROM reach JOIN causes ON causes.oid = reach.oid JOIN pg_catalog.pg_class c ON c.oid = reach.root
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE causes.cause IS NOT NULL GROUP BY n.nspname, c.relname ORDER BY 1
        """;

    /// <summary>Such views that hold rows, and those that read them or similar plain views. Functions wrongly declared
    /// stable or immutable are not detected.</summary>
    public static Task<IReadOnlyList<VolatileView>> FindAsync(PostgresSession session, CancellationToken ct) =>
        session.RowsAsync(Query, row => new VolatileView(row.GetString(0), row.GetFieldValue<string[]>(1)), ct);
}
