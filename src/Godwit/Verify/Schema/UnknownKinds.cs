namespace Godwit.Verify.Schema;

/// <summary>Letters and options in the catalogs that PostgreSQL up to 18 does not write.</summary>
internal static class UnknownKinds
{
    // Storage parameters and attribute options that DDL of PostgreSQL 13 to 18 sets: for tables, views, indexes,
    // columns. https://www.postgresql.org/docs/18/sql-createtable.html#SQL-CREATETABLE-STORAGE-PARAMETERS
    private static readonly string[] Known =
    [
        "fillfactor", "toast_tuple_target", "parallel_workers", "user_catalog_table", "vacuum_index_cleanup",
        "vacuum_truncate",
        "vacuum_max_eager_freeze_failure_rate", "log_autovacuum_min_duration", "autovacuum_enabled",
        "autovacuum_vacuum_threshold",
        "autovacuum_vacuum_max_threshold", "autovacuum_vacuum_scale_factor", "autovacuum_vacuum_insert_threshold",
        "autovacuum_vacuum_insert_scale_factor", "autovacuum_analyze_threshold", "autovacuum_analyze_scale_factor",
        "autovacuum_vacuum_cost_delay", "autovacuum_vacuum_cost_limit", "autovacuum_freeze_min_age",
        "autovacuum_freeze_max_age",
        "autovacuum_freeze_table_age", "autovacuum_multixact_freeze_min_age", "autovacuum_multixact_freeze_max_age",
        "autovacuum_multixact_freeze_table_age",
        "security_barrier", "security_invoker", "check_option",
        "buffering", "fastupdate", "gin_pending_list_limit", "deduplicate_items", "pages_per_range", "autosummarize",
        "vacuum_cleanup_index_scale_factor",
        "n_distinct", "n_distinct_inherited",
    ];

    private const string SomeRelation = "'pg_class'";

    // Columns of one letter, with the known letters, and catalog and OID column of the object they describe.
    private static readonly (string Table, string Catalog, string Oid, string Column, string Letters)[] Letters =
    [
        ("pg_class", SomeRelation, "oid", "relkind", "rpvmfSiItc"),
        ("pg_class", SomeRelation, "oid", "relpersistence", "put"),
        ("pg_class", SomeRelation, "oid", "relreplident", "dnfi"),
        ("pg_attribute", SomeRelation, "attrelid", "attidentity", "ad"),
        ("pg_attribute", SomeRelation, "attrelid", "attgenerated", "sv"),
        ("pg_attribute", SomeRelation, "attrelid", "attstorage", "pemx"),
        ("pg_type", "'pg_type'", "oid", "typtype", "bcdeprm"),
        ("pg_constraint", "'pg_constraint'", "oid", "contype", "cfpuxtn"),
        ("pg_proc", "'pg_proc'", "oid", "prokind", "fpaw"), ("pg_proc", "'pg_proc'", "oid", "provolatile", "isv"),
        ("pg_proc", "'pg_proc'", "oid", "proparallel", "sru"),
        ("pg_trigger", "'pg_trigger'", "oid", "tgenabled", "ODRA"),
        ("pg_rewrite", "'pg_rewrite'", "oid", "ev_enabled", "ODRA"),
        ("pg_rewrite", "'pg_rewrite'", "oid", "ev_type", "1234"),
        ("pg_event_trigger", "'pg_event_trigger'", "oid", "evtenabled", "ODRA"),
        ("pg_policy", "'pg_policy'", "oid", "polcmd", "rawd*"),
        ("pg_cast", "'pg_cast'", "oid", "castmethod", "fbi"), ("pg_cast", "'pg_cast'", "oid", "castcontext", "eai"),
        ("pg_am", "'pg_am'", "oid", "amtype", "it"), ("pg_collation", "'pg_collation'", "oid", "collprovider", "dicb"),
        ("pg_default_acl", "'pg_default_acl'", "oid", "defaclobjtype", "rSfTnL"),
        ("pg_depend", "x.classid::regclass::text", "objid", "deptype", "naiePSxp"),
    ];

    private static readonly string List = $"ARRAY[{string.Join(", ", Known.Select(one => $"'{one}'"))}]";

    /// <summary>A condition on the option s.</summary>
    public static string IsKnown { get; } = $"split_part(s, '=', 1) = ANY ({List})";

    /// <summary>Neither known nor the server's own, with values; null: none.</summary>
    public static string Options(string array) =>
        $"""(SELECT string_agg(s, ', ' ORDER BY s COLLATE "C") FROM unnest({array}) s """
        + $"""WHERE NOT starts_with(s, 'pg_') AND NOT {IsKnown})""";

    /// <summary>Objects with an unknown letter.</summary>
    public static async Task<IReadOnlyList<UnreadRow>> ReadAsync(Side side, CancellationToken ct)
    {
        var parts = Letters.Select(one => $"""
            SELECT {one.Catalog}, x.{one.Oid}, 'not known: {one.Column} ' || quote_literal(x.{one.Column}::text),
                   {(one.Column == "relkind" ? "true" : "false")}
            FROM {one.Table} x WHERE x.{one.Oid} >= {CatalogSql.FirstOwn} AND x.{one.Column}::text <> ''
                AND strpos('{one.Letters}', x.{one.Column}::text) = 0
            """);
        var found = await Task.WhenAll(parts.Select(part => SchemaSide.TryAsync(side, part, row =>
            new UnreadRow(row.GetString(0), row.GetFieldValue<uint>(1), row.GetString(2))
            {
                HoldsData = row.GetBoolean(3),
            }, ct)));
        // An unreadable catalog is reported with the group that reads it.
        return [.. found.SelectMany(one => one.Rows ?? [])];
    }
}
