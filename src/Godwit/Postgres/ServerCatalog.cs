using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>An ordinary table, a partition, or a populated materialized view (others cannot be read).</summary>
/// <param name="Name">Quoted and qualified.</param>
/// <param name="Plain">As in pg_dump's messages: schema.name, not quoted.</param>
/// <param name="Bytes">With TOAST, without indexes.</param>
public sealed record TableFacts(string Name, string Plain, long Bytes, bool Readable);

public sealed record ExtensionFacts(string Name, string Version, string Schema);

/// <summary>Catalog queries for PostgreSQL 12 to 18.</summary>
public static class ServerCatalog
{
    // Without system schemas, temporary tables and members of extensions.
    internal const string UserRelations = """
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        """;

    /// <summary>Within the limits of server, database and role.</summary>
    public static Task<long> FreeConnectionsAsync(PostgresSession session, CancellationToken ct) =>
        // numbackends includes the server's own workers, so the result is rather too low: applications need some too.
        session.ScalarAsync<long>("""
            SELECT least(
                pg_catalog.current_setting('max_connections')::bigint -
                    pg_catalog.current_setting('superuser_reserved_connections')::bigint
                    - coalesce(pg_catalog.current_setting('reserved_connections', true), '0')::bigint
                    - (SELECT pg_catalog.sum(numbackends) FROM pg_catalog.pg_stat_database),
                (SELECT nullif(datconnlimit, -1)::bigint - pg_catalog.pg_stat_get_db_numbackends(oid)
                 FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()),
                (SELECT nullif(rolconnlimit, -1)::bigint - (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity
                    WHERE usename = current_user)
                 FROM pg_catalog.pg_roles WHERE rolname = current_user))::bigint
            """, ct);

    public static async Task<long> DatabaseBytesAsync(PostgresSession session, CancellationToken ct) =>
        await session.ScalarAsync<long>("SELECT pg_catalog.pg_database_size(pg_catalog.current_database())", ct);

    public static async Task<bool> IsStandbyAsync(PostgresSession session, CancellationToken ct) =>
        await session.ScalarAsync<bool>("SELECT pg_catalog.pg_is_in_recovery()", ct);

    /// <summary>Tables with rows, largest first. A table that is dropped meanwhile has no size and rights, and is left
    /// out.</summary>
    public static Task<IReadOnlyList<TableFacts>> TablesAsync(PostgresSession session, CancellationToken ct) =>
        session.RowsAsync($"""
            WITH listed AS MATERIALIZED (
                SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, n.nspname || '.' || c.relname,
                       pg_catalog.pg_table_size(c.oid) AS bytes,
                       pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                           AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AS readable
                {UserRelations} AND (c.relkind = 'r' OR (c.relkind = 'm' AND c.relispopulated)))
            SELECT * FROM listed l WHERE l.bytes IS NOT NULL AND l.readable IS NOT NULL
            ORDER BY l.bytes DESC, l.name
            """,
            row => new TableFacts(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetBoolean(3)), ct);

    /// <summary>Tables, views, sequences and foreign tables, which a restore would meet or replace.</summary>
    public static Task<IReadOnlyList<string>> RelationsAsync(PostgresSession session, CancellationToken ct) =>
        RelationsAsync(session, above: 0, ct);

    /// <param name="above">OID: only newer relations. A server assigns OIDs in ascending order.</param>
    public static Task<IReadOnlyList<string>> RelationsAsync(
        PostgresSession session, long above, CancellationToken ct) =>
        session.RowsAsync($"""
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
            {UserRelations} AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.oid::bigint > $1
            ORDER BY 1
            """,
            row => row.GetString(0), ct, above);

    /// <summary>Except plpgsql.</summary>
    public static Task<IReadOnlyList<ExtensionFacts>> ExtensionsAsync(PostgresSession session, CancellationToken ct) =>
        session.RowsAsync("""
            SELECT e.extname, e.extversion, n.nspname
            FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
            WHERE e.extname <> 'plpgsql' ORDER BY 1
            """,
            row => new ExtensionFacts(row.GetString(0), row.GetString(1), row.GetString(2)), ct);

    public static async Task<long> LargeObjectsAsync(PostgresSession session, CancellationToken ct) =>
        await session.ScalarAsync<long>("SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata", ct);

    /// <summary>Different names may lead to one database (an alias, a proxy), so the servers' identities are compared
    /// too.</summary>
    public static async Task<bool> IsSameDatabaseAsync(PostgresSession one, PostgresSession other, CancellationToken ct)
    {
        const string identity = """
            SELECT pg_catalog.concat_ws('/', extract(epoch FROM pg_catalog.pg_postmaster_start_time()),
                                        d.oid, d.datname, pg_catalog.inet_server_port())
            FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
            """;
        return one.Address.NamesSameDatabaseAs(other.Address)
            || await one.ScalarAsync<string>(identity, ct) == await other.ScalarAsync<string>(identity, ct);
    }

    /// <summary>System identifier and OID, whatever the database's name and address. Standbys and forks share them. If
    /// the role may not read the system identifier, host and port are used.</summary>
    public static async Task<string> IdentityAsync(PostgresSession session, CancellationToken ct)
    {
        const string oid = "SELECT oid::text FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()";
        var mayAsk = await session.ScalarAsync<bool>(
            "SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')", ct);
        var cluster = mayAsk
            ? await session.ScalarAsync<string>("SELECT system_identifier::text FROM pg_catalog.pg_control_system()",
                ct)
            : $"{session.Address.Host}:{session.Address.Port}";
        return $"{cluster}/{await session.ScalarAsync<string>(oid, ct)}";
    }

    /// <summary>From <c>ALTER DATABASE … SET</c>, for all roles.</summary>
    public static Task<IReadOnlyList<(string Name, string Value)>> DatabaseSettingsAsync(
        PostgresSession session, CancellationToken ct) =>
        session.RowsAsync("""
            SELECT pg_catalog.split_part(s, '=', 1), pg_catalog.substr(s, pg_catalog.strpos(s, '=') + 1)
            FROM pg_catalog.pg_db_role_setting r JOIN pg_catalog.pg_database d ON d.oid = r.setdatabase,
                 pg_catalog.unnest(r.setconfig) s
            WHERE d.datname = pg_catalog.current_database() AND r.setrole = 0
            ORDER BY 1
            """,
            row => (row.GetString(0), row.GetString(1)), ct);

    public static string Quote(string identifier) =>
        "\"" + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public static string Number(long value) => Phrase.Number(value);
}
