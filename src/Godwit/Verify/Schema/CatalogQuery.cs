namespace Godwit.Verify.Schema;

/// <summary>Reads one group of object classes from the catalogs, in one statement. Any role may run it.</summary>
/// <param name="What">In the plural, for the list of what was not compared.</param>
/// <param name="Sql">For a server of this major version, while the other side is of that one. Columns, by name:
/// <c>catalog</c> and <c>oid</c> (of the object's row; null where nobody may read that), <c>class</c>, <c>key</c>,
/// <c>name</c>, <c>part_of</c> (keys), <c>facts</c> (lines of SQL, null ones are skipped; <c>chr(31)</c> parts one in
/// several); and where there are such: <c>query</c> (one whole statement), <c>body</c> (text that is not SQL for sure),
/// <c>hidden</c>, <c>position</c>, <c>usual</c>, <c>unknown</c> (what Godwit does not know of it, compared by
/// itself).</param>
internal sealed record CatalogQuery(string What, Func<int, int, string> Sql)
{
    public CatalogQuery(string what, Func<int, string> sql)
        : this(what, (major, _) => sql(major))
    {
    }

    /// <summary>In the place of <see cref="Sql"/> where it looks an object up in many catalogs: for this major version,
    /// without those catalogs that our role may not read.</summary>
    public Func<int, IReadOnlySet<string>, string>? OfReadable { get; init; }

    /// <summary>Objects that one statement reads, where <see cref="Counted"/> says how many there are.</summary>
    public const int PartMax = 500;

    /// <summary>Counts them, where reading one locks others; they are read part by part then. Null: all at
    /// once.</summary>
    public string? Counted { get; init; }

    /// <summary>Every group, those that take longest first.</summary>
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

/// <summary>Words that many of the statements share. The sessions have no search path, so the names of the system need
/// no schema and all others have one.</summary>
internal static class CatalogSql
{
    /// <summary>The first OID of what is not there from the beginning.
    /// https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT</summary>
    public const string FirstOwn = "16384";

    /// <summary>The schema n is neither the system's nor a session's own.</summary>
    public const string OwnSchema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    /// <summary>The user's relations, without what an extension made: the extension with its version stands for
    /// it.</summary>
    public static string Relations { get; } = $"""
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND {OwnSchema} AND c.relpersistence <> 't'
            AND {NoMember("pg_class", "c.oid")}
        """;

    public static string NoMember(string catalog, string oid) =>
        $"NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{catalog}'::regclass AND e.objid = {oid} "
        + "AND e.deptype = 'e')";

    /// <summary>Joins o (type, schema, identity): the class and the qualified name, in the same words on every
    /// server.</summary>
    /// <param name="table">The OID of the table that the object belongs to, and goes with; null: it belongs to
    /// none.</param>
    public static string Identified(string catalog, string oid, string sub = "0", string? table = null) => $"""
        CROSS JOIN LATERAL (SELECT '{catalog}' AS catalog, {oid} AS oid, i.*
                            FROM pg_identify_object({(table is null ? $"'{catalog}'::regclass"
                                : $"CASE WHEN pg_table_is_visible({table}) IS NOT NULL "
                                    + $"THEN '{catalog}'::regclass END")},
                                                    {Catalogs.Living(catalog, oid)}, {sub}) i) o
        """;

    /// <summary>The key of another object; null for OID 0.</summary>
    public static string Key(string catalog, string oid) =>
        "(SELECT k.type || ' ' || k.identity "
        + $"FROM pg_identify_object('{catalog}'::regclass, {Catalogs.Living(catalog, $"nullif({oid}::oid, 0)")}, 0) k)";

    /// <summary>The name of a function; null for none. Those of the system are overloaded in one version and not in the
    /// next: they stand without schema.</summary>
    public static string Function(string oid) => $"replace(nullif({oid}::oid, 0)::regproc::text, 'pg_catalog.', '')";

    public static string Collation(string oid) => $"""
        (SELECT CASE WHEN cn.nspname = 'pg_catalog' THEN '' ELSE quote_ident(cn.nspname) || '.' END
            || quote_ident(co.collname)
         FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = {oid})
        """;

    /// <summary>The elements of an array of texts, in an order that hangs on no collation; null when there are
    /// none.</summary>
    public static string Sorted(string array) =>
        $"""(SELECT string_agg(s, ', ' ORDER BY s COLLATE "C") FROM unnest({array}) s)""";

    /// <summary>Parameters that DDL sets, as far as they are known. Names that begin with <c>pg_</c> are the server's
    /// own: minor releases since 2026-11-12 keep a version of each column's type there, which no two databases share.
    /// https://www.postgresql.org/docs/15/catalog-pg-attribute.html</summary>
    public static string Parameters(string array) =>
        $"""(SELECT string_agg(s, ', ' ORDER BY s COLLATE "C") FROM unnest({array}) s WHERE {UnknownKinds.IsKnown})""";

    /// <summary>Options as they are given to a server or a foreign table, without values that may be secret.</summary>
    public static string Options(string array) => $"""
        (SELECT string_agg(CASE WHEN split_part(s, '=', 1) ~* '{SecretName}' THEN split_part(s, '=', 1)
            || '=(not shown)' ELSE s END, ', ' ORDER BY s COLLATE "C")
         FROM unnest({array}) s)
        """;

    /// <summary>The values that <see cref="Options"/> does not show, to be compared all the same.</summary>
    public static string SecretOptions(string array) => $"""
        (SELECT string_agg(s, ', ' ORDER BY s COLLATE "C") FROM unnest({array}) s
            WHERE split_part(s, '=', 1) ~* '{SecretName}')
        """;

    /// <summary>The state of a trigger or rule, in words; null: it is on, as it is made.</summary>
    public static string Enabled(string column) =>
        $"CASE {column} WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled: replica' WHEN 'A' THEN 'enabled: always' END";

    /// <summary>A role by its name.</summary>
    public static string Role(string oid) =>
        $"CASE {oid} WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid({oid})) END";

    private const string SecretName = "pass|secret|token|key|credential|user";
}
