using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Heroku;
using Godwit.Load;
using Godwit.Migration;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Assess;

/// <summary>An app of the local Heroku that all journeys share, as the target of an assessment.</summary>
internal sealed class AppRig : IDisposable
{
    private static readonly TimeSpan ProvisionMax = TimeSpan.FromSeconds(30);

    private AppRig(HerokuClient client, string app) => (Client, App) = (client, app);

    public HerokuClient Client { get; }

    public string App { get; }

    public AssessTarget Target => AssessTargets.Of(Client, HerokuTargetName.Parse(HerokuTargetName.Prefix + App));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="plan">Of its database, which is ready when this returns. Null: the app has none.</param>
    public static async Task<AppRig> CreateAsync(JourneyServers servers, string? plan = null)
    {
        var rig = await WithoutAppAsync(servers);
        await rig.Client.CreateAppAsync(new(rig.App), Ct);
        if (plan is not null)
            await rig.AddDatabaseAsync(plan);
        return rig;
    }

    /// <summary>Only a name that nobody has.</summary>
    public static async Task<AppRig> WithoutAppAsync(JourneyServers servers)
    {
        var environment = (await servers.HerokuAsync())
            .CliEnvironment().ToDictionary(one => one.Key, one => one.Value.Reveal());
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
