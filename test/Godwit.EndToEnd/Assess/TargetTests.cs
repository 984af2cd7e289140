using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Targets;

namespace Godwit.EndToEnd.Assess;

/// <summary>A target that is not there, not empty, not writable, not ours, or not what the app works with.</summary>
public sealed class TargetTests(OtherServers servers, JourneyServers journeys, TroubledHeroku trouble)
    : IClassFixture<TroubledHeroku>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_target_with_tables_blocks_unless_they_were_given_up()
    {
        await using var rig = await RigAsync();
        using var app = await AppRig.CreateAsync(journeys, "essential-0");
        await app.ExecuteAsync("CREATE TABLE precious (id int); CREATE VIEW gems AS SELECT 1 AS one");

        var finding = await rig.FindsAsync("assess.target_not_empty", target: app.Target);

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.Contains("(tables, views, sequences: 2): public.gems, public.precious; a restore deletes that",
            finding.Why, StringComparison.Ordinal);
        Assert.Contains($"--confirm {app.App} --empty-live ", finding.Remedy, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.target_not_empty", new AssessRequest { MayEmptyTarget = true }, app.Target);
        // It is what the app works with.
        var live = await rig.FindsAsync("assess.target_live", new AssessRequest { MayEmptyTarget = true }, app.Target);
        var word = live.Remedy.Split("--empty-live ")[1].Split('.')[0];
        await rig.FindsNoAsync("assess.target_live",
            new AssessRequest { MayEmptyTarget = true, EmptyLive = word }, app.Target);
        await rig.FindsNoAsync("assess.target_not_empty", new AssessRequest { GoesOn = true }, app.Target);
    }

    [Fact]
    public async Task A_new_database_of_an_app_is_no_finding_at_all()
    {
        await using var rig = await RigAsync();
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.t (id int PRIMARY KEY)");
        using var app = await AppRig.CreateAsync(journeys, "essential-0");

        var assessment = await rig.AssessAsync(target: app.Target,
            change: parts => parts with { Clock = new FixedClock(2026, 11, 21) });

        // Roles of other tests on this server may have settings at this moment.
        Assert.DoesNotContain(assessment.Findings, finding => finding.Code != "assess.settings_of_roles");
        Assert.All(assessment.Checks, check => Assert.True(check.CouldLook, check.Name));
    }

    [Fact]
    public async Task An_app_that_does_not_exist()
    {
        await using var rig = await RigAsync();
        using var app = await AppRig.WithoutAppAsync(journeys);

        Assert.Contains("--create-app", (await rig.FindsAsync("assess.no_app", target: app.Target)).Remedy,
            StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.no_app", new AssessRequest { CreatesApp = true }, app.Target);
    }

    [Fact]
    public async Task An_app_without_a_database_gets_one()
    {
        await using var rig = await RigAsync();
        using var app = await AppRig.CreateAsync(journeys);

        var assessment = await rig.AssessAsync(target: app.Target);

        Assert.Contains(assessment.Facts,
            fact => fact is { Key: "target" } && fact.Value == $"the app {app.App}, which gets a new database");
        Assert.DoesNotContain(assessment.Findings,
            finding => finding.Code is "assess.no_app" or "assess.other_primary" or "assess.target_not_ready");
    }

    [Fact]
    public async Task An_add_on_that_is_still_being_made()
    {
        await using var rig = await RigAsync();
        trouble.Server.AddFault("addon:slow=1m,count=1");
        using var app = await AppRig.CreateAsync(trouble.Server);
        await app.Client.CreateAddonAsync(app.App, "heroku-postgresql:essential-0", new Dictionary<string, string>(),
            attachAs: null, Ct);

        Assert.Contains("'provisioning'", (await rig.FindsAsync("assess.target_not_ready", target: app.Target)).Why,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_takes_no_writes()
    {
        await using var rig = await RigAsync();
        await using var target = await RigAsync();
        var named = new PostgresTarget(target.Address);

        await rig.FindsNoAsync("assess.target_read_only", target: named);
        await target.ExecuteAsync($"ALTER DATABASE {target.Name} SET default_transaction_read_only = on");

        var remedy = (await rig.FindsAsync("assess.target_read_only", target: named)).Remedy;
        await target.ExecuteAsync(remedy[remedy.IndexOf("BEGIN", StringComparison.Ordinal)..]);
        await rig.FindsNoAsync("assess.target_read_only", target: named);
    }

    [Theory]
    [InlineData(13, "GRANT CREATE ON DATABASE")]
    [InlineData(17, "GRANT CREATE, USAGE ON SCHEMA public")]
    public async Task A_role_that_may_not_create_anything_there(int major, string granted)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await using var target = await AssessRig.CreateAsync(rig.Server);

        var finding = await rig.FindsAsync("assess.target_rights",
            target: new PostgresTarget(rig.Address with { Database = target.Name }));

        Assert.Contains(granted, finding.Remedy, StringComparison.Ordinal);
        Assert.Contains(rig.Name, finding.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.target_rights", target: new PostgresTarget(target.Address));
    }

    [Fact]
    public async Task An_app_that_is_in_maintenance_and_works_with_another_database()
    {
        await using var rig = await RigAsync();
        using var app = await AppRig.CreateAsync(journeys, "essential-0");
        var second = await app.AddDatabaseAsync("essential-0");
        await app.Client.SetMaintenanceAsync(app.App, on: true, Ct);
        var target = new HerokuTarget(app.Client,
            HerokuTargetName.Parse($"heroku:{app.App}/{second.Name}"));

        Assert.Contains("maintenance:off", (await rig.FindsAsync("assess.maintenance", target: target)).Remedy,
            StringComparison.Ordinal);
        Assert.Contains("its DATABASE_URL points to that database",
            (await rig.FindsAsync("assess.other_primary", target: target)).Why, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.maintenance", new AssessRequest { GoesOn = true }, target);
    }

    private async Task<AssessRig> RigAsync() => await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
}
