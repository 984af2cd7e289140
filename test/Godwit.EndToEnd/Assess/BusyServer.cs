using Godwit.EndToEnd.Servers;
using Godwit.HerokuLocal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Assess;

/// <summary>A server that lets transactions be prepared and its changes be followed.</summary>
public sealed class BusyServer : IAsyncLifetime
{
    private readonly string _folder = TestRun.NewFolder();

    public LocalCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await LocalCluster.StartAsync(
        new LocalClusterOptions
        {
            Folder = Path.Combine(_folder, "server"), Durable = false, HasTls = false,
            Settings = new Dictionary<string, string>
            {
                ["max_prepared_transactions"] = "5", ["wal_level"] = "logical",
            },
        },
        new ProcessRunner(TimeProvider.System), TimeProvider.System, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
