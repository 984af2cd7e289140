using static Godwit.Verify.Schema.CatalogSql;

namespace Godwit.Verify.Schema;

/// <summary>Operators, their classes and families, and access methods.</summary>
internal static class OperatorQueries
{
    // An operator without a function exists only because another names it as negator or commutator.
    public static CatalogQuery Operators { get; } = new("operators", _ => $"""
        SELECT o.catalog, o.oid, 'operator' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_namespace", "n.oid")}] AS part_of, ARRAY[
               'function: ' || {Function("p.oprcode")}, 'returns: ' || format_type(nullif(p.oprresult, 0), NULL),
               'commutator: ' || nullif(p.oprcom, 0)::regoperator::text,
                   'negator: ' || nullif(p.oprnegate, 0)::regoperator::text,
               'restriction: ' || {Function("p.oprrest")}, 'join: ' || {Function("p.oprjoin")},
               CASE WHEN p.oprcanhash THEN 'hashes' END, CASE WHEN p.oprcanmerge THEN 'merges' END] AS facts
        FROM pg_operator p JOIN pg_namespace n ON n.oid = p.oprnamespace {Identified("pg_operator", "p.oid")}
        WHERE {OwnSchema} AND p.oprcode <> 0 AND {NoMember("pg_operator", "p.oid")}
        """);

    // A class's operators and functions belong to its family too, so they are listed there.
    public static CatalogQuery Families { get; } = new("operator families", _ => $"""
        SELECT o.catalog, o.oid, 'operator family' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_namespace", "n.oid")}] AS part_of, ARRAY[
               (SELECT string_agg(concat_ws(' ', 'operator', a.amopstrategy, a.amopopr::regoperator,
                                            '(' || format_type(a.amoplefttype, NULL) || ', '
                                                || format_type(a.amoprighttype, NULL) || ')',
                                            CASE a.amoppurpose WHEN 'o' THEN 'for order by ' || (SELECT sf.opfname
                                                FROM pg_opfamily sf WHERE sf.oid = a.amopsortfamily) END),
                                  chr(31) ORDER BY a.amopstrategy, a.amoppurpose, format_type(a.amoplefttype, NULL)
                                      COLLATE "C", format_type(a.amoprighttype, NULL) COLLATE "C")
                FROM pg_amop a WHERE a.amopfamily = f.oid),
               (SELECT string_agg(concat_ws(' ', 'function', a.amprocnum, {Function("a.amproc")},
                                            '(' || format_type(a.amproclefttype, NULL) || ', '
                                                || format_type(a.amprocrighttype, NULL) || ')'),
                                  chr(31) ORDER BY a.amprocnum, format_type(a.amproclefttype, NULL) COLLATE "C",
                                      format_type(a.amprocrighttype, NULL) COLLATE "C")
                FROM pg_amproc a WHERE a.amprocfamily = f.oid)] AS facts
        FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace {Identified("pg_opfamily", "f.oid")}
        WHERE {OwnSchema} AND {NoMember("pg_opfamily", "f.oid")}
        """);

    public static CatalogQuery Classes { get; } = new("operator classes", _ => $"""
        SELECT o.catalog, o.oid, 'operator class' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               ARRAY[{Key("pg_namespace", "n.oid")}, {Key("pg_opfamily", "k.opcfamily")}] AS part_of, ARRAY[
               'for type: ' || format_type(k.opcintype, NULL),
                   'stored type: ' || format_type(nullif(k.opckeytype, 0), NULL),
               (SELECT 'family: ' || format('%I.%I', fn.nspname, f.opfname)
                   FROM pg_opfamily f JOIN pg_namespace fn ON fn.oid = f.opfnamespace WHERE f.oid = k.opcfamily),
               CASE WHEN k.opcdefault THEN 'default' END] AS facts
        FROM pg_opclass k JOIN pg_namespace n ON n.oid = k.opcnamespace {Identified("pg_opclass", "k.oid")}
        WHERE {OwnSchema} AND {NoMember("pg_opclass", "k.oid")}
        """);

    public static CatalogQuery AccessMethods { get; } = new("access methods", _ => $"""
        SELECT o.catalog, o.oid, 'access method' AS class, o.type || ' ' || o.identity AS key, o.identity AS name,
               NULL::text[] AS part_of, ARRAY[
               CASE m.amtype WHEN 'i' THEN 'for indexes' ELSE 'for tables' END,
                   'handler: ' || {Function("m.amhandler")}] AS facts
        FROM pg_am m {Identified("pg_am", "m.oid")}
        WHERE m.oid >= {FirstOwn} AND {NoMember("pg_am", "m.oid")}
        """);
}
