using System.Text.Json.Nodes;

namespace Godwit.EndToEnd.Migration;

/// <summary>The user's own queries before the cut-over, and other apps after it, in whole runs of the real
/// binary.</summary>
public sealed class GateJourneyTests(JourneyServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_app_gets_the_new_database_attached_and_gives_it_back()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync();
        var worker = rig.App + "-worker";
        await rig.SendAsync(HttpMethod.Post, "/apps", new JsonObject { ["name"] = worker });
        await rig.SendAsync(HttpMethod.Patch, $"/apps/{worker}/config-vars",
            new JsonObject { ["DATABASE_URL"] = "postgres://old.example.com/shop" });
        await rig.AddDatabaseAsync(attachAs: "NEWDB");
        var before = await AttachedAsync(rig, worker);

        (await rig.RunAsync("migrate", "--from", "env:SOURCE_URL", "--to", $"heroku:{rig.App}/NEWDB", "--via", rig.Via,
            "--i-have-a-backup", "--attach", worker, "--app", worker)).Expect(0).Says($"DATABASE_URL of {worker}");

        Assert.Equal(await rig.ConfigVarAsync("DATABASE_URL"), await UrlAsync(rig, worker));
        Assert.Contains((await rig.PrimaryAsync())!, await AttachedAsync(rig, worker), StringComparison.Ordinal);

        (await rig.RunAsync("rollback", rig.RunId)).Expect(0);

        Assert.Equal(("postgres://old.example.com/shop", before),
            (await UrlAsync(rig, worker), await AttachedAsync(rig, worker)));
    }

    /// <summary>The run did not stop this app. So only the rollback can keep it from writing rows that would be
    /// lost.</summary>
    [Fact]
    public async Task Another_app_that_the_run_did_not_stop_stands_still_while_the_way_back_looks()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var worker = rig.App + "-worker";
        await rig.SendAsync(HttpMethod.Post, "/apps", new JsonObject { ["name"] = worker });
        (await rig.RunAsync([.. rig.Migrate, "--attach", worker])).Expect(0);

        (await rig.RunAsync("rollback", rig.RunId)).Expect(0)
            .Says($"dynos at 0: {rig.App} (web=1 worker=2), {worker} (web=1 worker=2)");

        Assert.False((await rig.GetAsync($"/apps/{worker}"))["maintenance"]!.GetValue<bool>());
        Assert.Equal([1, 2], (await rig.GetAsync($"/apps/{worker}/formation")).AsArray()
            .Select(one => one!["quantity"]!.GetValue<int>()).Order());
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task A_new_database_that_somebody_has_destroyed_does_not_keep_the_source_frozen()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var worker = rig.App + "-worker";
        await rig.SendAsync(HttpMethod.Post, "/apps", new JsonObject { ["name"] = worker });
        (await rig.RunAsync([.. rig.Migrate, "--attach", worker, "--app", worker])).Expect(0);
        await rig.SendAsync(HttpMethod.Delete, $"/apps/{rig.App}/addons/{await rig.PrimaryAsync()}");

        (await rig.RunAsync("rollback", rig.RunId, "--confirm", rig.App)).Expect(0);

        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task A_query_bars_the_switch_until_it_gives_the_same_on_both_sides()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        Directory.CreateDirectory(rig.Home);
        var file = Path.Combine(rig.Home, "checks.sql");
        // The type is made at the target after the run's first login there.
        await rig.ExecuteAtSourceAsync("CREATE TYPE mood AS ENUM ('ok')");
        await File.WriteAllTextAsync(file, "SELECT current_database(), 'ok'::mood;", Ct);

        (await rig.RunAsync([.. rig.Migrate, "--query", file]))
            .Expect(3).Says("verify.queries_different").Says("checks.sql:1 (row 1: current_database is ");

        await rig.AssertEverythingIsAsBeforeAsync();
        File.Delete(file);
        (await rig.RunAsync("resume")).Expect(2).Says("--query").Says("checks.sql");
        await File.WriteAllTextAsync(file, "SELECT 'ok'::mood WHERE current_database() <> '';", Ct);
        (await rig.RunAsync("resume")).Expect(0).Says("the results of 1 query compared");
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task What_cannot_be_meant_is_said_with_everything_else_that_is_wrong()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        var all = FaultShown.Read((await rig.RunAsync([.. rig.Migrate, "--query", "no/such.sql",
            "--float-tolerance", "2", "--attach", rig.App,
            "--attach", "No App", "--attach", "twice", "--set-config", "twice:DATABASE_URL"])).Expect(2));

        Assert.Equal("cli.options", all.Code);
        Assert.Contains("no/such.sql", all.Why, StringComparison.Ordinal);
        Assert.Contains("--float-tolerance is '2'", all.Why, StringComparison.Ordinal);
        Assert.Contains($"--attach is '{rig.App}'", all.Why, StringComparison.Ordinal);
        Assert.Contains("--attach is 'No App'", all.Why, StringComparison.Ordinal);
        Assert.Contains("--attach is 'twice', and --set-config", all.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_and_plan_may_be_said_otherwise_until_they_are_used()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        string[] migrate = ["migrate", "--from", "env:SOURCE_URL", "--to", $"heroku:{rig.App}", "--via", rig.Via];
        (await rig.RunAsync([.. migrate, "--plan", "essential-0"])).Expect(1).Says("--i-have-a-backup");
        var other = Path.Combine(rig.Home, "other-store");

        (await rig.RunAsync("resume", "--disk-listen", "127.0.0.1:0")).Expect(2).Says("--via is missing");
        (await rig.RunAsync("resume", "--via", "", "--plan", ""))
            .Expect(2).Says("--via is empty").Says("--plan is empty");
        (await rig.RunAsync("resume", "--i-have-a-backup", "--plan", "essential-1", "--via", $"disk:{other}",
            "--accept-command", "exit 9")).Expect(3).Says("cutover.not_accepted");

        // The database exists now, and stays for the next try. The rollback deleted the dump.
        (await rig.RunAsync("resume", "--plan", "essential-2"))
            .Expect(2).Says("the database is there already").Says("heroku addons:upgrade");
        (await rig.RunAsync("resume", "--via", rig.Via, "--accept-command", "true")).Expect(0);
        await rig.AssertProvenAsync();
        Assert.Empty(Directory.Exists(other) ? Directory.EnumerateFiles(other, "*", SearchOption.AllDirectories) : []);
    }

    private static async Task<string?> UrlAsync(GodwitRig rig, string app) =>
        (await rig.GetAsync($"/apps/{app}/config-vars"))["DATABASE_URL"]?.GetValue<string>();

    private static async Task<string> AttachedAsync(GodwitRig rig, string app) => string.Join(' ',
        (await rig.GetAsync($"/apps/{app}/addon-attachments"))
            .AsArray().Select(one => $"{one!["name"]} {one["addon"]!["name"]}"));
}
