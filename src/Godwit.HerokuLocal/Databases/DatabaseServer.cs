// Databases: an add-on's database in the cluster.
//
// A database, its owner (no superuser), the extensions that the owner may create, and the plan's limits. All statements
// run as the cluster's superuser, like those of Heroku's control plane.
using System.Globalization;
using Godwit.Faults;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.Platform;
using Godwit.HerokuLocal.State;
using Godwit.HerokuLocal.Trouble;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.HerokuLocal.Databases;

/// <summary>What the cluster knows about a database.</summary>
internal sealed record DatabaseFacts(long Bytes, long Tables, long Connections, string Version);

internal sealed class DatabaseServer(LocalCluster cluster, FaultSimulator trouble)
{
    // For a session with a lock, which is not killed.
    private const string EmptyLockWaitMax = "30s";

    public int Major => cluster.Major;

    public string Host => cluster.Host;

    public int Port => cluster.Port;

    public string Url(AddonState addon, CredentialState credential) =>
        cluster.Url(addon.Database, credential.User, credential.Password).Reveal();

    /// <summary>Can run again: the creation restarts after a server was killed in it.</summary>
    public async Task CreateAsync(AddonState addon, Plan plan, CancellationToken ct)
    {
        await DropAsync(addon, ct);
        var owner = addon.Owner;
        await cluster.ExecuteAsync("postgres", $"""
            CREATE ROLE {owner.User} LOGIN PASSWORD '{owner.Password.Reveal()}' NOSUPERUSER NOCREATEDB NOCREATEROLE
                NOREPLICATION NOBYPASSRLS
              CONNECTION LIMIT {plan.Connections.ToString(CultureInfo.InvariantCulture)};
            GRANT pg_monitor, pg_read_all_settings, pg_read_all_stats, pg_signal_backend TO {owner.User};
            """, ct);
        await cluster.ExecuteAsync("postgres",
            $"CREATE DATABASE {addon.Database} OWNER {owner.User} TEMPLATE template0 ENCODING 'UTF8'", ct);
        await cluster.ExecuteAsync("postgres", $"""
            REVOKE ALL ON DATABASE {addon.Database} FROM PUBLIC;
            ALTER DATABASE {addon.Database} CONNECTION LIMIT {plan.Connections.ToString(CultureInfo.InvariantCulture)};
            ALTER DATABASE {addon.Database} SET {plan.ExtensionsSetting} = '{string.Join(',', Allowed.Extensions)}';
            """, ct);
        await cluster.ExecuteAsync(addon.Database,
            ExtensionGuard.Sql(Allowed.Extensions, LocalCluster.SuperUser, OpensTables) + PublicSchema(owner.User), ct);
        await CreateExtensionsAsync(addon, addon.Extensions, ct);
    }

    public async Task DropAsync(AddonState addon, CancellationToken ct)
    {
        await cluster.ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {addon.Database} WITH (FORCE)", ct);
        foreach (var credential in addon.Credentials)
            await cluster.ExecuteAsync("postgres", $"DROP ROLE IF EXISTS {ServerCatalog.Quote(credential.User)}", ct);
    }

    /// <summary>Sessions stay connected; an idle one does not notice.</summary>
    public async Task EmptyAsync(AddonState addon, IReadOnlyList<string> extensions, CancellationToken ct)
    {
        await cluster.ExecuteAsync(addon.Database,
            $"SET lock_timeout = '{EmptyLockWaitMax}'; {EmptySql}{PublicSchema(addon.Owner.User)}", ct);
        await CreateExtensionsAsync(addon, extensions, ct);
    }

