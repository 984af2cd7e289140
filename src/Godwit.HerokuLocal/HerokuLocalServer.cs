// HerokuLocal: a Heroku on this machine. For the calls that the real CLI makes, it cannot tell the difference.
//
// One port answers as Platform API and as Data API. The databases are in a real PostgreSQL cluster in its own folder,
// and the real pg_dump and pg_restore move their contents. It listens on loopback only and knows nothing of migrations.
// Its state survives a restart; work of a killed server is started again or marked as failed.
using System.Text.Json.Nodes;
using Godwit.Faults;
using Godwit.HerokuLocal.Cluster;
using Godwit.HerokuLocal.Data;
using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.Platform;
using Godwit.HerokuLocal.State;
using Godwit.HerokuLocal.Transfers;
using Godwit.HerokuLocal.Trouble;
using Godwit.Postgres;
using Microsoft.AspNetCore.Builder;

namespace Godwit.HerokuLocal;

/// <summary>Disposing kills the server; for an orderly end call <see cref="StopAsync"/> first.</summary>
public sealed class HerokuLocalServer : IAsyncDisposable
{
    // One database at its plan's limit of 500, and our own.
    private const int ClusterConnectionsMax = 550;

    private readonly LocalFiles _files;
    private readonly LocalCluster _cluster;
    private readonly Background _background;
    private readonly ArchiveDownload _download;
    private readonly WebApplication _web;
    private readonly FaultSimulator _trouble;

    private HerokuLocalServer(
        LocalFiles files, LocalCluster cluster, Background background, ArchiveDownload download, WebApplication web,
        FaultSimulator trouble) =>
        (_files, _cluster, _background, _download, _web, _trouble) = (files, cluster, background,
            download, web, trouble);

    /// <summary><c>http://127.0.0.1:PORT</c>, without a slash at the end.</summary>
    public required string Url { get; init; }

    public required Secret Token { get; init; }

    private Task StopRequest { get; init; } = Task.CompletedTask;

    /// <summary>To look at the actual databases.</summary>
    public LocalCluster Cluster => _cluster;

    /// <exception cref="FaultException">Not loopback, folder or port in use, PostgreSQL missing, or an invalid
    /// fault.</exception>
    public static async Task<HerokuLocalServer> StartAsync(
        HerokuLocalOptions options, IProcessRunner runner, TimeProvider clock, CancellationToken ct)
    {
        var address = LoopbackPort.Require(options.Address);
        var trouble = new FaultSimulator(clock);
        foreach (var spec in options.Faults)
            trouble.Add(spec);
        var files = new LocalFiles(options.Folder);
        files.Prepare();
        var token = options.Token
            ?? (options.TokenFile is null ? files.Token() : LocalFiles.ReadToken(options.TokenFile));
        var store = LocalStore.Open(files.State, clock);
        var cluster = await StartClusterAsync(options, files, store, runner, clock, ct);
#pragma warning disable CA2000 // Owned by the server it is given to; disposed below when there will be none.
        var background = new Background();
        var download = new ArchiveDownload();
#pragma warning restore CA2000
        try
        {
            var databases = new DatabaseServer(cluster, trouble);
            var releases = new ReleaseKeeper(databases, trouble, clock);
            store.Completing = releases.Complete;
            var links = new BackupLinks(files, store.Read(s => s.SigningKey), clock);
            var log = new TransferLog(files.Logs, clock);
            var programs = new TransferPrograms(runner, new PgTools(Environment.GetEnvironmentVariable), clock);
            var transfers = new TransferRunner(store, databases, files, programs, download, log, links, trouble,
                background, clock);
            transfers.FailInterrupted();
            var provisioner = new Provisioner(store, databases, trouble, background, options.ProvisioningTime, clock);
            var port = options.Port == 0 ? LoopbackPort.FindFree(address, store.Read(s => s.ApiPort)) : options.Port;
            var web = LocalHost.Build(address, port,
                new Gate(token, new RateLimit(options.CallsPerHourMax, clock), trouble));
            new AppEndpoints(store, databases, options, clock).Map(web);
            new ReleaseEndpoints(store, databases, options, clock).Map(web);
            new FormationEndpoints(store, clock).Map(web);
            new AccountEndpoints(store, options, token).Map(web);
            new AddonEndpoints(store, databases, provisioner, clock).Map(web);
            new AttachmentEndpoints(store, clock).Map(web);
            new DatabaseEndpoints(store, databases, trouble).Map(web);
            new CredentialEndpoints(store, databases).Map(web);
            new SettingEndpoints(store, databases).Map(web);
            var stop = MapStop(web);
            new TransferEndpoints(store, transfers, log, links, databases, clock).Map(web);
            new ScheduleEndpoints(store).Map(web);
            new BackupFiles(links).Map(web);
            links.BaseUrl = await LocalHost.StartAsync(web, port, ct);
            store.Change(s => s.ApiPort = port);
            provisioner.ResumeAll();
            files.Announce(new(Environment.ProcessId, links.BaseUrl,
                options.Token is null ? Path.GetFullPath(options.TokenFile ?? files.TokenFile) : null));
            return new(files, cluster, background, download, web, trouble)
            { Url = links.BaseUrl, Token = token, StopRequest = stop.Task };
        }
        catch
        {
            await background.DisposeAsync();
            download.Dispose();
            await cluster.DisposeAsync();
            throw;
        }
    }

