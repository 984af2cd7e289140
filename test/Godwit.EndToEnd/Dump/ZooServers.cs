using System.Globalization;
using Godwit.EndToEnd.Dump;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;

[assembly: AssemblyFixture(typeof(ZooServers))]

namespace Godwit.EndToEnd.Dump;

/// <summary>A server of each major with the zoo in it, its contents, and its archives: each made when first asked
/// for.</summary>
public sealed class ZooServers : IAsyncDisposable
{
    public const string Database = "zoo";

    /// <summary>Neither superuser nor anything else that is special.</summary>
    private const string Owner = "zoo_owner";

    private const string OwnedDatabase = "zoo_owned";

    private static readonly Secret Password = new("limosa lapponica");

    private static readonly string Login = $"LOGIN PASSWORD '{Password.Reveal()}'";

    private readonly SemaphoreSlim _making = new(1);
    private readonly OtherServers _servers = new() { IsLarge = true };
    private readonly Dictionary<int, Task<LocalCluster>> _sources = [];
    private readonly Dictionary<int, DatabaseContents> _contents = [];
    private readonly Dictionary<string, string> _archives = [];
    private readonly HashSet<int> _owned = [];
    private readonly string _folder = TestRun.NewLargeFolder();
    private int _targets;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string ZooFolder =>
        Path.Combine(OtherServers.RepositoryRoot(), "test", "Godwit.EndToEnd", "Dump", "Zoo");

    /// <summary>The major of the programs for a source of this one. Debian has 15 and 17, and a pg_dump reads servers
    /// that are not newer than itself.</summary>
    public static int ClientMajor(int major) => major <= 15 ? 15 : 17;

    public static string Script(string name) => Path.Combine(ZooFolder, name);

    /// <summary>The server of this major, its database <see cref="Database"/> filled.</summary>
    public Task<LocalCluster> SourceAsync(int major) => OnceAsync(() => SourceOnceAsync(major));

    internal Task<DatabaseContents> ContentsAsync(int major) => OnceAsync(async () =>
    {
        if (!_contents.TryGetValue(major, out var contents))
            _contents[major] = contents = await DatabaseContents.ReadAsync(await SourceOnceAsync(major), Database,
                ClientMajor(major));
        return contents;
    });

    /// <summary>The path of the zoo's archive.</summary>
    public Task<string> ArchiveAsync(int major, Maker maker) => OnceAsync(async () =>
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"zoo-{major}-{maker}.dump");
        if (!_archives.TryGetValue(name, out var path))
        {
            path = Path.Combine(_folder, name);
            await Archives.MakeAsync(maker, await SourceOnceAsync(major), Database, path);
            _archives[name] = path;
        }

