using System.Globalization;

namespace Godwit.Verify.Schema;

/// <summary>A catalog whose rows are objects with an OID.</summary>
/// <param name="Class">PostgreSQL's name for the objects, as far as the catalog alone decides it.</param>
/// <param name="Name">An SQL expression over x, a row of it.</param>
internal sealed record Catalog(string Table, string Class, string Name)
{
    /// <summary>First major version in which every role may read the OIDs.</summary>
    public int ReadableSince { get; init; } = 12;

    /// <summary>Its objects are in schemas.</summary>
    public bool IsInSchema { get; init; }
}

/// <summary>Finds objects by catalog and OID, even dropped by a concurrent session: a catalog's rows are the
/// snapshot's, while functions such as pg_identify_object see the present state.</summary>
internal static class Catalogs
{
    public static IReadOnlyList<Catalog> All { get; } =
    [
        InSchema("pg_class", "relation", "rel"), InSchema("pg_type", "type", "typ"),
        InSchema("pg_proc", "function", "pro"),
        InSchema("pg_operator", "operator", "opr"), InSchema("pg_opclass", "operator class", "opc"),
        InSchema("pg_opfamily", "operator family", "opf"),
        InSchema("pg_collation", "collation", "coll"), InSchema("pg_conversion", "conversion", "con"),
        InSchema("pg_ts_config", "text search configuration", "cfg"),
        InSchema("pg_ts_dict", "text search dictionary", "dict"),
        InSchema("pg_ts_parser", "text search parser", "prs"),
        InSchema("pg_ts_template", "text search template", "tmpl"),
        InSchema("pg_statistic_ext", "statistics object", "stx"),
        new("pg_constraint", "constraint", OnTable("conname", "x.conrelid",
            "(SELECT ' on ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname) FROM pg_type t "
            + "JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = x.contypid)")),
        new("pg_trigger", "trigger", OnTable("tgname", "x.tgrelid")),
        new("pg_rewrite", "rule", OnTable("rulename", "x.ev_class")),
        new("pg_policy", "policy", OnTable("polname", "x.polrelid")),
        Plain("pg_namespace", "schema", "nspname"), Plain("pg_language", "language", "lanname"),
        Plain("pg_am", "access method", "amname"),
        Plain("pg_extension", "extension", "extname"),
        Plain("pg_foreign_data_wrapper", "foreign-data wrapper", "fdwname"),
        Plain("pg_foreign_server", "foreign server", "srvname"), Plain("pg_event_trigger", "event trigger", "evtname"),
        Plain("pg_publication", "publication", "pubname"),
        Plain("pg_subscription", "subscription", "subname") with { ReadableSince = SubscriptionsReadableSince },
        new("pg_attrdef", "default", $"'of ' || {Relation("x.adrelid")} || '.' || x.adnum"),
        new("pg_cast", "cast",
            "format('(%s AS %s)', format_type(x.castsource, NULL), format_type(x.casttarget, NULL))"),
        new("pg_transform", "transform", "'for ' || format_type(x.trftype, NULL)"),
        new("pg_default_acl", "default privileges", "'of the role ' || pg_get_userbyid(x.defaclrole)"),
    ];

    /// <summary>The role may not read these catalogs. A statement that names one fails.</summary>
    public static async Task<IReadOnlySet<string>> RefusedAsync(Side side, CancellationToken ct) =>
        (await side.AskAsync(session => session.RowsAsync(
            "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace "
            + "AND NOT has_table_privilege(c.oid, 'SELECT') AND NOT has_any_column_privilege(c.oid, 'SELECT')",
            row => row.GetString(0), ct), ct)).ToHashSet(StringComparer.Ordinal);

    /// <summary>All objects in the snapshot.</summary>
    public static string Objects(int major, IReadOnlySet<string> refused) =>
        string.Join("\nUNION ALL\n", Readable(major, refused).Select(one =>
            $"SELECT '{one.Table}' AS catalog, '{one.Class}' AS class, x.oid, {one.Name} AS name FROM {one.Table} x"));

    /// <summary>False: no catalog has the object. An object of a catalog that is not listed counts as
    /// existing.</summary>
    public static string Exists(string catalog, string oid, string sub, int major, IReadOnlySet<string> refused) => $"""
        CASE {catalog}
        {string.Join('\n', Readable(major, refused).Select(one => $"WHEN '{one.Table}'::regclass "
            + $"THEN EXISTS (SELECT FROM {one.Table} x WHERE x.oid = {oid}{Whole(one, sub)})"))}
        {(major < SubscriptionsReadableSince ? "WHEN 'pg_subscription'::regclass "
            + $"THEN EXISTS (SELECT FROM pg_stat_subscription x WHERE x.subid = {oid})" : "")}
        ELSE true END
        """;

