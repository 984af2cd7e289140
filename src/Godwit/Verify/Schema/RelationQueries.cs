using static Godwit.Verify.Schema.CatalogSql;

namespace Godwit.Verify.Schema;

/// <summary>Schemas, tables, columns, views and sequences.</summary>
internal static class RelationQueries
{
    public static CatalogQuery Schemas { get; } = new("schemas", _ => $"""
        SELECT o.catalog, o.oid, 'schema' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               NULL::text[] AS part_of, NULL::text[] AS facts
        FROM pg_namespace n {Identified("pg_namespace", "n.oid")}
        WHERE {OwnSchema} AND {NoMember("pg_namespace", "n.oid")}
        """);

    public static CatalogQuery Tables { get; } = new("tables", major => $"""
        SELECT o.catalog, o.oid, CASE c.relkind WHEN 'p' THEN 'partitioned table' ELSE o.type END AS class,
               o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_namespace", "n.oid")}, (SELECT 'table ' || i.inhparent::regclass FROM pg_inherits i
                   WHERE i.inhrelid = c.oid AND c.relispartition)] AS part_of, ARRAY[
               CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
               'of type: ' || format_type(nullif(c.reloftype, 0), NULL),
               'partitioned by: ' || pg_get_partkeydef(c.oid),
               (SELECT 'partition of: ' || i.inhparent::regclass || ' ' || pg_get_expr(c.relpartbound,
                   c.oid){(major >= 14 ? " || CASE WHEN i.inhdetachpending THEN ' (being detached)' ELSE '' END" : "")}
                FROM pg_inherits i WHERE i.inhrelid = c.oid AND c.relispartition),
               (SELECT 'inherits: ' || string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
                   FROM pg_inherits i WHERE i.inhrelid = c.oid AND NOT c.relispartition),
               (SELECT 'access method: ' || quote_ident(am.amname) FROM pg_am am
                   WHERE am.oid = c.relam AND am.amname <> 'heap'),
               'options: ' || {Parameters("c.reloptions")},
               (SELECT 'options of its TOAST table: ' || {Parameters("toast.reloptions")} FROM pg_class toast
                   WHERE toast.oid = c.reltoastrelid),
               CASE c.relreplident WHEN 'f' THEN 'replica identity: full' WHEN 'n' THEN 'replica identity: nothing'
                   WHEN 'i' THEN 'replica identity: an index' END,
               CASE WHEN c.relrowsecurity THEN 'row security: enabled' END,
               CASE WHEN c.relforcerowsecurity THEN 'row security: forced on the owner' END,
               'server: ' || quote_ident(s.srvname), 'options: ' || {Options("ft.ftoptions")}] AS facts,
               {SecretOptions("ft.ftoptions")} AS hidden, {UnknownOptions} AS unknown
        {Relations}
             LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid LEFT JOIN pg_foreign_server s ON s.oid = ft.ftserver
             {Identified("pg_class", "c.oid")}
        WHERE c.relkind IN ('r', 'p', 'f')
        """);

    // Of c and its TOAST table.
    private static string UnknownOptions { get; } = $"""
        nullif(concat_ws(', ', {UnknownKinds.Options("c.reloptions")},
                         (SELECT 'toast: ' || {UnknownKinds.Options("toast.reloptions")}
                          FROM pg_class toast WHERE toast.oid = c.reltoastrelid)), '')
        """;

    // A partition's column is part of its parent's. For the default statistics target PostgreSQL 17 stores NULL, older
    // versions -1.
    public static CatalogQuery Columns { get; } = new("columns", major => $"""
        SELECT o.catalog, o.oid, 'column' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               {Key("pg_class", "c.oid")} || ARRAY(SELECT 'table column ' || i.inhparent::regclass || '.'
                   || quote_ident(a.attname) FROM pg_inherits i WHERE i.inhrelid = c.oid) AS part_of,
               ARRAY[
               'type: ' || format_type(a.atttypid, a.atttypmod),
               CASE WHEN a.attcollation <> t.typcollation THEN 'collation: ' || {Collation("a.attcollation")} END,
               CASE a.attgenerated WHEN 's' THEN 'generated, stored: ' WHEN 'v' THEN 'generated, virtual: '
                   ELSE 'default: ' END || pg_get_expr(d.adbin, d.adrelid),
               CASE a.attidentity WHEN 'a' THEN 'identity: always' WHEN 'd' THEN 'identity: by default' END,
               CASE WHEN a.attnotnull THEN 'not null'{(major >= 18 ? " || " + NotNullOf18 : "")} END,
               CASE WHEN a.attstorage <> t.typstorage
                    THEN 'storage: ' || CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm'
                        THEN 'main' WHEN 'x' THEN 'extended' END END,
               {(major < 14 ? "" : "CASE a.attcompression WHEN 'p' THEN 'compression: pglz' "
                   + "WHEN 'l' THEN 'compression: lz4' END,")}
               CASE WHEN a.attstattarget >= 0 THEN 'statistics target: ' || a.attstattarget END,
               'options: ' || {Parameters("a.attoptions")},
                   'foreign options: ' || {Options("a.attfdwoptions")}] AS facts,
               a.attnum::int AS position, {UnknownKinds.Options("a.attoptions")} AS unknown
        {Relations}
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             JOIN pg_type t ON t.oid = a.atttypid
             LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             {Identified("pg_class", "c.oid", "a.attnum")}
        WHERE c.relkind IN ('r', 'p', 'f', 'm')
        """);

