using System.Text.RegularExpressions;
using Godwit.EndToEnd.HerokuLocal;

namespace Godwit.EndToEnd.Migration;

/// <summary>A target in use is emptied only with an <c>--empty-live</c> value for its present contents. A failure after
/// that is not reported as restored.</summary>
public sealed partial class EmptyLiveTests(JourneyServers servers, TroubledHeroku trouble)
    : IClassFixture<TroubledHeroku>, IDisposable
{
    private const string Written = "SELECT count(*) FROM birds WHERE name LIKE 'written%'";

    /// <summary>The value as Godwit prints it.</summary>
    public static string Word(GodwitEnd end) => PrintedWord().Match(end.Everything) is { Success: true } found
        ? found.Groups[1].Value : throw new InvalidOperationException($"no --empty-live in: {end.Everything}");

    public void Dispose() => trouble.Server.ClearFaults();

    [Theory]
    [InlineData("backup")]
    [InlineData("direct")]
    public async Task A_finished_command_that_is_typed_again_needs_a_word_for_the_rows_written_since(string route)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var addOn = await rig.AddDatabaseAsync();
        var command = Command(rig, route);
        (await rig.RunAsync(command)).Expect(0);
        var proven = rig.RunId;
        await WriteAsync(rig);

        (await rig.RunAsync(command)).Expect(1).Says("assess.target_not_empty")
            .Says($"--confirm {rig.App} --empty-live {addOn}:");
        var refused = (await rig.RunAsync([.. command, "--confirm", rig.App])).Expect(1).Says("assess.target_live")
            .Says($"it is the DATABASE_URL of {rig.App} (dynos: web=1 worker=2)")
            .Says($"the run {proven} filled it and was proven");
        Assert.Equal(1, await rig.ScalarAtTargetAsync<long>(Written));
        Assert.False(await rig.IsInMaintenanceAsync());
        Assert.Equal(GodwitRig.Workers, await rig.WorkersAsync());

        await WriteAsync(rig);
        var old = (await rig.RunAsync([.. command, "--confirm", rig.App, "--empty-live", Word(refused)])).Expect(1)
            .Says("assess.target_live").Says("is for other contents");
        Assert.Equal(2, await rig.ScalarAtTargetAsync<long>(Written));
        (await rig.RunAsync([.. command, "--empty-live", Word(old)])).Expect(2).Says("--confirm is missing");

        (await rig.RunAsync([.. command, "--confirm", rig.App, "--empty-live", Word(old)])).Expect(0);
        Assert.Equal(0, await rig.ScalarAtTargetAsync<long>(Written));
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task Rows_written_between_the_word_and_the_restore_are_not_deleted()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        await rig.AddDatabaseAsync();
        await UseAsync(rig);
        var word = Word((await rig.RunAsync([.. rig.Migrate, "--confirm", rig.App])).Expect(1));

        var run = rig.Start([.. rig.Migrate, "--confirm", rig.App, "--empty-live", word, "--json"]);
        await run.EventAsync("step_done", "target");
        await rig.ScalarAtTargetAsync<object>("INSERT INTO orders VALUES (2)");

        (await run.EndAsync()).Expect(3).Says("load.live");
        Assert.Equal(2, await rig.ScalarAtTargetAsync<long>("SELECT count(*) FROM orders"));
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task A_restore_that_fails_behind_the_emptying_is_not_called_put_back_and_the_app_stays_out_of_service()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        var addOn = await rig.AddDatabaseAsync();
        await UseAsync(rig);
        var word = Word((await rig.RunAsync([.. rig.Migrate, "--confirm", rig.App])).Expect(1));
        trouble.Server.AddFault("restore:warnings=2");

        var failed = (await rig.RunAsync([.. rig.Migrate, "--confirm", rig.App, "--empty-live", word])).Expect(4);
        RequireEmptied(failed, addOn);
        Assert.True(await rig.IsSourceWritableAsync(), "the source is read-only");
        await AssertOutOfServiceAsync(rig);
        RequireEmptied((await rig.RunAsync("rollback")).Expect(4), addOn);
        await AssertOutOfServiceAsync(rig);

        // Somebody restores a backup. After that, the rest can be restored.
        await rig.ScalarAtTargetAsync<object>("DROP TABLE birds CASCADE; CREATE TABLE orders (id int)");
        (await rig.RunAsync("rollback")).Expect(0).Says("holds what others have written since this run emptied it");
        await rig.AssertEverythingIsAsBeforeAsync();

        // A resume that replaces that backup needs a new value.
        trouble.Server.ClearFaults();
        var live = (await rig.RunAsync("resume", rig.RunId, "--confirm", rig.App)).Expect(1).Says("load.live");
        (await rig.RunAsync("resume", rig.RunId, "--confirm", rig.App, "--empty-live", Word(live))).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_run_that_emptied_a_live_target_is_finished_by_a_resume_without_another_word()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        var addOn = await rig.AddDatabaseAsync();
        await UseAsync(rig);
        // Keeps the restore running until it fails, however fast the machine is.
        await rig.ExecuteAtSourceAsync("CREATE MATERIALIZED VIEW nap AS SELECT 1 AS one FROM pg_sleep(4)");
        var word = Word((await rig.RunAsync([.. rig.Migrate, "--confirm", rig.App])).Expect(1));
        trouble.Server.AddFault("restore:fails-after=2s,count=1");

        var failed = await rig.RunAsync([.. rig.Migrate, "--confirm", rig.App, "--empty-live", word]);
        failed.Expect(4).Says("load.restore_failed");
        RequireEmptied(failed, addOn);
        (await rig.RunAsync("resume")).Expect(0);

        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_copy_that_fails_behind_the_emptying_is_not_called_put_back_either()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var addOn = await rig.AddDatabaseAsync();
        await UseAsync(rig);
        await DirectTroubleTests.RefuseAsync(rig);
        var word = Word((await rig.RunAsync([.. DirectJourneyTests.Migrate(rig), "--confirm", rig.App])).Expect(1));

        var failed = await rig.RunAsync([.. DirectJourneyTests.Migrate(rig), "--confirm", rig.App,
            "--empty-live", word]);
        failed.Expect(4).Says("holds 0 tables");
        RequireEmptied(failed, addOn);
        Assert.True(await rig.IsSourceWritableAsync(), "the source is read-only");
        await AssertOutOfServiceAsync(rig);
        RequireEmptied((await rig.RunAsync("rollback")).Expect(4), addOn);

        await rig.ExecuteAtSourceAsync("DROP INDEX picky_birds; DROP FUNCTION picky");
        (await rig.RunAsync("resume")).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task Where_the_app_was_not_stopped_the_failure_says_how_to_stop_it_and_its_rows_need_a_word()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        await rig.AddDatabaseAsync();
        await UseAsync(rig);
        string[] command = [.. rig.Migrate, "--freeze", "none", "--confirm", rig.App];
        var word = Word((await rig.RunAsync(command)).Expect(1));
        trouble.Server.AddFault("restore:warnings=2,count=1");

        var failed = (await rig.RunAsync([.. command, "--empty-live", word])).Expect(4).Says("load.emptied")
            .Says($"heroku maintenance:on --app {rig.App}; heroku ps:scale web=0 worker=0 --app {rig.App}. Either");
        Assert.DoesNotContain("stays in maintenance", failed.Everything, StringComparison.Ordinal);
        await WriteAsync(rig);

        (await rig.RunAsync("resume")).Expect(3).Says("load.live").Says($"ps:scale web=0 worker=0 --app {rig.App}");
        Assert.Equal(1, await rig.ScalarAtTargetAsync<long>(Written));
    }

    [Fact]
    public async Task A_database_that_nobody_uses_is_emptied_for_the_app_s_name_as_before()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        await rig.AddDatabaseAsync();
        await rig.AddDatabaseAsync(attachAs: "NEWDB");
        var connection = await rig.TargetConnectionAsync("NEWDB_URL");
        await LocalHeroku.ScalarAsync<object>(connection, "CREATE TABLE orders AS SELECT 1 AS id");
        string[] command =
        [
            "migrate", "--from", "env:SOURCE_URL", "--to", $"heroku:{rig.App}/NEWDB", "--via", rig.Via,
            "--i-have-a-backup",
        ];
        trouble.Server.AddFault("restore:warnings=2,count=1");

        var refused = (await rig.RunAsync(command)).Expect(1).Says("assess.target_not_empty").Says("1 table, 1 row")
            .Says($"migrate with --confirm {rig.App}.");
        Assert.DoesNotContain("--empty-live", refused.Everything, StringComparison.Ordinal);
        (await rig.RunAsync([.. command, "--confirm", rig.App])).Expect(3)
            .Says("load.restore_warnings").Says("was put back");
        await rig.AssertEverythingIsAsBeforeAsync();
        (await rig.RunAsync([.. command, "--confirm", rig.App])).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task What_a_failed_run_left_in_the_app_s_empty_database_is_nobody_s_live_data()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        await rig.AddDatabaseAsync();
        await rig.ScalarAtTargetAsync<object>("CREATE SCHEMA nothing_in_it");
        trouble.Server.AddFault("restore:warnings=2,count=1");
        (await rig.RunAsync(rig.Migrate)).Expect(3);
        await rig.AssertEverythingIsAsBeforeAsync();

        (await rig.RunAsync(rig.Migrate)).Expect(1).Says($"migrate with --confirm {rig.App}.");
        await rig.ScalarAtTargetAsync<object>("INSERT INTO birds (name) VALUES ('written by the app')");
        (await rig.RunAsync([.. rig.Migrate, "--confirm", rig.App])).Expect(1).Says("assess.target_live");
        await rig.ScalarAtTargetAsync<object>("DELETE FROM birds WHERE name LIKE 'written%'");
        (await rig.RunAsync([.. rig.Migrate, "--confirm", rig.App])).Expect(0);
        await rig.AssertProvenAsync();
    }

    private static IReadOnlyList<string> Command(GodwitRig rig, string route) =>
        route == "direct" ? DirectJourneyTests.Migrate(rig) : rig.Migrate;

    private static Task WriteAsync(GodwitRig rig) =>
        rig.ScalarAtTargetAsync<object>("INSERT INTO birds (name) VALUES ('written by the app')");

    /// <summary>Makes the database one that the application has used.</summary>
    private static Task UseAsync(GodwitRig rig) =>
        rig.ScalarAtTargetAsync<object>("CREATE TABLE orders AS SELECT 1 AS id");

    private static void RequireEmptied(GodwitEnd end, string addOn)
    {
        end.Says("load.emptied").Says($"{addOn} of ").Says("was emptied").Says("1 table, 1 row")
            .Says($"heroku pg:backups:restore BACKUP {addOn} --app ");
        Assert.DoesNotContain("everything Godwit had changed was put back", end.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("runs as before", end.Everything, StringComparison.Ordinal);
    }

    private static async Task AssertOutOfServiceAsync(GodwitRig rig)
    {
        Assert.True(await rig.IsInMaintenanceAsync(), "the app serves an emptied database");
        Assert.Equal(0, await rig.WorkersAsync());
    }

    [GeneratedRegex("--empty-live ([a-z0-9-]+:[0-9a-f]{12})")]
    private static partial Regex PrintedWord();
}
