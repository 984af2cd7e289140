using Npgsql;

namespace Godwit.EndToEnd.Migration;

public sealed class TwoRunsTests(JourneyServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_run_on_the_same_target_is_refused_wherever_it_comes_from()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.EventAsync("bytes_moved", "dump");
        // The first run is stopped while the others try, however long they take to look at the source.
        await first.SignalAsync("STOP");
        var home = rig.Home;

        (await rig.RunAsync(rig.Migrate)).Expect(1).Says("journal.target_busy");
        rig.Home = home + "-of-another-machine";
        (await rig.RunAsync(rig.Migrate)).Expect(1).Says("run.locked");
        // From another source too.
        rig.Environment["SOURCE_URL"] = await rig.OtherSourceAsync();
        (await rig.RunAsync(rig.Migrate)).Expect(1).Says("load.target_locked");

        rig.Home = home;
        await first.SignalAsync("CONT");
        (await first.EndAsync()).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_second_run_that_got_the_lock_of_the_first_stops_it_before_it_changes_anything_more()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var run = rig.Start([.. rig.Migrate, "--json"]);
        await run.EventAsync("bytes_moved", "dump");
        await run.SignalAsync("STOP");
        await using var other = new NpgsqlConnection(rig.SourceConnection.Reveal());
        await other.OpenAsync(Ct);
        await using var take = new NpgsqlCommand("""
            SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
            SELECT pg_advisory_lock(113728124578164)
            """, other);
        await take.ExecuteNonQueryAsync(Ct);
        await run.SignalAsync("CONT");

        var end = await run.EndAsync();

        end.Expect(4);
        Assert.Contains(end.Events, one => one["event"]!.GetValue<string>() == "step_failed"
            && one["fault"]!["code"]!.GetValue<string>() == "run.lock_lost");
        Assert.DoesNotContain(end.Events, one => one["step"]?.GetValue<string>() == "cutover");
        // The other run may need the freeze. After it has ended, everything is restored.
        Assert.False(await rig.IsSourceWritableAsync());
        (await rig.RunAsync("rollback", rig.RunId)).Expect(1).Says("run.locked");
        await other.CloseAsync();
        NpgsqlConnection.ClearPool(other);
        (await rig.RunAsync("rollback", rig.RunId)).Expect(0);
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task A_resume_that_finds_another_run_on_its_target_leaves_frozen_what_that_one_may_rely_on()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.EventAsync("step_done", "freeze");
        await first.KillAsync();
        await using var other = new NpgsqlConnection(await rig.TargetConnectionAsync("NEW_DATABASE_URL"));
        await other.OpenAsync(Ct);
        await using var take = new NpgsqlCommand("SELECT pg_advisory_lock(113728124578164)", other);
        await take.ExecuteNonQueryAsync(Ct);

        (await rig.RunAsync("resume", rig.RunId)).Expect(4).Says("load.target_locked");

        Assert.False(await rig.IsSourceWritableAsync());
        Assert.True(await rig.IsInMaintenanceAsync());
        await other.CloseAsync();
        NpgsqlConnection.ClearPool(other);
        (await rig.RunAsync("rollback", rig.RunId)).Expect(0);
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task A_lock_whose_session_was_ended_is_taken_again_and_the_run_goes_on()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var run = rig.Start([.. rig.Migrate, "--json"]);
        await run.EventAsync("step_done", "dump");
        await rig.ExecuteAtSourceAsync("""
            SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """);

        (await run.EndAsync()).Expect(0);

        await rig.AssertProvenAsync();
    }
}
