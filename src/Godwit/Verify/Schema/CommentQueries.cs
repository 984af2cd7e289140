using static Godwit.Verify.Schema.CatalogSql;

namespace Godwit.Verify.Schema;

/// <summary>Comments, security labels and dependencies on extensions, for objects of any class.</summary>
internal static class CommentQueries
{
    // By OID, because the database's name differs on the other side.
    private const string ThisDatabase = "(SELECT d.oid FROM pg_database d WHERE d.datname = current_database())";

    // Over a row of pg_description alone, so that the thousands of initdb's comments are left out before their objects
    // are identified: that took 80 ms.
    private const string IsPublic = "(d.classoid = 'pg_namespace'::regclass "
        + "AND d.objoid = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'public'))";

    // Large objects are compared elsewhere. As in every dump, rows about dropped objects are left out, and the initial
    // comment of the schema public, which a restore may create again.
    public static CatalogQuery Comments { get; } = OfReadable("comments", (major, refused) => $"""
        SELECT d.classoid::regclass::text AS catalog, d.objoid AS oid, 'comment' AS class,
               'comment on ' || o.type || ' ' || o.identity AS key, o.type || ' ' || o.identity AS name,
               {Whole("d.classoid", "d.objoid", "d.objsubid")} AS part_of, NULL::text[] AS facts, d.description AS body
        FROM pg_description d {Said("d.classoid", "d.objoid", "d.objsubid")}
        WHERE {Catalogs.Exists("d.classoid", "d.objoid", "d.objsubid", major, refused)}
            AND (d.objoid >= {FirstOwn} OR {IsPublic})
          AND NOT ({IsPublic} AND d.description = 'standard public schema')
          AND d.classoid <> 'pg_largeobject'::regclass AND {Own("d.classoid", "d.objoid")}
        UNION ALL
        SELECT NULL, d.objoid, 'comment', 'comment on database', 'database', NULL, NULL, d.description
        FROM pg_shdescription d
        WHERE d.classoid = 'pg_database'::regclass AND d.objoid = {ThisDatabase}
        """);

    public static CatalogQuery SecurityLabels { get; } = OfReadable("security labels", (major, refused) => $"""
        SELECT l.classoid::regclass::text AS catalog, l.objoid AS oid, 'security label' AS class,
               'security label of ' || quote_ident(l.provider) || ' on ' || o.type || ' ' || o.identity AS key,
               o.type || ' ' || o.identity || ' for ' || quote_ident(l.provider) AS name,
                   {Whole("l.classoid", "l.objoid", "l.objsubid")} AS part_of, NULL::text[] AS facts, l.label AS body
        FROM pg_seclabel l {Said("l.classoid", "l.objoid", "l.objsubid")}
        WHERE {Catalogs.Exists("l.classoid", "l.objoid", "l.objsubid", major, refused)}
            AND l.classoid <> 'pg_largeobject'::regclass AND {Own("l.classoid", "l.objoid")}
        UNION ALL
        SELECT NULL, l.objoid, 'security label', 'security label of ' || quote_ident(l.provider) || ' on database',
               'database for ' || quote_ident(l.provider), NULL, NULL, l.label FROM pg_shseclabel l
        WHERE l.classoid = 'pg_database'::regclass AND l.objoid = {ThisDatabase}
        """);

    // ALTER … DEPENDS ON EXTENSION: dropping the extension drops the object.
    public static CatalogQuery ExtensionDependencies { get; } = OfReadable("dependencies on extensions",
        (major, refused) => $"""
            SELECT d.classid::regclass::text AS catalog, d.objid AS oid, 'dependency on extension' AS class,
                   'dependency of ' || o.type || ' ' || o.identity || ' on ' || quote_ident(x.extname) AS key,
                   o.type || ' ' || o.identity || ' on ' || quote_ident(x.extname) AS name, ARRAY[o.type || ' '
                       || o.identity, 'extension ' || quote_ident(x.extname)] AS part_of, NULL::text[] AS facts
            FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid {Said("d.classid", "d.objid", "d.objsubid")}
            WHERE {Catalogs.Exists("d.classid", "d.objid", "d.objsubid", major, refused)} AND d.deptype = 'x'
                AND d.refclassid = 'pg_extension'::regclass
            """);

    private static CatalogQuery OfReadable(string what, Func<int, IReadOnlySet<string>, string> sql) =>
        new(what, major => sql(major, new HashSet<string>())) { OfReadable = sql };

    private static string Said(string catalog, string oid, string sub) =>
        $"CROSS JOIN LATERAL {Catalogs.Identify(catalog, Catalogs.LivingOf(catalog, oid), sub)} o";

    private static string Own(string catalog, string oid) => $"""
        (o.schema IS NULL OR (o.schema !~ '^pg_' AND o.schema <> 'information_schema'))
        AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = {catalog} AND e.objid = {oid} AND e.deptype = 'e')
        """;

    // The object, and a column's table.
    private static string Whole(string catalog, string oid, string sub) => $"""
        ARRAY[o.type || ' ' || o.identity, CASE WHEN {sub} <> 0 THEN (SELECT w.type || ' ' || w.identity
            FROM pg_identify_object({catalog}, {oid}, 0) w) END]
        """;
}
