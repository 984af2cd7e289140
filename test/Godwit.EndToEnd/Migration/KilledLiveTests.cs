using Godwit.EndToEnd.HerokuLocal;

namespace Godwit.EndToEnd.Migration;

/// <summary>A run was killed while it filled an app's database, and the app was started by hand since. The run must not
/// delete what the app wrote.</summary>
public sealed class KilledLiveTests(JourneyServers servers, TroubledHeroku trouble)
    : IClassFixture<TroubledHeroku>, IDisposable
{
    private const string Write = "CREATE TABLE orders AS SELECT 1 AS id; INSERT INTO orders VALUES (2)";

    private const string Written = "SELECT count(*) FROM orders";

    public void Dispose() => trouble.Server.ClearFaults();

    [Theory]
    [InlineData("resume")]
    [InlineData("rollback")]
    public async Task Rows_written_since_the_restore_was_killed_are_deleted_for_a_word_only(string command)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        await rig.AddDatabaseAsync();
        // The restore still waits when the run is killed, however fast the machine is.
        trouble.Server.AddFault("restore:slow=4s,count=1");
        var run = rig.Start([.. rig.Migrate, "--json"]);
        await run.EventAsync("bytes_moved", "restore");
        await run.KillAsync();
        // The disk store's link ends with the process, so the restore fails.
        await LocalHeroku.UntilAsync(async () =>
            (await rig.GetAsync($"/client/v11/apps/{rig.App}/transfers")).AsArray()
                .All(one => one!["finished_at"] is not null));
        await rig.ScalarAtTargetAsync<object>(Write);

        var first = await rig.RunAsync(command);
        if (command == "resume")
            first.Expect(3).Says("load.not_empty").Says($"--confirm {rig.App} --empty-live");
        else
            first.Expect(0);
        Assert.Equal(2, await rig.ScalarAtTargetAsync<long>(Written));
        await rig.AssertEverythingIsAsBeforeAsync();

        // The next command must not take these rows for a failed run's leftovers either.
        (await rig.RunAsync("resume", rig.RunId)).Expect(1).Says("load.not_empty");
        (await rig.RunAsync([.. rig.Migrate, "--confirm", rig.App])).Expect(1).Says("assess.target_live");
        Assert.Equal(2, await rig.ScalarAtTargetAsync<long>(Written));

        var killed = Path.GetFileName(rig.RunFolders[^1]);
        var live = (await rig.RunAsync("resume", killed, "--confirm", rig.App)).Expect(1).Says("load.live");
        (await rig.RunAsync("resume", killed, "--confirm", rig.App,
            "--empty-live", EmptyLiveTests.Word(live))).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("rollback")]
    public async Task Rows_written_into_an_unfinished_copy_stay_where_it_would_be_removed(string command)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        await rig.AddDatabaseAsync();
        var run = rig.Start([.. DirectJourneyTests.Migrate(rig), "--json"]);
        await LocalHeroku.UntilAsync(async () =>
            await rig.ScalarAtTargetAsync<bool>("SELECT to_regclass('godwit_copy.done') IS NOT NULL")
            && await rig.ScalarAtTargetAsync<bool>("SELECT EXISTS (SELECT FROM godwit_copy.done WHERE rows = 2000)"));
        await run.KillAsync();
        const string bird = "SELECT count(*) FROM birds WHERE name = 'written by the app'";
        await rig.ScalarAtTargetAsync<object>("INSERT INTO birds (id, name) VALUES (9999, 'written by the app')");

        if (command == "rollback")
        {
            (await rig.RunAsync("rollback")).Expect(0).Says("others have written into public.birds");
        }
        else
        {
            // The run ends before its copy.
            rig.HidePgDump();
            (await rig.RunAsync("resume")).Expect(3).Says("postgres.tools_missing")
                .Says("others have written into public.birds");
        }

        Assert.Equal(1, await rig.ScalarAtTargetAsync<long>(bird));
        await rig.AssertEverythingIsAsBeforeAsync();
        (await rig.RunAsync("cleanup", rig.RunId, "--yes"))
            .Says("others have written into public.birds");
        Assert.Equal(1, await rig.ScalarAtTargetAsync<long>(bird));
    }
}