        return path;
    });

    /// <summary>An empty database but for the extension whose tables no CREATE EXTENSION could make, see
    /// zoo-extension.sql. On 17 for a source on 16: pg_restore 17 tells every server about transaction_timeout, which
    /// 16 does not know.</summary>
    internal async Task<(LocalCluster Server, string Database)> NewTargetAsync(int sourceMajor)
    {
        var server = await SourceAsync(sourceMajor == 16 ? 17 : sourceMajor);
        var database = await NewDatabaseAsync(server, "UTF8");
        await PgProgram.LoadAsync(server, database, Script("zoo-extension.sql"));
        return (server, database);
    }

    /// <summary>The same on a server of this major, which may have no zoo.</summary>
    internal async Task<(LocalCluster Server, string Database)> NewTargetOnAsync(int major)
    {
        // One at a time: the server may be getting a zoo, and with it these roles.
        var server = await OnceAsync(() => WithRolesAsync(major));
        var database = await NewDatabaseAsync(server, "UTF8");
        await PgProgram.LoadAsync(server, database, Script("zoo-extension.sql"));
        return (server, database);
    }

    private async Task<LocalCluster> WithRolesAsync(int major)
    {
        var server = await _servers.OfMajorAsync(major);
        foreach (var role in new[] { "zoo_keeper", "zoo_visitor", "Zoo \"guest\"" })
            await MakeRoleAsync(server, role, "NOLOGIN");
        return server;
    }

    /// <summary>What of the zoo an ordinary role can make, made by one.</summary>
    internal Task<PostgresAddress> OwnedSourceAsync(int major) => OnceAsync(async () =>
    {
        var server = await _servers.OfMajorAsync(major);
        if (_owned.Add(major))
        {
            await MakeRoleAsync(server, Owner, Login);
            await server.ExecuteAsync("postgres",
                $"CREATE DATABASE {OwnedDatabase} OWNER {Owner} TEMPLATE template0 ENCODING 'UTF8'", Ct);
            await PgProgram.LoadWithAsync(server, OwnedDatabase, $"owner={Owner}", Script("zoo-extension.sql"),
                Script("zoo.sql"));
        }

        return Address(server, OwnedDatabase);
    });

    /// <summary>A database of an ordinary role, with what a platform would have to install for it.</summary>
    internal async Task<(LocalCluster Server, PostgresAddress Address)> NewOwnedTargetAsync(int major)
    {
        var (server, database) = await NewTargetOnAsync(major);
        await OnceAsync(async () =>
        {
            await MakeRoleAsync(server, Owner, Login);
            return true;
        });
        await server.ExecuteAsync("postgres", $"ALTER DATABASE {database} OWNER TO {Owner}", Ct);
        await server.ExecuteAsync(database, $"""
            ALTER SCHEMA public OWNER TO {Owner}; ALTER TABLE public.config_whole OWNER TO {Owner};
            ALTER TABLE public.config_part OWNER TO {Owner};
            CREATE EXTENSION postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO {Owner}
            """, Ct);
        return (server, Address(server, database));
    }

    internal async Task<string> NewDatabaseAsync(LocalCluster server, string encoding)
    {
        var database = $"target_{Interlocked.Increment(ref _targets)}";
        await server.ExecuteAsync("postgres",
            $"CREATE DATABASE {database} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'", Ct);
        return database;
    }

    private static PostgresAddress Address(LocalCluster server, string database) =>
        PostgresUrl.Parse(server.Url(database, Owner, Password).Reveal(), "The owned zoo's URL");

    private static async Task MakeRoleAsync(LocalCluster server, string role, string attributes)
    {
        if (!await server.ScalarAsync<bool>("postgres",
            $"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')", Ct))
            await server.ExecuteAsync("postgres", $"CREATE ROLE {ServerCatalog.Quote(role)} {attributes}", Ct);
    }

    public string NewPath() => Path.Combine(_folder, Path.GetRandomFileName());

    public async ValueTask DisposeAsync()
    {
        await _servers.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        _making.Dispose();
    }

    // A source that could not be made stays so: every test that wants it says why.
    private Task<LocalCluster> SourceOnceAsync(int major)
    {
        if (!_sources.TryGetValue(major, out var source))
            _sources[major] = source = MakeSourceAsync(major);
        return source;
    }

    private async Task<LocalCluster> MakeSourceAsync(int major)
    {
        var server = await _servers.OfMajorAsync(major);
        // New statistics of the catalog would change the order in which pg_dump reads it, and with it the numbers in
        // its table of contents.
        await server.ExecuteAsync("postgres", "ALTER SYSTEM SET autovacuum = off", Ct);
        await server.ExecuteAsync("postgres", "SELECT pg_reload_conf()", Ct);
        await server.ExecuteAsync("postgres", $"CREATE DATABASE {Database} TEMPLATE template0 ENCODING 'UTF8'", Ct);
        await PgProgram.LoadAsync(server, Database, Script("zoo-extension.sql"), Script("zoo.sql"));
        return server;
    }

    private async Task<T> OnceAsync<T>(Func<Task<T>> make)
    {
        await _making.WaitAsync(Ct);
        try
        {
            return await make();
        }
        finally
        {
            _making.Release();
        }
    }
}