    private static TaskCompletionSource MapStop(WebApplication web)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        web.On("POST", Gate.StopPath, _ =>
        {
            stop.TrySetResult();
            return Reply.Ok(new JsonObject());
        });
        return stop;
    }

    /// <summary>Takes effect while the server runs.</summary>
    /// <param name="spec">As after <c>--fault</c>: <c>restore:fails-after=2s,count=1</c>.</param>
    public void AddFault(string spec) => _trouble.Add(spec);

    public void ClearFaults() => _trouble.Clear();

    /// <summary>Makes the real CLI, and Godwit, use this server. Only the token is secret.</summary>
    public IReadOnlyDictionary<string, Secret> CliEnvironment() => new Dictionary<string, Secret>
    {
        ["HEROKU_HOST"] = Secret.Plain(Url),
        ["HEROKU_DATA_HOST"] = Secret.Plain(new Uri(Url).Host),
        ["HEROKU_PARTICLEBOARD_URL"] = Secret.Plain(Url),
        ["HEROKU_API_KEY"] = Token,
        ["DISABLE_TELEMETRY"] = Secret.Plain("true"),
        ["HEROKU_SKIP_NEW_VERSION_CHECK"] = Secret.Plain("true"),
        ["HEROKU_DISABLE_AUTOUPDATE"] = Secret.Plain("1"),
    };

    /// <summary>Completes when another process asks the server to end (<see cref="RunningHerokuLocal.StopAsync"/>);
    /// then call <see cref="StopAsync"/>.</summary>
    public Task WaitForStopRequestAsync(CancellationToken ct) => StopRequest.WaitAsync(ct);

    /// <summary>Stops answering, ends running work, then stops the cluster in order.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        await _web.StopAsync(ct);
        await _background.DisposeAsync();
        await _cluster.StopAsync(ct);
        File.Delete(_files.Running);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _background.DisposeAsync();
        _download.Dispose();
        await _cluster.DisposeAsync();
        File.Delete(_files.Running);
    }

    private static async Task<LocalCluster> StartClusterAsync(
        HerokuLocalOptions options, LocalFiles files, LocalStore store, IProcessRunner runner, TimeProvider clock,
        CancellationToken ct)
    {
        var wanted = new LocalClusterOptions
        {
            Folder = files.Cluster, BinFolder = options.BinFolder, Address = options.Address, Durable = options.Durable,
            RequireTls = true, ConnectionsMax = ClusterConnectionsMax, PreferredPort = store.Read(s => s.DatabasePort),
        };
        var cluster = await LocalCluster.StartAsync(wanted, runner, clock, ct);
        store.Change(s => s.DatabasePort = cluster.Port);
        return cluster;
    }
}
