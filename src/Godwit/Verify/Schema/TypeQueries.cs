using static Godwit.Verify.Schema.CatalogSql;

namespace Godwit.Verify.Schema;

/// <summary>Types of every kind, domain constraints, collations, casts.</summary>
internal static class TypeQueries
{
    // Without row types of tables and array types, which come with another object.
    public static CatalogQuery Types { get; } = new("types", major => $"""
        SELECT o.catalog, o.oid, CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum type' WHEN 'c'
            THEN 'composite type' WHEN 'r' THEN 'range type' ELSE 'base type' END AS class,
               o.type || ' ' || o.identity AS key, o.identity AS name,
                   ARRAY[{Key("pg_namespace", "n.oid")}] AS part_of, ARRAY[
               CASE WHEN NOT t.typisdefined THEN 'only a shell' END,
               CASE WHEN t.typtype = 'd' THEN 'based on: ' || format_type(t.typbasetype, t.typtypmod) END,
               CASE WHEN t.typtype = 'd'
                   AND t.typcollation <> base.typcollation THEN 'collation: ' || {Collation("t.typcollation")} END,
               CASE WHEN t.typtype = 'd' THEN 'default: '
                   || coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) END,
               CASE WHEN t.typtype = 'd' AND t.typnotnull THEN 'not null' END,
               (SELECT 'labels: ' || string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder)
                   FROM pg_enum l WHERE l.enumtypid = t.oid),
               (SELECT 'attributes: '
                   || string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
                           || CASE WHEN a.attcollation <> at.typcollation THEN ' COLLATE '
                               || {Collation("a.attcollation")} ELSE '' END, ', ' ORDER BY a.attnum)
                FROM pg_attribute a JOIN pg_type at ON at.oid = a.atttypid
                WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
               'subtype: ' || format_type(r.rngsubtype, NULL),
               (SELECT 'subtype''s operator class: ' || oc.opcname FROM pg_opclass oc WHERE oc.oid = r.rngsubopc),
               (SELECT 'collation: ' || {Collation("r.rngcollation")} FROM pg_type st
                   WHERE st.oid = r.rngsubtype AND st.typcollation <> r.rngcollation),
               'canonical function: ' || {Function("r.rngcanonical")},
                   'difference function: ' || {Function("r.rngsubdiff")},
               {(major >= 14 ? OddMultirange : "")}
               {BaseFacts(major)}] AS facts
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_range r ON r.rngtypid = t.oid
             LEFT JOIN pg_type base ON base.oid = t.typbasetype LEFT JOIN pg_class c ON c.oid = t.typrelid
             {Identified("pg_type", "t.oid")}
        WHERE {OwnSchema} AND {NoMember("pg_type", "t.oid")} AND (t.typtype IN ('d', 'e', 'r', 'b')
            OR (t.typtype = 'p' AND NOT t.typisdefined) OR (t.typtype = 'c' AND c.relkind = 'c'))
          AND NOT EXISTS (SELECT FROM pg_type el WHERE el.typarray = t.oid)
        """);

    // Whose name is not the default; none before PostgreSQL 14.
    private const string OddMultirange = """
        (SELECT 'multirange: ' || format_type(r.rngmultitypid, NULL) FROM pg_type mr WHERE mr.oid = r.rngmultitypid
            AND mr.typname <> CASE WHEN t.typname LIKE '%range%' THEN overlay(t.typname PLACING 'multirange'
                FROM position('range' IN t.typname) FOR 5) ELSE t.typname || '_multirange' END),
        """;

    private static string BaseFacts(int major) => $"""
        CASE WHEN t.typtype = 'b' THEN concat_ws(chr(31),
             'input: ' || {Function("t.typinput")}, 'output: ' || {Function("t.typoutput")},
                 'receive: ' || {Function("t.typreceive")}, 'send: ' || {Function("t.typsend")},
             'modifier in: ' || {Function("t.typmodin")}, 'modifier out: ' || {Function("t.typmodout")},
                 'analyze: ' || {Function("t.typanalyze")},
             {(major < 14 ? "" : $"'subscript: ' || nullif(nullif({Function("t.typsubscript")}, "
                 + "'array_subscript_handler'), 'raw_array_subscript_handler'),")}
             'length: ' || t.typlen, CASE WHEN t.typbyval THEN 'passed by value' END, 'alignment: ' || t.typalign::text,
                 'storage: ' || t.typstorage::text, 'category: ' || t.typcategory::text,
             CASE WHEN t.typispreferred THEN 'preferred' END, 'default: ' || quote_literal(t.typdefault),
                 'element: ' || format_type(nullif(t.typelem, 0), NULL),
             'delimiter: ' || quote_literal(t.typdelim::text), CASE WHEN t.typcollation <> 0 THEN 'collatable' END) END
        """;

    // A domain's NOT NULL has a name. Whether a domain is NOT NULL is a fact of the domain.
    private const int NotNullNamesSince = 17;

    public static CatalogQuery DomainConstraints { get; } = new("constraints of domains", (major, other) => $"""
        SELECT o.catalog, o.oid, 'domain constraint' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_type", "t.oid")}] AS part_of,
               ARRAY[pg_get_constraintdef(k.oid)] AS facts
        FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid
             JOIN pg_namespace n ON n.oid = t.typnamespace {Identified("pg_constraint", "k.oid")}
        WHERE {OwnSchema}
            AND k.contype IN ('c'{(major >= NotNullNamesSince && other >= NotNullNamesSince ? ", 'n'" : "")})
            AND {NoMember("pg_type", "t.oid")}
        """);

    // Without a collation's version: it is that of a library on the server's machine.
    public static CatalogQuery Collations { get; } = new("collations", major => $"""
        SELECT o.catalog, o.oid, 'collation' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_namespace", "n.oid")}] AS part_of, ARRAY[
               'provider: ' || CASE l.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin'
                   WHEN 'd' THEN 'default' ELSE l.collprovider::text END,
               CASE WHEN l.collprovider = 'c'
                   THEN concat_ws(chr(31), 'LC_COLLATE: ' || l.collcollate, 'LC_CTYPE: ' || l.collctype)
                    ELSE 'locale: '
                        || {(major >= 17 ? "l.colllocale" : major >= 15 ? "l.colliculocale" : "l.collcollate")} END,
               CASE WHEN NOT l.collisdeterministic THEN 'not deterministic'
                   END{(major >= 16 ? ", 'rules: ' || quote_literal(l.collicurules)" : "")}] AS facts
        FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace {Identified("pg_collation", "l.oid")}
        WHERE {OwnSchema} AND {NoMember("pg_collation", "l.oid")}
        """);

    // A range type brings a cast to its multirange.
    public static CatalogQuery Casts { get; } = new("casts", major => $"""
        SELECT o.catalog, o.oid, 'cast' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_type", "k.castsource")}, {Key("pg_type", "k.casttarget")}] AS part_of, ARRAY[
               CASE k.castmethod WHEN 'b' THEN 'without function' WHEN 'i' THEN 'with input and output' END,
                   'function: ' || {Function("k.castfunc")},
               CASE k.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'in assignments' ELSE 'explicit' END] AS facts
        FROM pg_cast k {Identified("pg_cast", "k.oid")}
        WHERE k.oid >= {FirstOwn} AND {NoMember("pg_cast", "k.oid")}{(major < 14 ? ""
            : " AND NOT EXISTS (SELECT FROM pg_range r "
                + "WHERE r.rngtypid = k.castsource AND r.rngmultitypid = k.casttarget)")}
        """);
}