    /// <param name="extensions"><c>name</c> or <c>schema.name</c>, after <see cref="CheckExtensions"/>.</param>
    public async Task CreateExtensionsAsync(AddonState addon, IReadOnlyList<string> extensions, CancellationToken ct)
    {
        foreach (var (schema, name) in extensions.Select(Split))
        {
            if (schema is not null)
                await cluster.ExecuteAsync(addon.Database,
                    $"CREATE SCHEMA IF NOT EXISTS \"{schema}\" AUTHORIZATION {addon.Owner.User}", ct);
            await cluster.ExecuteAsync(addon.Database,
                $"CREATE EXTENSION IF NOT EXISTS \"{name}\" {(schema is null ? "" : $"SCHEMA \"{schema}\"")} CASCADE",
                ct);
        }

        if (extensions.Count > 0 && OpensTables)
            await cluster.ExecuteAsync(addon.Database, ExtensionGuard.OpeningSql(addon.Owner.User), ct);
    }

    private bool OpensTables => trouble.Peek("extension", "closed") is null;

    /// <summary>Throws if one is not allowed.</summary>
    public static void CheckExtensions(IEnumerable<string> extensions)
    {
        foreach (var (schema, name) in extensions.Select(Split))
        {
            if (!Allowed.Extensions.Contains(name))
                throw ApiException.Invalid($"Extension {name} is not supported.");
            if (schema?.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_') == true)
                throw ApiException.Invalid($"Schema {schema} is not a valid schema for an extension.");
        }
    }

    public async Task<DatabaseFacts> LookAsync(AddonState addon, CancellationToken ct)
    {
        await using var connection = await cluster.OpenAsync(addon.Database, ct);
        await using var command = new NpgsqlCommand("""
            SELECT pg_database_size(current_database()),
              (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                WHERE relkind IN ('r', 'p') AND nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'),
              (SELECT count(*) FROM pg_stat_activity a JOIN pg_roles r ON r.rolname = a.usename
                  WHERE datname = current_database() AND NOT rolsuper),
              current_setting('server_version')
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3).Split(' ')[0]);
    }

    public async Task<long> BytesAsync(AddonState addon, CancellationToken ct) =>
        await cluster.ScalarAsync<long>("postgres", $"SELECT pg_database_size('{addon.Database}')", ct);

    /// <summary>Ends the owner's sessions of one program: pg_restore sees a cut network. Returns their
    /// number.</summary>
    public Task<long> CutAsync(AddonState addon, string applicationName, CancellationToken ct) =>
        cluster.ScalarAsync<long>("postgres",
            $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{addon.Database}' "
            + $"AND application_name = '{applicationName}'", ct);

    public Task<bool> HasRoleAsync(string name, CancellationToken ct) => cluster.ScalarAsync<bool>("postgres",
        "SELECT EXISTS (SELECT FROM pg_roles "
        + $"WHERE rolname = '{name.Replace("'", "''", StringComparison.Ordinal)}')", ct);

    /// <summary>The credential may connect, owns nothing, and has no access to public.</summary>
    public Task AddCredentialAsync(AddonState addon, CredentialState credential, CancellationToken ct) =>
        cluster.ExecuteAsync("postgres", $"""
            CREATE ROLE {ServerCatalog.Quote(credential.User)} LOGIN PASSWORD '{credential.Password.Reveal()}'
                NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
            GRANT CONNECT ON DATABASE {addon.Database} TO {ServerCatalog.Quote(credential.User)};
            """, ct);

    public async Task DropCredentialAsync(AddonState addon, CredentialState credential, CancellationToken ct)
    {
        var user = ServerCatalog.Quote(credential.User);
        await cluster.ExecuteAsync(addon.Database,
            $"REASSIGN OWNED BY {user} TO {addon.Owner.User}; DROP OWNED BY {user}", ct);
        await cluster.ExecuteAsync("postgres", $"DROP OWNED BY {user}; DROP ROLE {user}", ct);
    }

    public Task SetPasswordAsync(CredentialState credential, Secret password, CancellationToken ct) =>
        cluster.ExecuteAsync("postgres",
            $"ALTER ROLE {ServerCatalog.Quote(credential.User)} PASSWORD '{password.Reveal()}'", ct);

    /// <param name="setting">Not escaped: a known name, never a caller's text.</param>
    public Task SetAsync(AddonState addon, string setting, string value, CancellationToken ct) => cluster.ExecuteAsync(
        "postgres",
        $"ALTER DATABASE {addon.Database} SET {setting} = '{value.Replace("'", "''", StringComparison.Ordinal)}'", ct);

    private static (string? Schema, string Name) Split(string extension)
    {
        var dot = extension.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (null, extension) : (extension[..dot], extension[(dot + 1)..]);
    }

    // Since PostgreSQL 15 public belongs to the database's owner through a role; before, Heroku makes the owner own it.
    private string PublicSchema(string owner) => Major >= 15
        ? """
          CREATE SCHEMA IF NOT EXISTS public AUTHORIZATION pg_database_owner;
          GRANT USAGE ON SCHEMA public TO PUBLIC;
          COMMENT ON SCHEMA public IS 'standard public schema';
          """
        : $"""
          CREATE SCHEMA IF NOT EXISTS public;
          ALTER SCHEMA public OWNER TO {owner};
          GRANT ALL ON SCHEMA public TO PUBLIC;
          COMMENT ON SCHEMA public IS 'standard public schema';
          """;

    private const string EmptySql = """
        DO $empty$
        DECLARE thing record;
        BEGIN
          FOR thing IN SELECT evtname FROM pg_event_trigger WHERE evtname NOT LIKE 'heroku\_local\_%' LOOP
            EXECUTE format('DROP EVENT TRIGGER %I', thing.evtname);
          END LOOP;
          FOR thing IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP
            EXECUTE format('DROP EXTENSION IF EXISTS %I CASCADE', thing.extname);
          END LOOP;
          FOR thing IN SELECT nspname FROM pg_namespace
                       WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema' LOOP
            EXECUTE format('DROP SCHEMA %I CASCADE', thing.nspname);
          END LOOP;
          FOR thing IN SELECT pubname FROM pg_publication LOOP
            EXECUTE format('DROP PUBLICATION %I', thing.pubname);
          END LOOP;
          FOR thing IN SELECT fdwname FROM pg_foreign_data_wrapper LOOP
            EXECUTE format('DROP FOREIGN DATA WRAPPER %I CASCADE', thing.fdwname);
          END LOOP;
          PERFORM lo_unlink(oid) FROM pg_largeobject_metadata;
        END $empty$;

        """;
}
