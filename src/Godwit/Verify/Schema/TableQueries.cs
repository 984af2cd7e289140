using static Godwit.Verify.Schema.CatalogSql;

namespace Godwit.Verify.Schema;

/// <summary>Constraints, indexes, triggers, rules, policies and extended statistics of tables.</summary>
internal static class TableQueries
{
    // A partition's foreign key is left out: it comes with its parent's, and its name depends on the order of creation.
    public static CatalogQuery Constraints { get; } = new("constraints of tables", _ => $"""
        SELECT o.catalog, o.oid, CASE k.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'p'
            THEN 'primary key' WHEN 'u' THEN 'unique' ELSE 'exclusion' END || ' constraint' AS class,
               o.type || ' ' || o.identity AS key, o.identity AS name,
               {Key("pg_class", "c.oid")} || ARRAY(SELECT 'table constraint ' || quote_ident(k.conname) || ' on '
                   || i.inhparent::regclass FROM pg_inherits i
                                                   WHERE i.inhrelid = c.oid AND NOT k.conislocal AND k.contype = 'c')
                                                       || {Key("pg_constraint", "k.conparentid")} AS part_of,
               ARRAY[pg_get_constraintdef(k.oid),
               (SELECT 'its triggers: ' || string_agg(DISTINCT {Enabled("t.tgenabled")}, ', ') FROM pg_trigger t
                WHERE t.tgconstraint IN (SELECT k.oid UNION ALL SELECT p.oid FROM pg_constraint p
                    WHERE p.conparentid = k.oid) AND k.contype = 'f' AND t.tgenabled <> 'O')] AS facts
        {Relations}
             JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x')
                 AND NOT (k.contype = 'f' AND k.conparentid <> 0)
             {Identified("pg_constraint", "k.oid", table: "c.oid")}
        """);

    // A column's NOT NULL has a name. Whether a column is NOT NULL is a fact of the column.
    private const int NotNullNamesSince = 18;

    public static CatalogQuery NotNulls { get; } = new("names of NOT NULL constraints", (major, other) => $"""
        SELECT o.catalog, o.oid, 'not-null constraint' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_class", "c.oid")}, (SELECT w.type || ' ' || w.identity
                   FROM pg_identify_object('pg_class'::regclass, c.oid, k.conkey[1]) w)] AS part_of,
               ARRAY[(SELECT 'column: ' || quote_ident(a.attname) FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum = k.conkey[1])] AS facts
        {Relations}
             JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'n'
                 AND {(major >= NotNullNamesSince && other >= NotNullNamesSince ? "true" : "false")}
             {Identified("pg_constraint", "k.oid", table: "c.oid")}
        """);

    public static CatalogQuery Indexes { get; } = new("indexes", _ => $"""
        SELECT o.catalog, o.oid, 'index' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_class", "x.indrelid")}, {Key("pg_constraint", "k.oid")}, (SELECT 'index '
                   || i.inhparent::regclass FROM pg_inherits i WHERE i.inhrelid = c.oid)] AS part_of, ARRAY[
               pg_get_indexdef(c.oid),
               (SELECT 'partition of: ' || i.inhparent::regclass FROM pg_inherits i WHERE i.inhrelid = c.oid),
               CASE WHEN NOT x.indisvalid THEN 'not valid' END,
               CASE WHEN x.indisclustered THEN 'clustered' END,
               CASE WHEN x.indisreplident THEN 'replica identity' END,
               (SELECT string_agg('statistics target of column ' || a.attnum || ': ' || a.attstattarget, chr(31)
                   ORDER BY a.attnum) FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attstattarget >= 0)] AS facts,
               (SELECT {UnknownKinds.Options("c.reloptions")} FROM pg_am am
                   WHERE am.oid = c.relam AND am.oid < {FirstOwn}) AS unknown
        {Relations}
             JOIN pg_index x ON x.indexrelid = c.oid
             LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.conrelid = x.indrelid
                 AND k.contype IN ('p', 'u', 'x')
             {Identified("pg_class", "c.oid")}
        WHERE {NoMember("pg_class", "x.indrelid")}
        """);

    // With partitions' copies of their parents' triggers: each can be disabled separately.
    public static CatalogQuery Triggers { get; } = new("triggers", major => $"""
        SELECT o.catalog, o.oid, 'trigger' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_class", "c.oid")},
                   {(major >= 13 ? Key("pg_trigger", "t.tgparentid") : "NULL")}] AS part_of,
               ARRAY[pg_get_triggerdef(t.oid), {Enabled("t.tgenabled")}] AS facts
        {Relations}
             JOIN pg_trigger t ON t.tgrelid = c.oid AND (NOT t.tgisinternal OR t.tgconstraint = 0)
             {Identified("pg_trigger", "t.oid", table: "c.oid")}
        """);

    public static CatalogQuery Rules { get; } = new("rules", _ => $"""
        SELECT o.catalog, o.oid, 'rule' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_class", "c.oid")}] AS part_of,
               ARRAY[{Enabled("r.ev_enabled")}] AS facts, pg_get_ruledef(r.oid) AS query
        {Relations}
             JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'
             {Identified("pg_rewrite", "r.oid", table: "c.oid")}
        """);

    public static CatalogQuery Policies { get; } = new("policies", _ => $"""
        SELECT o.catalog, o.oid, 'policy' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_class", "c.oid")}] AS part_of, ARRAY[
               CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
               'for: ' || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd'
                   THEN 'DELETE' ELSE 'ALL' END,
               'to: ' || {Sorted($"ARRAY(SELECT {Role("r")} FROM unnest(p.polroles) r)")},
               'using: ' || pg_get_expr(p.polqual, p.polrelid),
                   'with check: ' || pg_get_expr(p.polwithcheck, p.polrelid)] AS facts
        {Relations}
             JOIN pg_policy p ON p.polrelid = c.oid
             {Identified("pg_policy", "p.oid", table: "c.oid")}
        """);

    public static CatalogQuery Statistics { get; } = new("extended statistics", major => $"""
        SELECT o.catalog, o.oid, 'statistics object' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_class", "s.stxrelid")}] AS part_of, ARRAY[
               pg_get_statisticsobjdef(s.oid){(major < 13 ? ""
                   : ", CASE WHEN s.stxstattarget >= 0 THEN 'statistics target: ' || s.stxstattarget END")}] AS facts
        FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace {Identified("pg_statistic_ext", "s.oid")}
        WHERE {OwnSchema} AND {NoMember("pg_statistic_ext", "s.oid")}
        """);
}
