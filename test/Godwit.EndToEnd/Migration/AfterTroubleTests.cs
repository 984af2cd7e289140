using System.Text.Json.Nodes;

namespace Godwit.EndToEnd.Migration;

/// <summary><c>godwit after</c> when Heroku fails: no failed item counts as done, and the same command again completes
/// it once.</summary>
public sealed class AfterTroubleTests(JourneyServers servers, TroubledHeroku trouble)
    : IClassFixture<TroubledHeroku>, IDisposable
{
    public void Dispose() => trouble.Server.ClearFaults();

    [Fact]
    public async Task A_backup_that_fails_or_whose_answer_is_lost_is_told_and_made_by_the_same_command()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        (await rig.RunAsync(rig.Migrate)).Expect(0);

        trouble.Server.AddFault("http:cut,method=POST,path=/client/v11/databases/*/backups,count=1");
        (await rig.RunAsync("after", "--backup")).Expect(3)
            .Says("after.backup_unseen").Says($"godwit after {rig.RunId} --backup");
        trouble.Server.AddFault("capture:fails-after=0s,count=1");
        (await rig.RunAsync("after", "--backup")).Expect(4).Says("after.backup_failed").Says("failed as ordered")
            .Says("heroku pg:backups:info b00");
        (await rig.RunAsync("after")).Expect(0).Says("open  first-backup: there is none since the cut-over");

        (await rig.RunAsync("after", "--backup")).Expect(0).Says("done  first-backup: b00");
    }

    [Fact]
    public async Task A_backup_that_is_being_made_is_waited_for_and_not_made_twice()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        (await rig.RunAsync(rig.Migrate)).Expect(0);
        trouble.Server.AddFault("capture:slow=4s,count=1");
        await rig.SendAsync(HttpMethod.Post, $"/client/v11/databases/{await rig.PrimaryAsync()}/backups");
        (await rig.RunAsync("after")).Expect(0).Says("open  first-backup: b002 is ");

        var end = (await rig.RunAsync("after", "--backup", "--json")).Expect(0);

        Assert.Equal("step_done", end.Events[^2]["event"]!.GetValue<string>());
        Assert.Equal(1, await AfterTests.BackupsAsync(rig));
    }

    [Fact]
    public async Task Whoever_stops_waiting_leaves_the_backup_to_Heroku_and_finds_it_again()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        (await rig.RunAsync(rig.Migrate)).Expect(0);
        trouble.Server.AddFault("capture:slow=5s,count=1");
        var waiting = rig.Start("after", "--backup", "--json");
        await waiting.EventAsync("bytes_moved", "backup");
        (await rig.RunAsync("after", "--remove-env-file")).Expect(1).Says("journal.busy");

        await waiting.SignalAsync("INT");

        (await waiting.EndAsync()).Expect(1).Says("Not waiting any longer").Says("cli.stopped");
        (await rig.RunAsync("after", "--backup")).Expect(0).Says("Done: Heroku has the backup b002");
        Assert.Equal(1, await AfterTests.BackupsAsync(rig));
    }

    [Fact]
    public async Task A_schedule_whose_answer_is_lost_is_looked_for_before_it_is_asked_for_again()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        (await rig.RunAsync(rig.Migrate)).Expect(0);
        trouble.Server.AddFault("http:cut,method=POST,path=/client/v11/databases/*/transfer-schedules,count=1");

        (await rig.RunAsync("after", "--schedule-backups", "02:00 UTC")).Expect(3).Says("after.not_scheduled");

        // As if Heroku had made the schedule before its answer was lost.
        await rig.SendAsync(HttpMethod.Post, $"/client/v11/databases/{await rig.PrimaryAsync()}/transfer-schedules",
            new JsonObject { ["hour"] = "2", ["timezone"] = "UTC", ["schedule_name"] = "DATABASE_URL" });
        (await rig.RunAsync("after", "--schedule-backups", "02:00 UTC")).Expect(0).Says("Is done already");
        Assert.Single(await AfterTests.SchedulesAsync(rig));
    }

    [Fact]
    public async Task What_one_item_cannot_be_asked_for_does_not_keep_the_others_from_being_shown()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        (await rig.RunAsync(rig.Migrate)).Expect(0);
        trouble.Server.AddFault("http:403,method=GET,path=/client/v11/databases/*/transfer-schedules");

        (await rig.RunAsync("after")).Expect(0)
            .Says("?     schedule: Cannot list the daily backups").Says("open  first-backup");
    }
}
