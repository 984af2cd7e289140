namespace Godwit.Postgres;

/// <summary>Which views and materialized views read which others.</summary>
public static class ViewReads
{
    /// <summary>The start of a recursive query: <c>reads (reader, read)</c>, by OID.</summary>
    public const string Sql = """
        WITH RECURSIVE reads AS MATERIALIZED (
            SELECT DISTINCT r.ev_class AS reader, d.refobjid AS read
            FROM pg_catalog.pg_rewrite r
                 JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                     AND d.objid = r.oid
                      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> r.ev_class
                 JOIN pg_catalog.pg_class c ON c.oid = d.refobjid AND c.relkind IN ('v', 'm')
            WHERE r.rulename = '_RETURN')
        """;
}
