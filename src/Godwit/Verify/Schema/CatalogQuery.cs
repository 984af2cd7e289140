namespace Godwit.Verify.Schema;

/// <summary>Reads one group of object classes from the catalogs, in one statement that any role may run.</summary>
/// <param name="What">The group in the plural, for the list of what was not compared.</param>
/// <param name="Sql">Takes this server's major version and the other side's. Columns, by name: <c>catalog</c> and
/// <c>oid</c> (the object's row; null if no role may read that), <c>class</c>, <c>key</c>, <c>name</c>, <c>part_of</c>
/// (keys), <c>facts</c> (lines of SQL; null ones are skipped, <c>chr(31)</c> splits one into several). Optional:
/// <c>query</c> (one whole statement), <c>body</c> (text that may not be SQL), <c>hidden</c>, <c>position</c>,
/// <c>usual</c>, <c>unknown</c> (options that Godwit does not know, compared separately).</param>
internal sealed record CatalogQuery(string What, Func<int, int, string> Sql)
{
    public CatalogQuery(string what, Func<int, string> sql)
        : this(what, (major, _) => sql(major))
    {
    }

    /// <summary>Replaces <see cref="Sql"/> where objects are looked up in many catalogs. Takes the major version and
    /// the catalogs that the role may not read.</summary>
    public Func<int, IReadOnlySet<string>, string>? OfReadable { get; init; }

    /// <summary>Objects that one statement reads if <see cref="Counted"/> is set.</summary>
    public const int PartMax = 500;

    /// <summary>Counts objects whose reading locks others; their group is read in parts. Null: read at once.</summary>
    public string? Counted { get; init; }

    /// <summary>The slowest first.</summary>
    public static IReadOnlyList<CatalogQuery> All { get; } =
    [
        RelationQueries.Columns, CommentQueries.Comments, AccessQueries.Owners, AccessQueries.Grants,
        FunctionQueries.Functions, RelationQueries.Views,
        TableQueries.Constraints, TableQueries.NotNulls, TableQueries.Indexes, TableQueries.Triggers,
        RelationQueries.Tables, RelationQueries.Sequences, TableQueries.Rules,
        TableQueries.Policies, TableQueries.Statistics, RelationQueries.Schemas, RelationQueries.Tablespaces,
        TypeQueries.Types, TypeQueries.DomainConstraints,
        TypeQueries.Collations, TypeQueries.Casts, FunctionQueries.Aggregates, OperatorQueries.Operators,
        OperatorQueries.Families, OperatorQueries.Classes,
        OperatorQueries.AccessMethods, FunctionQueries.Languages, FunctionQueries.Transforms, SearchQueries.Parsers,
        SearchQueries.Templates, SearchQueries.Dictionaries,
        SearchQueries.Configurations, SearchQueries.Conversions, ServerQueries.Database, ServerQueries.Extensions,
        ServerQueries.Publications, ServerQueries.Subscriptions,
        ServerQueries.EventTriggers, ServerQueries.Wrappers, ServerQueries.Servers, ServerQueries.UserMappings,
        AccessQueries.DefaultPrivileges, CommentQueries.SecurityLabels, CommentQueries.ExtensionDependencies,
    ];
}

/// <summary>Shared by many statements. The sessions have no search path: only system names need no schema.</summary>
internal static class CatalogSql
{
    /// <summary>initdb assigns smaller OIDs.
    /// https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT</summary>
    public const string FirstOwn = "16384";

    /// <summary>n is neither a system schema nor a temporary one.</summary>
    public const string OwnSchema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    /// <summary>The user's, except those of an extension, whose version is compared.</summary>
    public static string Relations { get; } = $"""
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND {OwnSchema} AND c.relpersistence <> 't'
            AND {NoMember("pg_class", "c.oid")}
        """;

    public static string NoMember(string catalog, string oid) =>
        $"NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{catalog}'::regclass AND e.objid = {oid} "
        + "AND e.deptype = 'e')";

    /// <summary>Joins o (type, schema, identity): class and qualified name, worded the same on every server.</summary>
    /// <param name="table">OID of the table that the object is dropped with; null: none.</param>
    public static string Identified(string catalog, string oid, string sub = "0", string? table = null) => $"""
        CROSS JOIN LATERAL (SELECT '{catalog}' AS catalog, {oid} AS oid, named.*
                            FROM {Catalogs.Identify(table is null ? $"'{catalog}'::regclass"
                                : $"CASE WHEN pg_table_is_visible({table}) IS NOT NULL "
                                    + $"THEN '{catalog}'::regclass END",
                                Catalogs.Living(catalog, oid), sub)} named) o
        """;

    /// <summary>Of another object; null for OID 0.</summary>
    public static string Key(string catalog, string oid) =>
        "(SELECT named.type || ' ' || named.identity "
        + $"FROM {Catalogs.Identify($"'{catalog}'::regclass", Catalogs.Living(catalog, $"nullif({oid}::oid, 0)"))} "
        + "named)";

    /// <summary>A function's name; null: none. System functions lose their schema, which is printed only for overloaded
    /// names, and those depend on the version.</summary>
    public static string Function(string oid) => $"replace(nullif({oid}::oid, 0)::regproc::text, 'pg_catalog.', '')";

    public static string Collation(string oid) => $"""
        (SELECT CASE WHEN cn.nspname = 'pg_catalog' THEN '' ELSE quote_ident(cn.nspname) || '.' END
            || quote_ident(co.collname)
         FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = {oid})
        """;

    /// <summary>A text array's elements, in an order that depends on no collation; null: empty.</summary>
    public static string Sorted(string array) =>
        $"""(SELECT string_agg(s, ', ' ORDER BY s COLLATE "C") FROM unnest({array}) s)""";

    /// <summary>Known parameters that DDL sets. Names that begin with <c>pg_</c> are the server's: since 2026-11-12
    /// minor releases keep a version of each column's type there, which differs between databases.
    /// https://www.postgresql.org/docs/15/catalog-pg-attribute.html</summary>
    public static string Parameters(string array) =>
        $"""(SELECT string_agg(s, ', ' ORDER BY s COLLATE "C") FROM unnest({array}) s WHERE {UnknownKinds.IsKnown})""";

    /// <summary>Of a server or foreign table, without values that may be secret.</summary>
    public static string Options(string array) => $"""
        (SELECT string_agg(CASE WHEN split_part(s, '=', 1) ~* '{SecretName}' THEN split_part(s, '=', 1)
            || '=(not shown)' ELSE s END, ', ' ORDER BY s COLLATE "C")
         FROM unnest({array}) s)
        """;

    /// <summary>Hidden by <see cref="Options"/>; for comparison only.</summary>
    public static string SecretOptions(string array) => $"""
        (SELECT string_agg(s, ', ' ORDER BY s COLLATE "C") FROM unnest({array}) s
            WHERE split_part(s, '=', 1) ~* '{SecretName}')
        """;

    /// <summary>Of a trigger or rule, in words; null: enabled, the default.</summary>
    public static string Enabled(string column) =>
        $"CASE {column} WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled: replica' WHEN 'A' THEN 'enabled: always' END";

    public static string Role(string oid) =>
        $"CASE {oid} WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid({oid})) END";

    private const string SecretName = "pass|secret|token|key|credential|user";
}
