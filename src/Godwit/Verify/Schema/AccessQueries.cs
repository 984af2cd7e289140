using static Godwit.Verify.Schema.CatalogSql;

namespace Godwit.Verify.Schema;

/// <summary>Owners and privileges.</summary>
internal static class AccessQueries
{
    // User objects: catalog, OID, owner, ACL, and the letter for acldefault.
    private static readonly string Owned = string.Join("\nUNION ALL\n",
        $"""
        SELECT 'pg_class'::regclass AS catalog, c.oid, c.relowner AS owner, c.relacl AS acl,
               CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" AS kind
        {Relations} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        """,
        $"SELECT 'pg_namespace'::regclass, n.oid, n.nspowner, n.nspacl, 'n' FROM pg_namespace n WHERE {OwnSchema} "
        + $"AND {NoMember("pg_namespace", "n.oid")}",
        $"""
        SELECT 'pg_type'::regclass, t.oid, t.typowner, t.typacl, 'T'
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE {OwnSchema} AND {NoMember("pg_type", "t.oid")} AND (t.typtype IN ('d', 'e', 'r', 'b') OR c.relkind = 'c')
            AND NOT EXISTS (SELECT FROM pg_type el WHERE el.typarray = t.oid)
        """,
        $"""
        SELECT 'pg_proc'::regclass, p.oid, p.proowner, p.proacl, 'f'
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE {OwnSchema} AND {NoMember("pg_proc", "p.oid")} AND NOT {FunctionQueries.IsOfRange}
        """,
        Plain("pg_operator", "opr"), Plain("pg_opclass", "opc"), Plain("pg_opfamily", "opf"),
        Plain("pg_collation", "coll"), Plain("pg_conversion", "con"),
        Plain("pg_ts_config", "cfg"), Plain("pg_ts_dict", "dict"), Plain("pg_statistic_ext", "stx"),
        Global("pg_language", "x.lanowner", "x.lanacl", "l"),
        Global("pg_foreign_data_wrapper", "x.fdwowner", "x.fdwacl", "F"),
        Global("pg_foreign_server", "x.srvowner", "x.srvacl", "S"),
        Global("pg_event_trigger", "x.evtowner", "NULL", "-"), Global("pg_publication", "x.pubowner", "NULL", "-"),
        Global("pg_extension", "x.extowner", "NULL", "-"));

    public static CatalogQuery Owners { get; } = new("owners", _ => $"""
        SELECT x.catalog::text AS catalog, x.oid, 'owner' AS class, 'owner of ' || o.type || ' ' || o.identity AS key,
               o.type || ' ' || o.identity AS name, ARRAY[o.type || ' ' || o.identity] AS part_of,
               ARRAY['owner: ' || {Role("x.owner")}] AS facts
        FROM ({Owned}) x
             CROSS JOIN LATERAL {Catalogs.Identify("x.catalog", Catalogs.LivingOf("x.catalog", "x.oid"))} o
        """);

    // A column has grants of its own, and none by default.
    public static CatalogQuery Grants { get; } = new("grants", (_, other) => $"""
        SELECT x.catalog::text AS catalog, x.oid, 'grant' AS class, 'grant on ' || o.type || ' ' || o.identity AS key,
               o.type || ' ' || o.identity AS name,
               ARRAY[o.type || ' ' || o.identity, CASE WHEN x.sub <> 0 THEN 'table ' || x.oid::regclass END] AS part_of,
               {Lines("x.acl", other)} AS facts, {Lines("acldefault(x.kind, x.owner)", other)} AS usual
        FROM (SELECT y.catalog, y.oid, 0 AS sub, y.owner, y.acl, y.kind FROM ({Owned}) y WHERE y.acl IS NOT NULL
              UNION ALL
              SELECT 'pg_class'::regclass, c.oid, a.attnum, c.relowner, a.attacl, 'c' {Relations}
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped) x
             CROSS JOIN LATERAL {Catalogs.Identify("x.catalog", Catalogs.LivingOf("x.catalog", "x.oid"), "x.sub")} o
        """);

    // Default privileges for one schema add to the built-in ones; those for all schemas replace them.
    public static CatalogQuery DefaultPrivileges { get; } = new("default privileges", (_, other) => $"""
        SELECT o.catalog, o.oid, 'default privileges' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_namespace", "x.defaclnamespace")}] AS part_of,
               {Lines("x.acl", other)} AS facts
        FROM (SELECT d.oid, d.defaclrole AS owner, d.defaclnamespace, d.defaclacl AS acl,
            CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END::"char" AS kind FROM pg_default_acl d) x
             {Identified("pg_default_acl", "x.oid")}
        """);

    // One line per role; ALL stands for all privileges. MAINTAIN came with PostgreSQL 17, and is left out if the other
    // side is older.
    private static string Lines(string acl, int other) => $"""
        (SELECT array_agg(g.line ORDER BY g.line COLLATE "C") FROM (
            SELECT CASE WHEN e.grantee = x.owner THEN '(owner)' ELSE {Role("e.grantee")} END || ': '
                   || CASE WHEN count(DISTINCT e.privilege_type) = (SELECT count(*)
                       FROM aclexplode(acldefault(x.kind, x.owner)) w WHERE w.grantee =
                       x.owner{(other < MaintainSince ? " AND w.privilege_type <> 'MAINTAIN'" : "")}) THEN 'ALL'
                           ELSE string_agg(DISTINCT e.privilege_type, ', ') END
                   || CASE WHEN e.is_grantable THEN ' with grant option' ELSE '' END AS line
            FROM aclexplode({acl}) e {(other < MaintainSince ? "WHERE e.privilege_type <> 'MAINTAIN'" : "")}
            GROUP BY e.grantee, e.is_grantable) g)
        """;

    private const int MaintainSince = 17;

    private static string Plain(string catalog, string prefix) => $"""
        SELECT '{catalog}'::regclass, x.oid, x.{prefix}owner, NULL, '-'
        FROM {catalog} x JOIN pg_namespace n ON n.oid = x.{prefix}namespace
        WHERE {OwnSchema} AND {NoMember(catalog, "x.oid")}{(catalog == "pg_operator" ? " AND x.oprcode <> 0" : "")}
        """;

    private static string Global(string catalog, string owner, string acl, string kind) => $"""
        SELECT '{catalog}'::regclass, x.oid, {owner}, {acl}, '{kind}' FROM {catalog} x
        WHERE x.oid >= {FirstOwn} AND {NoMember(catalog, "x.oid")}
        """;
}
