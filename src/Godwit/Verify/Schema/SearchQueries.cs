using static Godwit.Verify.Schema.CatalogSql;

namespace Godwit.Verify.Schema;

/// <summary>Text search, and conversions between encodings.</summary>
internal static class SearchQueries
{
    public static CatalogQuery Parsers { get; } = new("text search parsers",
        _ => Of("pg_ts_parser", "prsnamespace", $"""
            'start: ' || {Function("x.prsstart")}, 'token: ' || {Function("x.prstoken")},
                'end: ' || {Function("x.prsend")},
            'headline: ' || {Function("x.prsheadline")}, 'token types: ' || {Function("x.prslextype")}
            """));

    public static CatalogQuery Templates { get; } = new("text search templates",
        _ => Of("pg_ts_template", "tmplnamespace", $"""
            'init: ' || {Function("x.tmplinit")}, 'lexize: ' || {Function("x.tmpllexize")}
            """));

    public static CatalogQuery Dictionaries { get; } = new("text search dictionaries",
        _ => Of("pg_ts_dict", "dictnamespace", """
            (SELECT 'template: ' || CASE WHEN tn.nspname = 'pg_catalog' THEN '' ELSE quote_ident(tn.nspname) || '.' END
                || quote_ident(t.tmplname)
             FROM pg_ts_template t JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = x.dicttemplate),
            'options: ' || x.dictinitoption
            """));

    public static CatalogQuery Configurations { get; } = new("text search configurations",
        _ => Of("pg_ts_config", "cfgnamespace", """
            (SELECT 'parser: ' || CASE WHEN pn.nspname = 'pg_catalog' THEN '' ELSE quote_ident(pn.nspname) || '.' END
                || quote_ident(p.prsname)
             FROM pg_ts_parser p JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = x.cfgparser),
            (SELECT string_agg(line, chr(31) ORDER BY line COLLATE "C") FROM (
                 SELECT coalesce((SELECT tt.alias FROM ts_token_type(x.cfgparser) tt WHERE tt.tokid = m.maptokentype),
                     m.maptokentype::text) || ': '
                        || string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS line
                 FROM pg_ts_config_map m WHERE m.mapcfg = x.oid GROUP BY m.maptokentype) maps)
            """));

    public static CatalogQuery Conversions { get; } = new("conversions", _ => Of("pg_conversion", "connamespace", $"""
        'from: ' || pg_encoding_to_char(x.conforencoding), 'to: ' || pg_encoding_to_char(x.contoencoding),
            'function: ' || {Function("x.conproc")},
        CASE WHEN x.condefault THEN 'default' END
        """));

    private static string Of(string catalog, string schema, string facts) => $"""
        SELECT o.catalog, o.oid, o.type AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_namespace", "n.oid")}] AS part_of, ARRAY[{facts}] AS facts
        FROM {catalog} x JOIN pg_namespace n ON n.oid = x.{schema} {Identified(catalog, "x.oid")}
        WHERE {OwnSchema} AND {NoMember(catalog, "x.oid")}
        """;
}
