using static Godwit.Verify.Schema.CatalogSql;

namespace Godwit.Verify.Schema;

/// <summary>Functions, procedures, aggregates, languages and transforms.</summary>
internal static class FunctionQueries
{
    // Names and modes are composed here: since PostgreSQL 14 pg_get_function_arguments prints IN for procedures.
    private const string Arguments = """
        (SELECT 'arguments: ' || string_agg(concat_ws(' ',
                    CASE p.proargmodes[a.at] WHEN 'o' THEN 'OUT' WHEN 'b' THEN 'INOUT' WHEN 'v' THEN 'VARIADIC' WHEN 't'
                        THEN 'TABLE' END,
                    quote_ident(nullif(p.proargnames[a.at], '')), format_type(a.type, NULL),
                        'DEFAULT ' || pg_get_function_arg_default(p.oid, a.at::int)), ', ' ORDER BY a.at)
         FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY a (type, at))
        """;

    public static CatalogQuery Functions { get; } = new("functions and procedures", major => $"""
        SELECT o.catalog, o.oid, CASE WHEN p.prokind = 'w' THEN 'window function' ELSE o.type END AS class,
               o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_namespace", "n.oid")}] AS part_of, ARRAY[
               {Arguments},
               'returns: ' || CASE WHEN p.prokind <> 'p' THEN pg_get_function_result(p.oid) END,
               (SELECT 'language: ' || quote_ident(l.lanname) FROM pg_language l WHERE l.oid = p.prolang),
               CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
               CASE WHEN p.proisstrict THEN 'strict' END,
               CASE WHEN p.proleakproof THEN 'leakproof' END,
               CASE WHEN p.prosecdef THEN 'security definer' END,
               CASE p.proparallel WHEN 's' THEN 'parallel safe' WHEN 'r' THEN 'parallel restricted'
                   ELSE 'parallel unsafe' END,
               'cost: ' || p.procost, CASE WHEN p.proretset THEN 'rows: ' || p.prorows END,
               'support function: ' || {Function("p.prosupport")},
               'transforms: ' || (SELECT string_agg(format_type(x.type, NULL), ', ' ORDER BY x.at)
                   FROM unnest(p.protrftypes) WITH ORDINALITY x (type, at)),
               'settings: ' || {Sorted("p.proconfig")},
               'library: ' || quote_literal(p.probin)] AS facts,
               {(major < 14 ? "p.prosrc"
                   : "pg_get_function_sqlbody(p.oid) AS query, CASE WHEN p.prosqlbody IS NULL THEN p.prosrc END")}
                   AS body
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace {Identified("pg_proc", "p.oid")}
        WHERE {OwnSchema} AND p.prokind <> 'a' AND {NoMember("pg_proc", "p.oid")} AND NOT {IsOfRange}
        """);

    /// <summary>A range type's constructors come with the type.</summary>
    public const string IsOfRange = """
        EXISTS (SELECT FROM pg_depend r WHERE r.classid = 'pg_proc'::regclass AND r.objid = p.oid
            AND r.refclassid = 'pg_type'::regclass AND r.deptype = 'i')
        """;

    public static CatalogQuery Aggregates { get; } = new("aggregates", _ => $"""
        SELECT o.catalog, o.oid, 'aggregate' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_namespace", "n.oid")}] AS part_of, ARRAY[
               {Arguments},
               CASE g.aggkind WHEN 'o' THEN 'ordered set, direct arguments: ' || g.aggnumdirectargs WHEN 'h'
                   THEN 'hypothetical set, direct arguments: ' || g.aggnumdirectargs END,
               'returns: ' || format_type(p.prorettype, NULL),
               'state: ' || format_type(g.aggtranstype, NULL), 'state function: ' || {Function("g.aggtransfn")},
                   'state size: ' || nullif(g.aggtransspace, 0),
               'initial state: ' || quote_literal(g.agginitval), 'final function: ' || {Function("g.aggfinalfn")},
               CASE WHEN g.aggfinalextra THEN 'final function gets the arguments' END,
                   'final function modifies: ' || g.aggfinalmodify::text,
               'combine function: ' || {Function("g.aggcombinefn")}, 'serialize: ' || {Function("g.aggserialfn")},
                   'deserialize: ' || {Function("g.aggdeserialfn")},
               'moving state: ' || format_type(nullif(g.aggmtranstype, 0), NULL),
                   'moving state function: ' || {Function("g.aggmtransfn")},
               'moving inverse: ' || {Function("g.aggminvtransfn")},
                   'moving final function: ' || {Function("g.aggmfinalfn")},
               CASE WHEN g.aggmfinalextra THEN 'moving final function gets the arguments' END,
                   'moving state size: ' || nullif(g.aggmtransspace, 0),
               'moving initial state: ' || quote_literal(g.aggminitval),
                   'moving final function modifies: ' || CASE WHEN g.aggmfinalfn <> 0 THEN g.aggmfinalmodify::text END,
               'sort operator: ' || nullif(g.aggsortop, 0)::regoperator::text,
               CASE p.proparallel WHEN 's' THEN 'parallel safe' WHEN 'r' THEN 'parallel restricted'
                   ELSE 'parallel unsafe' END] AS facts
        FROM pg_proc p JOIN pg_aggregate g ON g.aggfnoid = p.oid
             JOIN pg_namespace n ON n.oid = p.pronamespace {Identified("pg_proc", "p.oid")}
        WHERE {OwnSchema} AND {NoMember("pg_proc", "p.oid")}
        """);

    public static CatalogQuery Languages { get; } = new("languages", _ => $"""
        SELECT o.catalog, o.oid, 'language' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               NULL::text[] AS part_of, ARRAY[
               CASE WHEN l.lanpltrusted THEN 'trusted' END, 'handler: ' || {Function("l.lanplcallfoid")},
                   'inline: ' || {Function("l.laninline")},
               'validator: ' || {Function("l.lanvalidator")}] AS facts
        FROM pg_language l {Identified("pg_language", "l.oid")}
        WHERE l.oid >= {FirstOwn} AND {NoMember("pg_language", "l.oid")}
        """);

    public static CatalogQuery Transforms { get; } = new("transforms", _ => $"""
        SELECT o.catalog, o.oid, 'transform' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_language", "t.trflang")}, {Key("pg_type", "t.trftype")}] AS part_of, ARRAY[
               'from SQL: ' || {Function("t.trffromsql")}, 'to SQL: ' || {Function("t.trftosql")}] AS facts
        FROM pg_transform t {Identified("pg_transform", "t.oid")}
        WHERE t.oid >= {FirstOwn} AND {NoMember("pg_transform", "t.oid")}
        """);
}
