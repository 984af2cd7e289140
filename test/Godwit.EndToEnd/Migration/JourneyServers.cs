using System.Security.Cryptography;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;

[assembly: AssemblyFixture(typeof(JourneyServers))]

namespace Godwit.EndToEnd.Migration;

/// <summary>A PostgreSQL server for sources and a local Heroku, for all journeys. The first journey that asks starts
/// them. Each journey has its own database and app. A journey that orders faults takes <see cref="TroubledHeroku"/>, so
/// that the others do not get them.</summary>
public sealed class JourneyServers : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private readonly HashSet<SourceContents> _templates = [];
    private readonly Secret _templatePassword = new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
    private string? _folder;
    private LocalCluster? _source;
    private HerokuLocalServer? _heroku;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Task<LocalCluster> SourceAsync() => OnceAsync(async folder => _source ??= await LocalCluster.StartAsync(
        new LocalClusterOptions
        {
            Folder = Path.Combine(folder, "source"),
            Durable = false,
            HasTls = false,
            // Every real source has autovacuum: a freeze meets its workers and must not stop them.
            Settings = new Dictionary<string, string>
            {
                ["autovacuum_naptime"] = "10s", ["autovacuum_vacuum_cost_limit"] = "1000",
            },
        },
        new ProcessRunner(TimeProvider.System), TimeProvider.System, Ct));

    /// <summary>A role that owns what is in the templates, until a journey gives its copy to its own role.</summary>
    public const string TemplateOwner = "journey_template";

    /// <summary>A database of the shared source with large contents, which are copied faster than made.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> TemplateAsync(SourceContents contents)
    {
        var source = await SourceAsync();
        var name = $"template_{contents.ToString().ToLowerInvariant()}";
        await _starting.WaitAsync(Ct);
        try
        {
            if (_templates.Contains(contents))
                return name;
            if (_templates.Count == 0)
                await source.ExecuteAsync("postgres",
                    $"CREATE ROLE {TemplateOwner} LOGIN PASSWORD '{_templatePassword.Reveal()}'", Ct);
            await source.ExecuteAsync("postgres", $"CREATE DATABASE {name} OWNER {TemplateOwner}", Ct);
            await JourneySource.FillAsync(
                source.ConnectionString(name, TemplateOwner, _templatePassword), contents, null, Ct);
            // REASSIGN OWNED in a copy gives away the role's databases too.
            await source.ExecuteAsync("postgres", $"ALTER DATABASE {name} OWNER TO {LocalCluster.SuperUser}", Ct);
            _templates.Add(contents);
            return name;
        }
        finally
        {
            _starting.Release();
        }
    }

    public Task<HerokuLocalServer> HerokuAsync() =>
        OnceAsync(async folder => _heroku ??= await StartHerokuAsync(Path.Combine(folder, "heroku")));

    /// <summary>High, because all journeys share one account and its limit.</summary>
    public const int CallsPerHourMax = 1_000_000;

    /// <summary>A new app has two workers, so that a test notices if only one is restored.</summary>
    public static Task<HerokuLocalServer> StartHerokuAsync(string folder, params string[] faults) =>
        HerokuLocalServer.StartAsync(
            new HerokuLocalOptions
            {
                Folder = folder,
                Durable = false,
                ProvisioningTime = TimeSpan.FromMilliseconds(200),
                ProcessTypes = new Dictionary<string, int> { ["web"] = 1, ["worker"] = GodwitRig.Workers },
                Faults = faults,
                CallsPerHourMax = CallsPerHourMax,
            },
            new ProcessRunner(TimeProvider.System), TimeProvider.System, Ct);

    public async ValueTask DisposeAsync()
    {
        if (_heroku is not null)
            await _heroku.DisposeAsync();
        if (_source is not null)
            await _source.DisposeAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
        _starting.Dispose();
    }

    private async Task<T> OnceAsync<T>(Func<string, Task<T>> start)
    {
        await _starting.WaitAsync(Ct);
        try
        {
            return await start(_folder ??= TestRun.NewFolder());
        }
        finally
        {
            _starting.Release();
        }
    }
}

/// <summary>A local Heroku for one test class. Its tests run one after another, and may order faults.</summary>
public sealed class TroubledHeroku : IAsyncLifetime
{
    private readonly string _folder = TestRun.NewFolder();
    private HerokuLocalServer? _server;

    public HerokuLocalServer Server => _server ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _server = await JourneyServers.StartHerokuAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
