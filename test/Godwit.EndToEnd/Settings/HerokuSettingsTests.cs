using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;

namespace Godwit.EndToEnd.Settings;

/// <summary>Settings against a local Heroku: its keys on plans that have them, and a whole run.</summary>
public sealed class HerokuSettingsTests(JourneyServers servers)
{
    private const string Standard = "heroku-postgresql:standard-0";

    [Fact]
    public async Task A_standard_plan_is_set_by_its_keys()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var addOn = await rig.AddDatabaseAsync(plan: Standard);
        await AsSuperuserAsync(rig, "log_min_duration_statement = '250ms'", "log_statement = 'mod'",
            "log_min_error_statement = 'warning'", "statement_timeout = '9s'");
        string[] settings = ["settings", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App];

        (await rig.RunAsync(settings)).Expect(1)
            .Says($"heroku pg:settings:log-min-duration-statement {addOn} 250 --app {rig.App}")
            .Says($"heroku pg:settings:log-statement {addOn} mod --app {rig.App}")
            .Says("Heroku takes only error, log, fatal, panic for it").Says("SET statement_timeout = '9s';");
        (await rig.RunAsync([.. settings, "--apply"]))
            .Expect(0).Says("✓ log_min_duration_statement = 250ms").Says("All of it stands");
        (await rig.RunAsync([.. settings, "--apply"])).Expect(0).Says("Nothing is left");

        var keys = await rig.GetAsync($"/postgres/v0/databases/{addOn}/config");
        Assert.Equal(250, keys["log_min_duration_statement"]!["value"]!.GetValue<int>());
        Assert.Equal("mod", keys["log_statement"]!["value"]!.GetValue<string>());
        Assert.Equal("9s", await rig.ScalarAtTargetAsync<string>("SHOW statement_timeout"));
    }

    [Fact]
    public async Task An_essential_plan_refuses_its_keys_and_that_is_said()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync();
        await AsSuperuserAsync(rig, "log_min_duration_statement = '250ms'");

        (await rig.RunAsync("settings", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App)).Expect(0)
            .Says("Heroku has a pg:settings key for it, but not on the plan essential-1")
            .Says("Nothing is left to carry over");
        (await rig.RunAsync("assess", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App))
            .Says("Heroku sets it, but not on essential-1");
        // An app that is still to be created keeps nobody from looking.
        var later = await rig.RunAsync("assess", "--from", "env:SOURCE_URL", "--to", $"heroku:{rig.App}-later");
        later.Says("assess.settings_not_carried");
        Assert.DoesNotContain("assess.unchecked", later.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_Heroku_refuses_is_told_and_does_not_stop_the_others()
    {
        var folder = TestRun.NewFolder();
        await using (var refusing = await JourneyServers.StartHerokuAsync(folder,
            "http:422,method=PATCH,path=/postgres/v0/databases/*/config,count=1"))
        await using (var rig = await GodwitRig.CreateAsync(servers, heroku: refusing))
        {
            await rig.AddDatabaseAsync(plan: Standard);
            await AsSuperuserAsync(rig, "log_min_duration_statement = '250ms'", "log_statement = 'mod'",
                "statement_timeout = '9s'");
            string[] settings = ["settings", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App, "--apply"];

            (await rig.RunAsync(settings))
                .Expect(1).Says("✗ log_min_duration_statement was not carried over: Heroku refuses the request")
                .Says("✓ log_statement = mod")
                .Says("✓ statement_timeout = 9s").Says("2 of 3 settings stand");
            (await rig.RunAsync(settings)).Expect(0).Says("✓ log_min_duration_statement = 250ms");
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_run_carries_what_it_can_and_reports_the_rest_without_a_secret()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync(plan: Standard);
        await AsSuperuserAsync(rig, "statement_timeout = '9s'", "log_statement = 'all'", "deadlock_timeout = '3s'",
            $"app.jwt_secret = '{GodwitRig.SecretMark}'");
        await rig.Source.ExecuteAsync(rig.Database, $"ALTER ROLE {rig.Database} SET lock_timeout = '4s'",
            TestContext.Current.CancellationToken);

        var end = (await rig.RunAsync([.. rig.Migrate, "--json"])).Expect(0);

        Assert.Equal("9s", await rig.ScalarAtTargetAsync<string>("SHOW statement_timeout"));
        Assert.Equal("4s", await rig.ScalarAtTargetAsync<string>("SHOW lock_timeout"));
        Assert.Equal("all", await rig.ScalarAtTargetAsync<string>("SHOW log_statement"));
        Assert.Equal("off", await rig.ScalarAtTargetAsync<string>("SHOW default_transaction_read_only"));
        var told = Of(end, "observed", "settings");
        Assert.Equal(["app.jwt_secret", "deadlock_timeout"], told.Where(one =>
            Text(one, "code") == "settings.not_carried").Select(one => Text(one, "what").Split(' ')[2]));
        var note = Assert.Single(told, one => Text(one, "code") == "settings.decided");
        Assert.Contains("autovacuum_naptime", Text(note, "why"), StringComparison.Ordinal);
        Assert.EndsWith($"godwit settings --from env:SOURCE_URL --to heroku:{rig.App}", Text(note, "remedy"),
            StringComparison.Ordinal);
        Assert.StartsWith("3 of 3 settings", Of(end, "step_done", "settings").Single()["evidence"]!["claim"]!
            .GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(Of(end, "observed", "assess"), one => Text(one, "code") == "assess.settings_carried");
        Assert.DoesNotContain(GodwitRig.SecretMark, end.Everything, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(rig.Home, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(GodwitRig.SecretMark,
                await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_died_behind_its_settings_finds_them_standing()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.ExecuteAtSourceAsync($"ALTER DATABASE {rig.Database} SET statement_timeout = '8s'");
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.EventAsync("step_done", "settings");
        await first.KillAsync();

        var resumed = (await rig.RunAsync("resume", "--json")).Expect(0);

        Assert.True(Of(resumed, "step_done", "settings").Single()["was_already_done"]!.GetValue<bool>());
        Assert.Equal("8s", await rig.ScalarAtTargetAsync<string>("SHOW statement_timeout"));
    }

    private static async Task AsSuperuserAsync(GodwitRig rig, params string[] settings)
    {
        foreach (var setting in settings)
            await rig.Source.ExecuteAsync("postgres", $"ALTER DATABASE {rig.Database} SET {setting}",
                TestContext.Current.CancellationToken);
    }

    private static List<JsonNode> Of(GodwitEnd end, string kind, string step) =>
        [.. end.Events.Where(one => Text(one, "event") == kind && one["step"]?.GetValue<string>() == step)];

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
