using Godwit.EndToEnd.HerokuCli;
using Godwit.EndToEnd.Servers;
using Godwit.HerokuLocal;
using Godwit.Postgres;

[assembly: AssemblyFixture(typeof(HerokuLocalFixture))]

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>One heroku-local in this process for all stories, started by the first that asks. A story that orders
/// trouble makes one of its own, or it would trouble its neighbours, which run beside it.</summary>
public sealed class HerokuLocalFixture : IAsyncDisposable
{
    /// <summary>Long enough that an add-on is not there at once, short enough for twenty of them.</summary>
    private static readonly TimeSpan ProvisioningTime = TimeSpan.FromMilliseconds(300);

    private readonly TimeProvider _clock;
    private readonly TimeSpan _provisioningTime;
    private readonly SemaphoreSlim _starting = new(1);
    private string? _folder;
    private HerokuLocalServer? _server;

    public HerokuLocalFixture()
        : this(TimeProvider.System, ProvisioningTime)
    {
    }

    internal HerokuLocalFixture(TimeProvider clock, TimeSpan provisioningTime) =>
        (_clock, _provisioningTime) = (clock, provisioningTime);

    internal async Task<HerokuLocalServer> ServerAsync(CancellationToken ct)
    {
        await _starting.WaitAsync(ct);
        try
        {
            if (_server is not null)
                return _server;
            _folder ??= TestRun.NewFolder();
            var options = new HerokuLocalOptions
            {
                Folder = Path.Combine(_folder, "local"), ProvisioningTime = _provisioningTime, Durable = false,
            };
            return _server = await HerokuLocalServer.StartAsync(options,
                new ProcessRunner(TimeProvider.System), _clock, ct);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Ends it in order; the next that asks gets a new one in the same folder.</summary>
    internal async Task RestartAsync(CancellationToken ct)
    {
        var server = await ServerAsync(ct);
        await server.StopAsync(ct);
        await server.DisposeAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
        _starting.Dispose();
    }
}
