using Godwit.EndToEnd.Migration;
using Godwit.Heroku;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.EndToEnd.Assess;

/// <summary>An app of the local Heroku that all journeys share, as the target of an assessment.</summary>
internal sealed class AppRig : IDisposable
{
    private static readonly TimeSpan ProvisionMax = TimeSpan.FromSeconds(30);

    private AppRig(HerokuClient client, string app) => (Client, App) = (client, app);

    public HerokuClient Client { get; }

    public string App { get; }

    public HerokuTarget Target => new(Client, new HerokuTargetName(App, Attachment: null));

    /// <summary>As if Heroku were not on this machine.</summary>
    public HerokuTarget TargetElsewhere => new(Client, new HerokuTargetName(App, Attachment: null)) { IsHere = false };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="plan">Of its database, which is ready when this returns. Null: the app has none.</param>
    public static async Task<AppRig> CreateAsync(JourneyServers servers, string? plan = null) =>
        await CreateAsync(await servers.HerokuAsync(), plan);

    /// <inheritdoc cref="CreateAsync(JourneyServers, string?)"/>
    public static async Task<AppRig> CreateAsync(HerokuLocalServer heroku, string? plan = null)
    {
        var rig = WithoutApp(heroku);
        await rig.Client.CreateAppAsync(new(rig.App), Ct);
        if (plan is not null)
            await rig.AddDatabaseAsync(plan);
        return rig;
    }

    /// <summary>Only a name that nobody has.</summary>
    public static async Task<AppRig> WithoutAppAsync(JourneyServers servers) =>
        WithoutApp(await servers.HerokuAsync());

    private static AppRig WithoutApp(HerokuLocalServer heroku)
    {
        var environment = heroku.CliEnvironment().ToDictionary(one => one.Key, one => one.Value.Reveal());
        var client = HerokuClient.From(environment.GetValueOrDefault, TimeProvider.System,
            new HerokuOptions { ProvisionInterval = TimeSpan.FromMilliseconds(50) });
        return new(client, $"assess-{Guid.NewGuid():N}"[..20]);
    }

    public async Task<HerokuAddon> AddDatabaseAsync(string plan)
    {
        var ordered = await Client.CreateAddonAsync(App, "heroku-postgresql:" + plan, new Dictionary<string, string>(),
            attachAs: null, Ct);
        return await new HerokuProvisioning(Client).WaitProvisionedAsync(App, ordered.Name, ProvisionMax, null, Ct);
    }

    /// <summary>As the target's owner.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var session = await PostgresSession.OpenAsync((await Target.FindAddressAsync(Ct))!, Ct);
        await session.ExecuteAsync(sql, Ct);
    }

    public void Dispose() => Client.Dispose();
}
