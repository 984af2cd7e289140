using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.HerokuLocal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Chaos;

/// <summary>The servers of one run after the other: whatever strikes one of them strikes nobody else.</summary>
internal sealed class ChaosLane : IAsyncDisposable
{
    /// <summary>Heroku lets an account call 4500 times at once and 75 times a minute; a run calls a hundred times, or a
    /// few hundred.</summary>
    private const int RunsPerHeroku = 10;

    private readonly string _folder = TestRun.NewFolder();
    private LocalCluster? _source;
    private HerokuLocalServer? _heroku;
    private int _runs;

    public LocalCluster Source => _source ?? throw new InvalidOperationException("not started");

    public HerokuLocalServer Heroku => _heroku ?? throw new InvalidOperationException("not started");

    /// <summary>Ready for one more run when this returns.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        _source ??= await LocalCluster.StartAsync(
            new LocalClusterOptions
            {
                Folder = Path.Combine(_folder, "source"),
                Durable = false,
                Settings = new Dictionary<string, string>
                {
                    ["autovacuum_naptime"] = "1s", ["max_replication_slots"] = "4", ["wal_level"] = "logical",
                    ["max_prepared_transactions"] = "4",
                },
            },
            new ProcessRunner(TimeProvider.System), TimeProvider.System, ct);
        if (_heroku is not null && _runs++ % RunsPerHeroku == RunsPerHeroku - 1)
        {
            await _heroku.DisposeAsync();
            _heroku = null;
        }

        _heroku ??= await HerokuLocalServer.StartAsync(
            new HerokuLocalOptions
            {
                Folder = Path.Combine(_folder, "heroku"),
                Durable = false,
                ProvisioningTime = TimeSpan.FromMilliseconds(100),
                CallsPerHourMax = JourneyServers.CallsPerHourMax,
                ProcessTypes = new Dictionary<string, int>
                {
                    ["web"] = 2, ["worker"] = GodwitRig.Workers, ["clock"] = 1, ["idle"] = 0,
                },
            },
            new ProcessRunner(TimeProvider.System), TimeProvider.System, ct);
        _heroku.ClearFaults();
    }

    public async ValueTask DisposeAsync()
    {
        if (_heroku is not null)
            await _heroku.DisposeAsync();
        if (_source is not null)
            await _source.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What stands between Godwit and a run's source and store, and can break.</summary>
internal sealed class ChaosLines : IAsyncDisposable
{
    private readonly Random _dice;
    private int _errors;

    public ChaosLines(ChaosPlan plan, int sourcePort, int storePort)
    {
        _dice = plan.Draw("store errors");
        Source = new TcpLine(sourcePort);
        Store = new S3Proxy(storePort, Judge);
    }

    public TcpLine Source { get; }

    public S3Proxy Store { get; }

    /// <summary>So many of the next requests are answered with errors, or lost.</summary>
    public void OrderStoreErrors(int count) => Volatile.Write(ref _errors, count);

    public void Mend()
    {
        OrderStoreErrors(0);
        Store.Mend();
        Source.Mend();
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Store.DisposeAsync();
    }

    private S3Proxy.Verdict Judge(string line)
    {
        if (Volatile.Read(ref _errors) <= 0 || Interlocked.Decrement(ref _errors) < 0)
            return S3Proxy.Verdict.Pass;
        lock (_dice)
        {
            return _dice.Next(5) switch
            {
                0 => S3Proxy.Verdict.LoseRequest,
                1 => S3Proxy.Verdict.LoseAnswer,
                2 => S3Proxy.Verdict.LoseHalf,
                _ => S3Proxy.Verdict.Busy,
            };
        }
    }
}
