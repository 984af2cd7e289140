using Godwit.Assess;
using Godwit.Cutover;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.EndToEnd.Assess;

/// <summary>What the cut-over is to set besides the app, looked at before anything stands still.</summary>
public sealed class SwitchCheckTests(OtherServers servers, JourneyServers journeys, TroubledHeroku trouble)
    : IClassFixture<TroubledHeroku>, IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => trouble.Server.ClearFaults();

    [Fact]
    public async Task What_cannot_be_set_in_the_cut_over_stops_the_run_before_anything_is_frozen()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        using var app = await AppRig.CreateAsync(journeys, "essential-0");
        AssessRequest Wanted(string name, string variable) =>
            new() { Switch = new() { ConfigVars = [(name, variable)] } };

        var missing = await rig.FindsAsync("assess.config_app_missing",
            Wanted("no-such-app", "DATABASE_URL"), app.Target);
        var attached = await rig.FindsAsync("assess.config_var_attached", Wanted(app.App, "DATABASE_URL"), app.Target);
        var file = await rig.FindsAsync("assess.env_file",
            new() { Switch = new() { EnvFile = "/srv/a.env", WhyNoEnvFile = () => "there is one" } }, app.Target);

        Assert.Contains("--set-config no-such-app:DATABASE_URL", missing.What, StringComparison.Ordinal);
        Assert.Contains("heroku addons:detach DATABASE --app", attached.Remedy, StringComparison.Ordinal);
        Assert.Equal(("/srv/a.env", "there is one"), (file.What[^10..], file.Why));
        var unattachable = await rig.FindsAsync("assess.config_app_missing",
            new() { Switch = new() { Attach = ["no-such-app"] } }, app.Target);
        Assert.StartsWith("--attach no-such-app names", unattachable.What, StringComparison.Ordinal);
        using var other = await AppRig.CreateAsync(journeys);
        Assert.EndsWith($"--app {other.App}.", (await rig.FindsAsync("assess.config_app_runs", Wanted(other.App, "DB"),
            app.Target)).Remedy, StringComparison.Ordinal);
        await rig.FindsAsync("assess.config_app_runs", new() { Switch = new() { Attach = [other.App] } }, app.Target);
        await rig.FindsNoAsync("assess.config_app_missing",
            new() { Switch = new() { Attach = [other.App] } }, app.Target);
        await rig.FindsNoAsync("assess.config_app_runs",
            Wanted(other.App, "DB") with { Apps = [other.App] }, app.Target);
        await rig.FindsNoAsync("assess.config_var_attached", Wanted(app.App, "REPORTS_DATABASE_URL"), app.Target);
        await rig.FindsNoAsync("assess.config_app_missing", Wanted(app.App, "REPORTS_DATABASE_URL"), app.Target);
        await rig.FindsNoAsync("assess.env_file", new() { Switch = new() { EnvFile = "/srv/a.env" } }, app.Target);
    }

    [Fact]
    public async Task A_config_var_of_a_stopped_app_that_keeps_naming_the_source_is_told()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        using var app = await AppRig.CreateAsync(journeys, "essential-0");
        using var other = await AppRig.CreateAsync(journeys);
        var source = new Secret(PostgresUrl.Of(rig.Address));
        await other.Client.PatchConfigVarsAsync(other.App, new Dictionary<string, Secret?>
        {
            ["DATABASE_URL"] = source, ["REPORTS"] = source, ["ELSEWHERE"] = new("postgres://a:b@127.0.0.1:1/x"),
            ["TEXT"] = new("postgresql is fine"),
        }, Ct);
        AssessRequest Stopped(SwitchRequest asked) => new() { Apps = [other.App], Switch = asked };

        var found = await rig.FindsAsync("assess.app_keeps_source", Stopped(new()), app.Target);
        Assert.Equal($"{other.App} keeps using the source after the cut-over: DATABASE_URL, REPORTS name it",
            found.What);
        Assert.EndsWith($": --attach {other.App} --set-config {other.App}:REPORTS", found.Remedy,
            StringComparison.Ordinal);
        Assert.EndsWith(": DATABASE_URL names it", (await rig.FindsAsync("assess.app_keeps_source",
            Stopped(new() { ConfigVars = [(other.App, "REPORTS")] }), app.Target)).What, StringComparison.Ordinal);

        await rig.FindsNoAsync("assess.app_keeps_source",
            Stopped(new() { Attach = [other.App], ConfigVars = [(other.App, "REPORTS")] }), app.Target);
        await rig.FindsNoAsync("assess.app_keeps_source", Stopped(new()) with { Freezes = false }, app.Target);
    }

    [Fact]
    public async Task An_app_whose_config_vars_this_account_may_not_read_is_told_and_stops_nothing()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        using var app = await AppRig.CreateAsync(trouble.Server, "essential-0");
        using var other = await AppRig.CreateAsync(trouble.Server);
        trouble.Server.AddFault($"http:403,method=GET,path=/apps/{other.App}/config-vars");
        AssessRequest stopped = new() { Apps = [other.App] };

        var found = await rig.FindsAsync("assess.app_vars_unread", stopped, app.Target);

        Assert.Equal((Severity.Warning, $"Cannot tell whether {other.App} keeps using the source after the cut-over"),
            (found.Severity, found.What));
        await rig.FindsNoAsync("assess.unchecked", stopped, app.Target);
        await rig.FindsNoAsync("assess.vital_unchecked", stopped, app.Target);
    }

    /// <summary>The pool goes along in the cut-over, which is too late to learn that the plan has none.</summary>
    [Fact]
    public async Task A_pool_that_the_new_databases_plan_does_not_have_is_a_blocker()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        using var app = await AppRig.CreateAsync(journeys, "standard-0");
        var former = (await app.Client.ListAttachmentsAsync(app.App, Ct)).Single(one => one.Name == "DATABASE").Addon;
        await app.Client.CreateAttachmentAsync(app.App, former.Name, HerokuPromotions.Pool,
            "connection-pooling:default", Ct);
        var small = await app.AddDatabaseAsync("essential-0");
        var attached = (await app.Client.ListAttachmentsAsync(app.App, Ct)).Single(one => one.Addon.Id == small.Id);
        var target = new HerokuTarget(app.Client, HerokuTargetName.Parse($"heroku:{app.App}/{attached.Name}"));

        var found = await rig.FindsAsync("assess.pool_lost", new(), target);

        Assert.Contains("the plan essential-0 has no pooling", found.Why, StringComparison.Ordinal);
        Assert.EndsWith($"heroku addons:detach DATABASE_CONNECTION_POOL --app {app.App}.", found.Remedy,
            StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.pool_lost", new() { HoldsSnapshot = true }, target);
        await rig.FindsNoAsync("assess.pool_lost", new(),
            new HerokuTarget(app.Client, HerokuTargetName.Parse($"heroku:{app.App}/DATABASE")));
    }

    [Theory]
    [InlineData("./no-such-check.sh --all", "there is no program ./no-such-check.sh")]
    [InlineData("no-such-program-anywhere", "there is no program no-such-program-anywhere")]
    [InlineData("/etc/passwd", "may not be executed")]
    [InlineData("if true; then echo", "the shell cannot read it")]
    [InlineData("/bin/true --all", null)]
    [InlineData("cd / && ./anything", null)]
    [InlineData("case \"$DATABASE_URL\" in postgres://*) ;; *) exit 1 ;; esac", null)]
    [InlineData("\"$CHECK\" || exit 1", null)]
    [InlineData("PAGER=cat no-such-program-anywhere", null)]
    public async Task An_acceptance_command_that_cannot_be_run_is_found_and_none_is_run(string command, string? why)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        var wishes = new AssessRequest
        {
            Switch = new()
            {
                AcceptCommand = command,
                WhyNotAcceptedAsync = ct =>
                    AcceptCommand.WhyNotAsync(command, new ProcessRunner(TimeProvider.System), TimeProvider.System, ct),
            },
        };

        if (why is null)
            await rig.FindsNoAsync("assess.accept_command", wishes);
        else
            Assert.Contains(why, (await rig.FindsAsync("assess.accept_command", wishes)).Why, StringComparison.Ordinal);
    }
}