    // Older versions show an ordinary role OIDs of subscriptions only in their statistics.
    private const int SubscriptionsReadableSince = 14;

    /// <summary>The OID; null: dropped meanwhile. Before PostgreSQL 14 pg_identify_object fails for a dropped
    /// object.</summary>
    public static string Living(string table, string oid) => Lookups.GetValueOrDefault(table) is { } lookup
        ? $"CASE WHEN {string.Format(CultureInfo.InvariantCulture, lookup, oid)} IS NOT NULL THEN {oid} END" : oid;

    /// <summary>For a catalog that is an expression.</summary>
    public static string LivingOf(string catalog, string oid) => $"""
        CASE {catalog}
            {string.Join(' ', Lookups.Keys.Select(table => $"WHEN '{table}'::regclass THEN {Living(table, oid)}"))}
            ELSE {oid} END
        """;

    /// <summary>As <c>pg_identify_object</c>, but without an identity if a concurrent session has dropped the object's
    /// schema: the function prints the bare name then.</summary>
    public static string Identify(string catalog, string oid, string sub = "0") => $"""
        (SELECT found.type, found.schema, CASE WHEN found.schema IS NOT NULL
                OR {catalog}::oid <> ALL ('{InSchemas}'::regclass[]::oid[]) THEN found.identity END AS identity
         FROM pg_identify_object({catalog}, {oid}, {sub}) found)
        """;

    // Functions that see the present state, and return null for a dropped object.
    private static readonly Dictionary<string, string> Lookups = new()
    {
        ["pg_class"] = "pg_table_is_visible({0})", ["pg_type"] = "pg_type_is_visible({0})",
        ["pg_proc"] = "pg_function_is_visible({0})",
        ["pg_operator"] = "pg_operator_is_visible({0})", ["pg_opclass"] = "pg_opclass_is_visible({0})",
        ["pg_opfamily"] = "pg_opfamily_is_visible({0})",
        ["pg_collation"] = "pg_collation_is_visible({0})", ["pg_conversion"] = "pg_conversion_is_visible({0})",
        ["pg_ts_config"] = "pg_ts_config_is_visible({0})", ["pg_ts_dict"] = "pg_ts_dict_is_visible({0})",
        ["pg_ts_parser"] = "pg_ts_parser_is_visible({0})",
        ["pg_ts_template"] = "pg_ts_template_is_visible({0})",
        ["pg_statistic_ext"] = "pg_statistics_obj_is_visible({0})",
        ["pg_namespace"] = "has_schema_privilege({0}, 'USAGE')",
        ["pg_language"] = "has_language_privilege({0}, 'USAGE')",
        ["pg_foreign_data_wrapper"] = "has_foreign_data_wrapper_privilege({0}, 'USAGE')",
        ["pg_foreign_server"] = "has_server_privilege({0}, 'USAGE')",
    };

    private static readonly string InSchemas =
        $"{{{string.Join(',', All.Where(one => one.IsInSchema).Select(one => one.Table))}}}";

    private static IEnumerable<Catalog> Readable(int major, IReadOnlySet<string> refused) =>
        All.Where(one => major >= one.ReadableSince && !refused.Contains(one.Table));

    // A shell operator exists only because another operator names it; its comments and grants are not dumped.
    private static string Whole(Catalog catalog, string sub) => catalog.Table switch
    {
        "pg_class" => $" AND ({sub} = 0 OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = x.oid "
            + $"AND a.attnum = {sub} AND NOT a.attisdropped))",
        "pg_operator" => " AND x.oprcode <> 0",
        _ => "",
    };

    private static Catalog InSchema(string table, string objects, string prefix) => new(table, objects,
        "(SELECT quote_ident(n.nspname) FROM pg_namespace n "
        + $"WHERE n.oid = x.{prefix}namespace) || '.' || quote_ident(x.{prefix}name)")
    { IsInSchema = true };

    private static Catalog Plain(string table, string objects, string name) =>
        new(table, objects, $"quote_ident(x.{name})");

    private static string OnTable(string name, string table, string otherwise = "''") =>
        $"quote_ident(x.{name}) || coalesce(' on ' || {Relation(table)}, {otherwise}, '')";

    private static string Relation(string oid) => $"""
        (SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = {oid})
        """;
}
