using System.Globalization;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;

[assembly: AssemblyFixture(typeof(OtherServers))]

namespace Godwit.EndToEnd.Migration;

/// <summary>PostgreSQL servers unlike the shared one: of another major (which <c>./check</c> puts into .tools), or
/// with TLS. The first test that asks starts each.</summary>
public sealed class OtherServers : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private readonly Dictionary<string, LocalCluster> _running = [];
    private string? _folder;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The databases have hundreds of megabytes.</summary>
    internal bool IsLarge { get; init; }

    /// <summary>The major of this machine's own server, which is not in .tools.</summary>
    private const int InstalledMajor = 15;

    /// <summary>The folder of pg_dump, pg_restore and psql for a server of this major: this machine's, or a newer one
    /// in .tools.</summary>
    public static string ClientFolder(int serverMajor) => serverMajor <= InstalledMajor
        ? Path.GetDirectoryName(new PgTools(Environment.GetEnvironmentVariable).Newest("psql"))!
        : Path.Combine(RepositoryRoot(), ".tools", "postgresql-client", "17", "bin");

    /// <summary>The folder of pg_dump, pg_restore and psql 15 from before the minors of 12 November 2026, which Debian
    /// offers beside the newest.</summary>
    public static string OlderClientFolder { get; } = Path.Combine(RepositoryRoot(), ".tools", "postgresql-client",
        "15-older", "bin");

    /// <summary>The folder of initdb, pg_ctl and postgres of this major; null: this machine's own.</summary>
    public static string? BinFolder(int major) =>
        major == InstalledMajor ? null : ServerFolder(major.ToString(CultureInfo.InvariantCulture));

    public Task<LocalCluster> OfMajorAsync(int major)
    {
        var name = major.ToString(CultureInfo.InvariantCulture);
        return StartedAsync(name, folder => new LocalClusterOptions
        {
            Folder = folder, Durable = false, HasTls = false, BinFolder = BinFolder(major),
        });
    }

    /// <summary>A server of 17 from before the minors of 12 November 2026.</summary>
    public Task<LocalCluster> OlderMinorAsync() => StartedAsync("17-older", folder => new LocalClusterOptions
    {
        Folder = folder, Durable = false, HasTls = false, BinFolder = ServerFolder("17-older"),
    });

    /// <summary>The programs of a server in .tools.</summary>
    public static string ServerFolder(string name) =>
        Path.Combine(RepositoryRoot(), ".tools", "postgresql", name, "bin");

    /// <summary>For tests that need TLS at the source. The other servers here have none, because TLS costs 4 ms of the
    /// processor at each login.</summary>
    public Task<LocalCluster> WithTlsAsync() =>
        StartedAsync("tls", folder => new LocalClusterOptions { Folder = folder, Durable = false });

    /// <summary>Creates a database owned by a role of the same name.</summary>
    /// <returns>The database's URL.</returns>
    public static async Task<Secret> AddDatabaseAsync(LocalCluster cluster, string name, Secret password)
    {
        await cluster.ExecuteAsync("postgres", $"CREATE ROLE {name} LOGIN PASSWORD '{password.Reveal()}'", Ct);
        await cluster.ExecuteAsync("postgres", $"CREATE DATABASE {name} OWNER {name}", Ct);
        return cluster.Url(name, name, password);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in _running.Values)
            await cluster.DisposeAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
        _starting.Dispose();
    }

    private async Task<LocalCluster> StartedAsync(string name, Func<string, LocalClusterOptions> options)
    {
        await _starting.WaitAsync(Ct);
        try
        {
            if (!_running.TryGetValue(name, out var cluster))
            {
                _folder ??= IsLarge ? TestRun.NewLargeFolder() : TestRun.NewFolder();
                _running[name] = cluster = await LocalCluster.StartAsync(options(Path.Combine(_folder, name)),
                    new ProcessRunner(TimeProvider.System), TimeProvider.System, Ct);
            }

            return cluster;
        }
        finally
        {
            _starting.Release();
        }
    }

    public static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Godwit.slnx")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new DirectoryNotFoundException("The tests run outside the repository: no Godwit.slnx above them.");
    }
}
