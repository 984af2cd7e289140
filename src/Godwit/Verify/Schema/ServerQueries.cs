using static Godwit.Verify.Schema.CatalogSql;

namespace Godwit.Verify.Schema;

/// <summary>Objects outside of schemas: extensions, replication, event triggers, foreign servers.</summary>
internal static class ServerQueries
{
    // A locale has several spellings: en_US.UTF-8 is en_US.utf8.
    public static CatalogQuery Database { get; } = new("the database's encoding and collation", major => $"""
        SELECT NULL AS catalog, NULL::oid AS oid, 'database' AS class, 'encoding and collation of the database' AS key,
               'encoding and collation' AS name, NULL::text[] AS part_of, ARRAY[
               'encoding: ' || pg_encoding_to_char(d.encoding),
               'provider: ' || {(major < 15 ? "'libc'"
                   : "CASE d.datlocprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END")},
               'LC_COLLATE: ' || replace(lower(d.datcollate), 'utf-8', 'utf8'),
               'LC_CTYPE: ' || replace(lower(d.datctype), 'utf-8', 'utf8'){(major >= 15
                   ? $", 'locale: ' || quote_literal({(major >= 17 ? "d.datlocale" : "d.daticulocale")})" : "")}{(
                   major >= 16 ? ", 'rules: ' || quote_literal(d.daticurules)" : "")}] AS facts
        FROM pg_database d WHERE d.datname = current_database()
        """);

    public static CatalogQuery Extensions { get; } = new("extensions", _ => $"""
        SELECT o.catalog, o.oid, 'extension' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               NULL::text[] AS part_of,
               ARRAY['version: ' || x.extversion, 'schema: ' || quote_ident(n.nspname)] AS facts
        FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace {Identified("pg_extension", "x.oid")}
        """);

    public static CatalogQuery Publications { get; } = new("publications", major => $"""
        SELECT o.catalog, o.oid, 'publication' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               NULL::text[] AS part_of, ARRAY[
               CASE WHEN p.puballtables THEN 'all tables' END,
               'operations: ' || concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END,
                   CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END,
                                           CASE WHEN p.pubtruncate THEN 'truncate' END),
               {(major >= 13 ? "CASE WHEN p.pubviaroot THEN 'via the root of partitions' END," : "")}
               {(major >= 18 ? "'generated columns: ' || CASE p.pubgencols WHEN 's' THEN 'stored' END," : "")}
               {(major >= 15 ? PublishedSchemas : "")}
               (SELECT string_agg('table: ' || r.prrelid::regclass{(major >= 15 ? PublishedParts : "")}, chr(31)
                   ORDER BY r.prrelid::regclass::text COLLATE "C")
                FROM pg_publication_rel r WHERE r.prpubid = p.oid)] AS facts
        FROM pg_publication p {Identified("pg_publication", "p.oid")}
        """);

    private const string PublishedSchemas = """
        (SELECT string_agg('schema: ' || pn.pnnspid::regnamespace, chr(31) ORDER BY pn.pnnspid::regnamespace::text
            COLLATE "C") FROM pg_publication_namespace pn WHERE pn.pnpubid = p.oid),
        """;

    private const string PublishedParts = """
         || coalesce((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
                      FROM pg_attribute a
                      WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)), '')
         || coalesce(' WHERE ' || pg_get_expr(r.prqual, r.prrelid), '')
        """;

    // Without the connection string: it holds a password, and only a superuser may read it.
    public static CatalogQuery Subscriptions { get; } = new("subscriptions", _ => $"""
        SELECT NULL AS catalog, NULL::oid AS oid, 'subscription' AS class, 'subscription ' || quote_ident(s.subname)
            AS key, quote_ident(s.subname) AS name, NULL::text[] AS part_of, ARRAY[
               CASE WHEN s.subenabled THEN 'enabled' ELSE 'disabled' END, 'slot: ' || quote_ident(s.subslotname),
                   'publications: ' || {Sorted("s.subpublications")}] AS facts
        FROM pg_subscription s WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
        """);

    public static CatalogQuery EventTriggers { get; } = new("event triggers", _ => $"""
        SELECT o.catalog, o.oid, 'event trigger' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               NULL::text[] AS part_of, ARRAY[
               'on: ' || t.evtevent, 'tags: ' || {Sorted("t.evttags")}, 'function: ' || {Function("t.evtfoid")},
                   {Enabled("t.evtenabled")}] AS facts
        FROM pg_event_trigger t {Identified("pg_event_trigger", "t.oid")}
        WHERE {NoMember("pg_event_trigger", "t.oid")}
        """);

    public static CatalogQuery Wrappers { get; } = new("foreign-data wrappers", _ => $"""
        SELECT o.catalog, o.oid, 'foreign-data wrapper' AS class, o.type || ' ' || o.identity AS key,
               o.identity AS name, NULL::text[] AS part_of, ARRAY[
               'handler: ' || {Function("w.fdwhandler")}, 'validator: ' || {Function("w.fdwvalidator")},
                   'options: ' || {Options("w.fdwoptions")}] AS facts,
               {SecretOptions("w.fdwoptions")} AS hidden
        FROM pg_foreign_data_wrapper w {Identified("pg_foreign_data_wrapper", "w.oid")}
        WHERE {NoMember("pg_foreign_data_wrapper", "w.oid")}
        """);

    public static CatalogQuery Servers { get; } = new("foreign servers", _ => $"""
        SELECT o.catalog, o.oid, 'foreign server' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_foreign_data_wrapper", "s.srvfdw")}] AS part_of, ARRAY[
               (SELECT 'wrapper: ' || quote_ident(w.fdwname) FROM pg_foreign_data_wrapper w WHERE w.oid = s.srvfdw),
               'type: ' || quote_literal(s.srvtype), 'version: ' || quote_literal(s.srvversion),
                   'options: ' || {Options("s.srvoptions")}] AS facts,
               {SecretOptions("s.srvoptions")} AS hidden
        FROM pg_foreign_server s {Identified("pg_foreign_server", "s.oid")}
        WHERE {NoMember("pg_foreign_server", "s.oid")}
        """);

    // Only the options' names are shown. A role that may not see options gets none.
    public static CatalogQuery UserMappings { get; } = new("user mappings", _ => $"""
        SELECT NULL AS catalog, NULL::oid AS oid, 'user mapping' AS class, 'user mapping ' || {Role("u.umuser")}
            || ' on ' || quote_ident(u.srvname) AS key, {Role("u.umuser")} || ' on ' || quote_ident(u.srvname) AS name,
               ARRAY['server ' || quote_ident(u.srvname)] AS part_of,
               ARRAY['options: ' || {Sorted("ARRAY(SELECT split_part(s, '=', 1) FROM unnest(u.umoptions) s)")}]
                   AS facts, {Sorted("u.umoptions")} AS hidden
        FROM pg_user_mappings u
        """);
}
