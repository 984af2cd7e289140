using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Cutover;

/// <summary>The freeze in whole journeys of the real binary.</summary>
public sealed class FreezeJourneyTests(JourneyServers servers)
{
    private const int Quick = 3, Slow = 4;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_was_acknowledged_to_live_writers_is_in_the_target_and_nothing_is_acknowledged_later()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, script: PgBench.Ledger);
        await using var quick = await PgBench.StartAsync(rig, PgBench.Autocommit, Quick);
        await using var slow = await PgBench.StartAsync(rig, PgBench.Long, Slow);
        while (await rig.Source.ScalarAsync<long>(rig.Database, "SELECT count(DISTINCT writer) FROM ledger", Ct) < 2)
            await Task.Delay(50, Ct);

        var end = await rig.RunAsync([.. rig.Migrate, "--freeze", "revoke", "--json"]);

        end.Expect(0);
        await rig.AssertProvenAsync();
        // A commit may have reached the server and its answer not the client: one per client at most.
        var (acknowledgedQuick, acknowledgedSlow) = (await quick.AcknowledgedAsync(), await slow.AcknowledgedAsync());
        Assert.InRange(await rig.ScalarAtTargetAsync<long>("SELECT count(*) FROM ledger WHERE writer = 'quick'"),
            acknowledgedQuick, acknowledgedQuick + Quick);
        var slowEntries = await rig.ScalarAtTargetAsync<long>("SELECT count(*) FROM ledger WHERE writer = 'slow'");
        Assert.Equal(0, slowEntries % 2);
        Assert.InRange(slowEntries / 2, acknowledgedSlow, acknowledgedSlow + Slow);
        await using var late = await PgBench.StartAsync(rig, PgBench.Autocommit, 1);
        Assert.Equal(0, await late.AcknowledgedAsync());
    }

    [Fact]
    public async Task Killed_in_the_middle_of_the_freeze_two_apps_and_the_grants_are_rolled_back()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var mailer = rig.App + "-mailer";
        await rig.SendAsync(HttpMethod.Post, "/apps", new JsonObject { ["name"] = mailer });
        await rig.Source.ExecuteAsync("postgres",
            $"REVOKE CONNECT ON DATABASE {rig.Database} FROM PUBLIC; "
            + $"GRANT CONNECT ON DATABASE {rig.Database} TO pg_monitor WITH GRANT OPTION", Ct);
        var before = await LookAsync(rig, mailer);
        var run = rig.Start([.. rig.Migrate, "--app", mailer, "--freeze", "revoke", "--json"]);
        while (!(await rig.GetAsync($"/apps/{mailer}"))["maintenance"]!.GetValue<bool>())
            await Task.Delay(5, Ct);
        await run.KillAsync();

        (await rig.RunAsync("rollback")).Expect(0);

        Assert.Equal(before, await LookAsync(rig, mailer));
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    /// <summary>Nothing that Godwit itself does at the source counts as a write, in whatever step, while others write
    /// on the same server.</summary>
    [Fact]
    public async Task A_resume_finds_the_freeze_whole_and_does_not_dump_again()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Sample);
        await using var neighbour = await GodwitRig.CreateAsync(servers, createApp: false, script: PgBench.Ledger);
        await using var busy = await PgBench.StartAsync(neighbour, PgBench.Autocommit, 1);
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.EventAsync("step_done", "verify");
        await first.KillAsync();

        var resumed = rig.Start("resume", rig.RunId, "--json");

        (await resumed.EndAsync()).Expect(0);
        foreach (var step in new[] { "freeze", "dump", "restore" })
            Assert.True((await resumed.EventAsync("step_done", step))["was_already_done"]!.GetValue<bool>(), step);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task Two_apps_go_down_together_and_come_back_behind_the_cut_over()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var mailer = rig.App + "-mailer";
        await rig.SendAsync(HttpMethod.Post, "/apps", new JsonObject { ["name"] = mailer });
        await rig.SendAsync(HttpMethod.Post, $"/apps/{mailer}/dynos", new JsonObject { ["command"] = "rake import" });
        var before = await FormationsAsync(rig, mailer);

        var end = await rig.RunAsync([.. rig.Migrate, "--app", mailer, "--workers"]);

        end.Expect(0).Says("into maintenance, workers to 0").Says($"--app {mailer}").Says("WAL ");
        await rig.AssertProvenAsync();
        Assert.Equal(before, await FormationsAsync(rig, mailer));
    }

    [Fact]
    public async Task An_app_to_stop_that_does_not_exist_is_one_clear_fault_before_anything_is_changed()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        var end = await rig.RunAsync([.. rig.Migrate, "--app", "no-such-shop"]);

        end.Expect(1).Says("Cannot find the app to stop: no-such-shop");
        await rig.AssertEverythingIsAsBeforeAsync();
        Assert.Null(await rig.PrimaryAsync());
    }

    private static async Task<string> FormationsAsync(GodwitRig rig, string other) =>
        (await rig.GetAsync($"/apps/{rig.App}/formation"))
            .AsArray().Concat((await rig.GetAsync($"/apps/{other}/formation")).AsArray())
            .Aggregate("",
                (said, one) => $"{said}{one!["app"]!["name"]} {one["type"]}={one["quantity"]}:{one["size"]}\n")
        + (await rig.GetAsync($"/apps/{other}"))["maintenance"];

    private static async Task<string> LookAsync(GodwitRig rig, string other) =>
        await FormationsAsync(rig, other) + await rig.Source.ScalarAsync<string>("postgres", $"""
            SELECT datacl::text || ' ' || (SELECT count(*) FROM pg_db_role_setting s WHERE s.setdatabase = d.oid)
            FROM pg_database d WHERE datname = '{rig.Database}'
            """, Ct);
}
