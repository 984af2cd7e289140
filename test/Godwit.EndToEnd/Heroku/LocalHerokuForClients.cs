using Godwit.EndToEnd.HerokuLocal;
using Godwit.Heroku;

namespace Godwit.EndToEnd.Heroku;

/// <summary>One local Heroku for a class of tests, and clients that do not wait long between two looks.</summary>
public sealed class LocalHerokuForClients : IAsyncLifetime
{
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    private LocalHeroku? _local;

    public LocalHeroku Local => _local ?? throw new InvalidOperationException("not started");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _local = await LocalHeroku.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_local is not null)
            await _local.DisposeAsync();
    }

    public HerokuClient Client(string? token = null)
    {
        var environment = Local.Server.CliEnvironment();
        var options = new HerokuOptions
        {
            TransferInterval = TimeSpan.FromMilliseconds(100),
            ProvisionInterval = TimeSpan.FromMilliseconds(100),
            PauseBase = TimeSpan.FromMilliseconds(100),
        };
        return HerokuClient.From(
            name => name == "HEROKU_API_KEY" && token is not null ? token : environment.GetValueOrDefault(name)
                ?.Reveal(), TimeProvider.System, options);
    }

    public Task<HerokuAddon> WaitAsync(HerokuClient heroku, string app, string addon) =>
        new HerokuProvisioning(heroku).WaitProvisionedAsync(app, addon, WaitMax, null, Ct);

    public async Task<HerokuAddon> OrderAsync(HerokuClient heroku, string app, string plan)
    {
        var ordered = await heroku.CreateAddonAsync(app, plan, new Dictionary<string, string>(), attachAs: null, Ct);
        return await WaitAsync(heroku, app, ordered.Name);
    }
}