    // Since PostgreSQL 18 NOT NULL is a constraint, which may be not valid. Its name is left out: older versions have
    // none.
    private const string NotNullOf18 = """
        coalesce((SELECT CASE WHEN k.convalidated THEN '' ELSE ' (not valid)' END || CASE WHEN k.connoinherit
            THEN ' (no inherit)' ELSE '' END
                  FROM pg_constraint k
                  WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]), '')
        """;

    public static CatalogQuery Views { get; } = new("views", _ => $"""
        SELECT o.catalog, o.oid, o.type AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_namespace", "n.oid")}] AS part_of, ARRAY[
               CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN 'not populated' END,
               (SELECT 'access method: ' || quote_ident(am.amname) FROM pg_am am
                   WHERE am.oid = c.relam AND am.amname <> 'heap'),
               'options: ' || {Parameters("c.reloptions")},
               (SELECT 'options of its TOAST table: ' || {Parameters("toast.reloptions")} FROM pg_class toast
                   WHERE toast.oid = c.reltoastrelid),
               (SELECT 'columns: ' || string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
                           || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE '
                               || {Collation("a.attcollation")} ELSE '' END, ', ' ORDER BY a.attnum)
                FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
               (SELECT string_agg('default of ' || quote_ident(a.attname) || ': ' || pg_get_expr(d.adbin, d.adrelid),
                   chr(31) ORDER BY a.attnum)
                FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                WHERE d.adrelid = c.oid)] AS facts,
               pg_get_viewdef(c.oid) AS query, {UnknownOptions} AS unknown
        {Relations}
             {Identified("pg_class", "c.oid")}
        WHERE c.relkind IN ('v', 'm')
        """)
    {
        Counted = "SELECT count(*) FROM pg_class WHERE relkind IN ('v', 'm')",
    };

    // The current value is compared elsewhere.
    public static CatalogQuery Sequences { get; } = new("sequences", _ => $"""
        SELECT o.catalog, o.oid, 'sequence' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_namespace", "n.oid")}, 'table ' || owner.refobjid::regclass,
                   'table column ' || owner.refobjid::regclass || '.' || quote_ident(a.attname)] AS part_of, ARRAY[
               CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
               'type: ' || format_type(s.seqtypid, NULL), 'start: ' || s.seqstart, 'increment: ' || s.seqincrement,
                   'minimum: ' || s.seqmin, 'maximum: ' || s.seqmax,
               'cache: ' || s.seqcache, CASE WHEN s.seqcycle THEN 'cycles' END,
               CASE owner.deptype WHEN 'i' THEN 'identity of: ' ELSE 'owned by: ' END || owner.refobjid::regclass || '.'
                   || quote_ident(a.attname)] AS facts
        {Relations}
             JOIN pg_sequence s ON s.seqrelid = c.oid
             LEFT JOIN pg_depend owner ON owner.classid = 'pg_class'::regclass AND owner.objid = c.oid
                 AND owner.refclassid = 'pg_class'::regclass
                                      AND owner.refobjsubid > 0 AND owner.deptype IN ('a', 'i')
             LEFT JOIN pg_attribute a ON a.attrelid = owner.refobjid AND a.attnum = owner.refobjsubid
             {Identified("pg_class", "c.oid")}
        """);

    public static CatalogQuery Tablespaces { get; } = new("tablespaces of tables and indexes", _ => $"""
        SELECT o.catalog, o.oid, 'tablespace' AS class, 'tablespace of ' || o.type || ' ' || o.identity AS key,
               o.type || ' ' || o.identity AS name,
               ARRAY[o.type || ' ' || o.identity] AS part_of, ARRAY['tablespace: ' || quote_ident(ts.spcname)] AS facts
        {Relations}
             JOIN pg_tablespace ts ON ts.oid = c.reltablespace
             {Identified("pg_class", "c.oid")}
        WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I')
        """);
}
