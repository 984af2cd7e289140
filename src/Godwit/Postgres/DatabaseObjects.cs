namespace Godwit.Postgres;

/// <summary>Drops a database's user objects one by one: the role may not drop the database, and the provider's
/// extensions and schemas must stay.</summary>
public static class DatabaseObjects
{
    // Each object takes a lock until the statement ends; a server has room for some thousands.
    private const int DroppedAtOnce = 100;

    // Objects made by initdb have lower OIDs. https://www.postgresql.org/docs/current/catalog-initial-data.html,
    // FirstNormalObjectId.
    private const string FirstNormal = "16384";

    // Kind and name as DROP takes them, without members of extensions and parts of other objects. Tables precede what
    // they use, which leaves little for CASCADE. DROP ROUTINE is used because DROP AGGREGATE needs other signatures. A
    // partitioned table depends on its own key column, which does not count.
    private const string Listing = $"""
        SELECT CASE WHEN one.catalog = 'pg_catalog.pg_proc'::pg_catalog.regclass THEN 'routine'
                    ELSE pg_catalog.replace(i.type, '-', ' ') END AS kind, i.identity AS name,
               coalesce(i.schema, i.name) AS schema,
               CASE WHEN i.type IN ('event trigger', 'publication') THEN 0
                    WHEN i.type IN ('materialized view', 'view') THEN 1
                    WHEN i.type IN ('table', 'foreign table', 'sequence') THEN 2
                    WHEN i.type = 'extension' THEN 4 WHEN i.type = 'schema' THEN 5 ELSE 3 END AS place
        FROM (SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS catalog, oid AS id FROM pg_catalog.pg_class
              WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
              UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid FROM pg_catalog.pg_proc
              UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, oid FROM pg_catalog.pg_type
              UNION ALL SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, oid FROM pg_catalog.pg_operator
              UNION ALL SELECT 'pg_catalog.pg_opclass'::pg_catalog.regclass, oid FROM pg_catalog.pg_opclass
              UNION ALL SELECT 'pg_catalog.pg_opfamily'::pg_catalog.regclass, oid FROM pg_catalog.pg_opfamily
              UNION ALL SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass, oid FROM pg_catalog.pg_collation
              UNION ALL SELECT 'pg_catalog.pg_conversion'::pg_catalog.regclass, oid FROM pg_catalog.pg_conversion
              UNION ALL SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass, oid FROM pg_catalog.pg_ts_config
              UNION ALL SELECT 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, oid FROM pg_catalog.pg_ts_dict
              UNION ALL SELECT 'pg_catalog.pg_cast'::pg_catalog.regclass, oid FROM pg_catalog.pg_cast
              UNION ALL SELECT 'pg_catalog.pg_transform'::pg_catalog.regclass, oid FROM pg_catalog.pg_transform
              UNION ALL SELECT 'pg_catalog.pg_language'::pg_catalog.regclass, oid FROM pg_catalog.pg_language
              UNION ALL SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, oid
              FROM pg_catalog.pg_foreign_server
              UNION ALL SELECT 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, oid
              FROM pg_catalog.pg_foreign_data_wrapper
              UNION ALL SELECT 'pg_catalog.pg_event_trigger'::pg_catalog.regclass, oid FROM pg_catalog.pg_event_trigger
              UNION ALL SELECT 'pg_catalog.pg_publication'::pg_catalog.regclass, oid FROM pg_catalog.pg_publication
              UNION ALL SELECT 'pg_catalog.pg_extension'::pg_catalog.regclass, oid FROM pg_catalog.pg_extension
              UNION ALL SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, oid FROM pg_catalog.pg_namespace
             ) one, LATERAL pg_catalog.pg_identify_object(one.catalog, one.id, 0) i
        WHERE one.id >= {FirstNormal} AND i.identity IS NOT NULL
            AND coalesce(i.schema, CASE WHEN i.type = 'schema' THEN i.name END, '') !~ '^(pg_|information_schema$)'
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = one.catalog AND d.objid = one.id
                            AND d.deptype IN ('e', 'i') AND d.refobjid <> d.objid)
        """;

    private const string AsJson = $"""
        SELECT coalesce(pg_catalog.json_agg(kind || ' ' || name ORDER BY kind, name), '[]')::text
        FROM ({Listing}) found
        """;

    private const string Others = $"""
        SELECT kind, name, schema IS NOT DISTINCT FROM $2 FROM ({Listing}) found
        WHERE kind || ' ' || name NOT IN (SELECT pg_catalog.json_array_elements_text($1::json))
        ORDER BY schema IS NOT DISTINCT FROM $2, place, kind, name
        """;

    private const string LargeObjects = """
        SELECT pg_catalog.count(pg_catalog.lo_unlink(oid))
        FROM (SELECT oid FROM pg_catalog.pg_largeobject_metadata LIMIT 1000) batch
        """;

    /// <summary>JSON for <see cref="DropAllButAsync"/>, without large objects and default privileges.</summary>
    public static async Task<string> ListAsync(PostgresSession session, CancellationToken ct) =>
        (await session.ScalarAsync<string>(AsJson, ct))!;

    /// <summary>Drops all other objects with CASCADE, and all large objects. Each statement commits by itself; after an
    /// interruption, call this again.</summary>
    /// <param name="kept">From <see cref="ListAsync"/>.</param>
    /// <param name="lastSchema">Dropped last, with its contents.</param>
    public static async Task DropAllButAsync(
        PostgresSession session, string kept, string lastSchema, CancellationToken ct)
    {
        var others = await session.RowsAsync(Others,
            row => (Kind: row.GetString(0), Name: row.GetString(1), IsLast: row.GetBoolean(2)), ct, kept, lastSchema);
        await DropLargeObjectsAsync(session, ct);
        foreach (var ofKind in others.GroupBy(one => (one.Kind, one.IsLast)))
        {
            foreach (var some in ofKind.Chunk(IsOneByOne(ofKind.Key.Kind) ? 1 : DroppedAtOnce))
                await session.ExecuteAsync($"DROP {ofKind.Key.Kind.ToUpperInvariant()} IF EXISTS "
                    + $"{string.Join(", ", some.Select(one => one.Name))} CASCADE", ct);
        }
    }

    private static async Task DropLargeObjectsAsync(PostgresSession session, CancellationToken ct)
    {
        while (await session.ScalarAsync<long>(LargeObjects, ct) > 0)
            ct.ThrowIfCancellationRequested();
    }

    // Kinds for which DROP takes no list.
    private static bool IsOneByOne(string kind) => kind is "operator class" or "operator family" or "cast"
        or "transform" or "language" or "event trigger" or "conversion" or "collation"
        or "text search configuration" or "text search dictionary";
}
