using Npgsql;

namespace Godwit.EndToEnd.Migration;

public sealed class RollbackTests(JourneyServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Behind_the_cut_over_the_way_back_leads_to_the_former_database_unless_the_new_one_was_written_to()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var former = await rig.AddDatabaseAsync();
        var target = await rig.AddDatabaseAsync(attachAs: "NEWDB");
        Assert.Equal(former, await rig.PrimaryAsync());
        string[] migrate = ["migrate", "--from", "env:SOURCE_URL", "--to", $"heroku:{rig.App}/NEWDB", "--via", rig.Via,
            "--i-have-a-backup"];
        (await rig.RunAsync(migrate)).Expect(0);
        await rig.AssertProvenAsync();
        Assert.Equal(target, await rig.PrimaryAsync());
        var run = rig.RunId;

        // In a hurry, nobody types an id, and some type the finished command again before.
        (await rig.RunAsync("rollback")).Expect(2).Says("cli.only_finished_runs").Says($"godwit rollback {run}.");
        (await rig.RunAsync(migrate)).Expect(1).Says("assess.blocked");
        (await rig.RunAsync("rollback")).Expect(2).Says("cli.only_finished_runs").Says($"godwit rollback {run}.");
        (await rig.RunAsync("rollback", run)).Expect(0).Says("A rollback stopped them again for");
        Assert.Equal(former, await rig.PrimaryAsync());
        await rig.AssertEverythingIsAsBeforeAsync();
        (await rig.RunAsync("rollback", run)).Expect(0);

        // A resume after that: the application may have written to the target meanwhile, so emptying it needs a new
        // --confirm.
        (await rig.RunAsync("resume", run)).Expect(1).Says("assess.target_not_empty");
        (await rig.RunAsync("resume", run, "--confirm", rig.App)).Expect(0);
        Assert.Equal(target, await rig.PrimaryAsync());
        await rig.AssertProvenAsync();

        await rig.ScalarAtTargetAsync<object>("INSERT INTO birds (name) VALUES ('written after the cut-over')");
        (await rig.RunAsync("rollback", run))
            .Expect(1).Says("run.written_since").Says("birds").Says($"godwit rollback {run} --confirm {rig.App}");
        Assert.Equal(target, await rig.PrimaryAsync());
        Assert.False(await rig.IsInMaintenanceAsync());
        Assert.Equal(GodwitRig.Workers, await rig.WorkersAsync());
        (await rig.RunAsync("status", run)).Expect(0);

        (await rig.RunAsync("rollback", run, "--confirm", rig.App)).Expect(0);
        Assert.Equal(former, await rig.PrimaryAsync());
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task What_the_run_made_at_Heroku_is_destroyed_when_that_is_said()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, createApp: false);
        (await rig.RunAsync([.. rig.Migrate, "--create-app"])).Expect(0);
        await rig.ScalarAtTargetAsync<object>("INSERT INTO birds (name) VALUES ('written after the cut-over')");

        (await rig.RunAsync("rollback", rig.RunId, "--drop-target")).Expect(2).Says($"--confirm {rig.App}");
        (await rig.RunAsync("rollback", rig.RunId, "--drop-target", "--confirm", rig.App))
            .Expect(1).Says("run.written_since");
        Assert.True(await rig.AppExistsAsync());
        (await rig.RunAsync("rollback", rig.RunId, "--confirm", rig.App)).Expect(0);
        Assert.True(await rig.AppExistsAsync());
        (await rig.RunAsync("rollback", rig.RunId, "--drop-target", "--confirm", rig.App))
            .Expect(0).Says("is destroyed").Says($"the app {rig.App} is deleted");

        Assert.False(await rig.AppExistsAsync());
        Assert.True(await rig.IsSourceWritableAsync());
        // A resume starts again from the beginning.
        (await rig.RunAsync("resume", rig.RunId)).Expect(0);
        await rig.AssertTargetEqualsSourceAsync();
    }

    [Fact]
    public async Task What_others_made_at_Heroku_stays()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var theirs = await rig.AddDatabaseAsync();
        (await rig.RunAsync(rig.Migrate)).Expect(0);

        (await rig.RunAsync("rollback", rig.RunId, "--drop-target", "--confirm", rig.App)).Expect(0);

        Assert.Equal("provisioned",
            (await rig.GetAsync($"/apps/{rig.App}/addons/{theirs}"))["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task Where_there_was_no_database_before_the_way_back_takes_the_name_from_the_new_one()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        (await rig.RunAsync(rig.Migrate)).Expect(0);
        Assert.NotNull(await rig.ConfigVarAsync("DATABASE_URL"));

        (await rig.RunAsync("rollback", rig.RunId)).Expect(0).Says("has no DATABASE_URL, as before");

        Assert.Null(await rig.PrimaryAsync());
        Assert.Null(await rig.ConfigVarAsync("DATABASE_URL"));
        await rig.AssertEverythingIsAsBeforeAsync();
        Assert.Single((await rig.GetAsync($"/apps/{rig.App}/addon-attachments")).AsArray());
    }

    /// <summary>With --no-freeze, the run stops no app. The rollback stops it all the same, to compare data that does
    /// not change.</summary>
    [Fact]
    public async Task An_app_that_only_the_way_back_stopped_is_in_service_again_behind_it_and_behind_a_resume()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var former = await rig.AddDatabaseAsync();
        var target = await rig.AddDatabaseAsync(attachAs: "NEWDB");
        (await rig.RunAsync(["migrate", "--from", "env:SOURCE_URL", "--to", $"heroku:{rig.App}/NEWDB", "--via", rig.Via,
            "--i-have-a-backup", "--no-freeze"])).Expect(0);

        // The rollback is killed while it compares: the locked table makes it wait.
        await using (var busy = new NpgsqlConnection(rig.SourceConnection.Reveal()))
        {
            await busy.OpenAsync(Ct);
            await using var hold = await busy.BeginTransactionAsync(Ct);
            await using (var take = new NpgsqlCommand("LOCK TABLE birds", busy, hold))
                await take.ExecuteNonQueryAsync(Ct);
            var back = rig.Start("rollback", rig.RunId, "--json");
            await back.EventAsync("step_done", "pause");
            await back.KillAsync();
        }

        Assert.True(await rig.IsInMaintenanceAsync());
        Assert.Equal(0, await rig.WorkersAsync());
        (await rig.RunAsync("resume", rig.RunId)).Expect(0).Says($"{rig.App} runs again");
        Assert.Equal(target, await rig.PrimaryAsync());
        await rig.AssertEverythingIsAsBeforeAsync();

        (await rig.RunAsync("rollback", rig.RunId)).Expect(0);
        Assert.Equal(former, await rig.PrimaryAsync());
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task What_a_killed_run_left_frozen_bars_a_second_run_and_not_its_own_way_back()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.EventAsync("step_done", "freeze");
        await first.KillAsync();
        var killed = rig.RunId;

        (await rig.RunAsync(rig.Migrate)).Expect(1).Says("run.left_frozen").Says($"godwit rollback {killed}");

        (await rig.RunAsync("rollback", killed)).Expect(0);
        await rig.AssertEverythingIsAsBeforeAsync();
        (await rig.RunAsync(rig.Migrate)).Expect(0);
    }

    [Fact]
    public async Task A_run_killed_behind_the_thaw_never_touches_what_the_application_wrote_since()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.EventAsync("step_done", "thaw");
        await first.KillAsync();
        await rig.ScalarAtTargetAsync<object>("INSERT INTO birds (name) VALUES ('written after the cut-over')");

        (await rig.RunAsync("resume", rig.RunId)).Expect(0);

        Assert.Equal(1L, await rig.ScalarAtTargetAsync<long>(
            "SELECT count(*) FROM birds WHERE name = 'written after the cut-over'"));
        Assert.False(await rig.IsSourceWritableAsync());
        Assert.False(await rig.IsInMaintenanceAsync());
        Assert.Equal(GodwitRig.Workers, await rig.WorkersAsync());
        Assert.Empty(rig.StoreFiles);
    }
}
