using Godwit.EndToEnd.HerokuLocal;
using Godwit.Faults;
using Godwit.Heroku;

namespace Godwit.EndToEnd.Heroku;

/// <summary>The client against a Heroku that holds real databases.</summary>
public sealed class HerokuClientTests(LocalHerokuForClients server) : IClassFixture<LocalHerokuForClients>
{
    private const string Essential = "heroku-postgresql:essential-1";
    private const string Standard = "heroku-postgresql:standard-0";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_gets_a_database_that_can_be_used_when_the_wait_is_over()
    {
        using var heroku = server.Client();
        Assert.Null(await heroku.FindAppAsync("client-app", Ct));
        var app = await heroku.CreateAppAsync(new("client-app", "eu"), Ct);
        Assert.Equal(("client-app", "eu", false), (app.Name, app.Region?.Name, app.Maintenance));

        var ordered = await heroku.CreateAddonAsync(app.Name, Essential, new Dictionary<string, string>(),
            attachAs: null, Ct);
        Assert.Equal("provisioning", ordered.State);
        var addon = await server.WaitAsync(heroku, app.Name, ordered.Name);

        Assert.True(addon.IsProvisioned);
        Assert.Equal(addon.Id, Assert.Single(await heroku.ListAddonsAsync(app.Name, Ct)).Id);
        var database = await heroku.FindDatabaseAsync(addon.Id, Ct);
        Assert.NotNull(database);
        Assert.Equal(("essential-1", "Available"), (database.Find("Plan"), database.Find("Status")));
        var url = (await heroku.GetConfigVarsAsync(app.Name, Ct))["DATABASE_URL"];
        Assert.Equal(url, database.ResourceUrl);
        Assert.Equal(1, await LocalHeroku.ScalarAsync<int>(LocalHeroku.Connection(url.Reveal()), "SELECT 1"));
        var attachment = await heroku.ResolveAttachmentAsync(app.Name, "DATABASE_URL", Ct);
        Assert.Equal(("DATABASE", addon.Id, Essential),
            (attachment?.Name, attachment?.Addon.Id, attachment?.Addon.Plan?.Name));
        Assert.Null(await heroku.ResolveAttachmentAsync(app.Name, "NO_SUCH", Ct));
        Assert.Null(await heroku.FindAddonAsync(app.Name, "no-such", Ct));
        Assert.Contains("Attach DATABASE", (await heroku.ListReleasesAsync(app.Name, 1, Ct))[0].Description,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_is_frozen_and_thawed()
    {
        using var heroku = server.Client();
        var app = (await heroku.CreateAppAsync(new("client-freeze"), Ct)).Name;
        var before = await heroku.GetFormationAsync(app, Ct);

        await heroku.SetMaintenanceAsync(app, true, Ct);
        await heroku.ScaleAsync(app, [.. before.Select(process => new HerokuScale(process.Type, 0))], Ct);
        Assert.True((await heroku.GetAppAsync(app, Ct)).Maintenance);
        Assert.All(await heroku.GetFormationAsync(app, Ct), process => Assert.Equal(0, process.Quantity));

        await heroku.ScaleAsync(app,
            [.. before.Select(process => new HerokuScale(process.Type, process.Quantity))], Ct);
        await heroku.SetMaintenanceAsync(app, false, Ct);
        Assert.Equal(before, await heroku.GetFormationAsync(app, Ct));
        Assert.False((await heroku.GetAppAsync(app, Ct)).Maintenance);

        await heroku.PatchConfigVarsAsync(app,
            new Dictionary<string, Secret?> { ["A"] = new("1"), ["B"] = new("2") }, Ct);
        var left = await heroku.PatchConfigVarsAsync(app, new Dictionary<string, Secret?> { ["B"] = null }, Ct);
        Assert.Equal(new Secret("1"), Assert.Single(left).Value);
    }

    [Fact]
    public async Task A_promotion_keeps_the_former_database_and_can_be_taken_back()
    {
        using var heroku = server.Client();
        var app = (await heroku.CreateAppAsync(new("client-promote"), Ct)).Name;
        var old = await server.OrderAsync(heroku, app, Essential);
        var next = await server.OrderAsync(heroku, app, Standard);
        var promotions = new HerokuPromotions(heroku);
        var target = await heroku.ResolveAttachmentAsync(app, next.Name, Ct);
        Assert.NotNull(target);

        await promotions.PromoteAsync(app, target, Ct);
        Assert.Equal(next.Id, (await heroku.ResolveAttachmentAsync(app, "DATABASE", Ct))?.Addon.Id);
        var attached = await heroku.ListAttachmentsAsync(app, Ct);
        var former = Assert.Single(attached, one => one.Addon.Id == old.Id);
        await promotions.PromoteAsync(app, target, Ct);
        Assert.Equal(attached.Count, (await heroku.ListAttachmentsAsync(app, Ct)).Count);

        await promotions.PromoteAsync(app, former, Ct);
        Assert.Equal(old.Id, (await heroku.ResolveAttachmentAsync(app, "DATABASE", Ct))?.Addon.Id);

        var spare = (await heroku.ListAttachmentsAsync(app, Ct))
            .First(one => one.Addon.Id == old.Id && one.Name != "DATABASE");
        await heroku.DeleteAttachmentAsync(spare.Id, Ct);
        await heroku.DeleteAttachmentAsync(spare.Id, Ct);
        Assert.DoesNotContain(await heroku.ListAttachmentsAsync(app, Ct), one => one.Name == spare.Name);
    }

    [Fact]
    public async Task Settings_can_be_read_and_set_where_the_plan_has_them()
    {
        using var heroku = server.Client();
        var app = (await heroku.CreateAppAsync(new("client-settings"), Ct)).Name;
        var standard = await server.OrderAsync(heroku, app, Standard);

        var after = await heroku.PatchSettingsAsync(standard.Id,
            new Dictionary<string, string> { ["log_lock_waits"] = "false" }, Ct);

        Assert.Equal("false", after["log_lock_waits"].Value);
        Assert.Equal("false", (await heroku.GetSettingsAsync(standard.Id, Ct))["log_lock_waits"].Value);
    }

    [Fact]
    public async Task Plans_have_names_and_prices()
    {
        using var heroku = server.Client();

        var plans = await heroku.ListPlansAsync(Ct);

        Assert.Equal(900, plans.Single(plan => plan.Name == Essential).Price?.Cents);
        Assert.All(plans, plan => Assert.True(plan.IsPostgres));
    }

    [Fact]
    public async Task What_Heroku_refuses_is_a_fault_with_a_remedy()
    {
        using var heroku = server.Client();
        var app = (await heroku.CreateAppAsync(new("client-refused"), Ct)).Name;

        Assert.Equal("heroku.invalid_params", (await FaultAsync(() => heroku.CreateAppAsync(new(app), Ct))).Code);
        Assert.Equal("heroku.invalid_params", (await FaultAsync(() => heroku.CreateAddonAsync(
            app, "heroku-postgresql:bogus", new Dictionary<string, string>(), attachAs: null, Ct))).Code);
        Assert.Equal("heroku.app_missing", (await FaultAsync(() => heroku.ListAddonsAsync("no-such-app", Ct))).Code);
        Assert.NotEqual("", (await FaultAsync(() => heroku.ScaleAsync(app, [new("clock", 1)], Ct))).Remedy);
        using var stranger = server.Client(token: "HRKU-wrong");
        Assert.Equal("heroku.unauthorized", (await FaultAsync(() => stranger.GetAppAsync(app, Ct))).Code);
    }

    private static async Task<Fault> FaultAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<FaultException>(call)).Fault;
}
