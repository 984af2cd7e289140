using System.Globalization;
using Godwit.EndToEnd.HerokuLocal;
using Npgsql;

namespace Godwit.EndToEnd.Migration;

/// <summary>A direct copy that breaks half-way: what continues, what is copied again, and what is left.</summary>
public sealed class DirectTroubleTests(JourneyServers servers, TroubledHeroku trouble)
    : IClassFixture<TroubledHeroku>, IDisposable
{
    /// <summary>Rows of the slow source.</summary>
    private const long AllRows = 2000 + 300 + 10_000;

    /// <summary>Counts all that a copy may create: objects, its ledger, large objects.</summary>
    private const string Contents = """
        SELECT (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.relkind <> 'i')
             + (SELECT count(*) FROM pg_namespace WHERE nspname IN ('godwit_copy', 'Odd schema')) + (SELECT count(*)
                 FROM pg_largeobject_metadata)
             - (SELECT count(*) FROM pg_class c JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'e')
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => trouble.Server.ClearFaults();

    [Fact]
    public async Task A_resumed_copy_brings_only_what_had_not_arrived()
    {
        await using var rig = await KilledInMidCopyAsync();
        var there = await rig.ScalarAtTargetAsync<long>("SELECT sum(rows)::bigint FROM godwit_copy.done");
        var file = await rig.ScalarAtTargetAsync<uint>("SELECT relfilenode FROM pg_class WHERE relname = 'birds'");
        Assert.InRange(there, 1, AllRows - 1);

        (await rig.RunAsync("resume")).Expect(0).Says((AllRows - there).ToString("N0", CultureInfo.InvariantCulture)
            + " rows").Says(" came since the copy went on");

        // A table that is copied again is truncated first, which gives it a new file.
        Assert.Equal(file,
            await rig.ScalarAtTargetAsync<uint>("SELECT relfilenode FROM pg_class WHERE relname = 'birds'"));
        await rig.AssertProvenAsync();
    }

    [Theory]
    [InlineData("source")]
    [InlineData("target")]
    public async Task A_copy_whose_connections_break_goes_on_by_itself(string side)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        await rig.AddDatabaseAsync();
        var run = rig.Start([.. DirectJourneyTests.Migrate(rig), "--json"]);
        await ArrivedAsync(rig);
        const string end = """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'godwit' AND pid <> pg_backend_pid()
              AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')
            """;
        Assert.InRange(side == "source" ? await rig.Source.ScalarAsync<long>(rig.Database, end,
            Ct) : await rig.ScalarAtTargetAsync<long>(end), 1, 100);

        var ended = (await run.EndAsync()).Expect(0).Says("copy.goes_on").Says("since the copy went on");
        // A connection that was just being opened is named by its address. If all rows were read when the sessions
        // ended, the loss of the session with the locks is noticed first.
        Assert.Matches("The connection to [^\"]+ broke|The locks on the source's tables were lost", ended.Output);

        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_target_with_few_connections_is_not_asked_for_more()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        // A database of the smallest plans, which allow twenty connections.
        await rig.AddDatabaseAsync();

        (await rig.RunAsync([.. DirectJourneyTests.Migrate(rig), "--jobs", "16", "--json"]))
            .Expect(0).Says("copy.fewer_target_jobs").Says("for indexes instead of");

        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_copy_that_fails_leaves_source_app_and_target_as_they_were()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync();
        await RefuseAsync(rig);
        var before = await rig.ScalarAtTargetAsync<long>(Contents);

        (await rig.RunAsync(DirectJourneyTests.Migrate(rig)))
            .Expect(3).Says("copy.definition_refused").Says("the unfinished copy is removed");

        await rig.AssertEverythingIsAsBeforeAsync();
        Assert.Equal(before, await rig.ScalarAtTargetAsync<long>(Contents));
        (await rig.RunAsync("cleanup", rig.RunId)).Expect(0).Says("Nothing to remove");

        await rig.ExecuteAtSourceAsync("DROP INDEX picky_birds; DROP FUNCTION picky");
        (await rig.RunAsync("resume", rig.RunId)).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_copy_that_could_not_be_removed_is_found_and_removed_by_a_clean_up()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        await rig.AddDatabaseAsync();
        await RefuseAsync(rig);
        var before = await rig.ScalarAtTargetAsync<long>(Contents);
        trouble.Server.AddFault("http:422,method=PUT,path=/client/v11/databases/*/reset");

        (await rig.RunAsync(DirectJourneyTests.Migrate(rig)))
            .Expect(3).Says("copy.definition_refused").Says("is still there, and used by nobody");
        await rig.AssertEverythingIsAsBeforeAsync();
        (await rig.RunAsync("cleanup", "--yes")).Expect(4).Says("cli.not_put_back");
        trouble.Server.ClearFaults();
        (await rig.RunAsync("cleanup")).Expect(1).Says("holds an unfinished copy").Says("Nothing was removed");
        (await rig.RunAsync("cleanup", "--yes")).Expect(0).Says("nothing of it is there any more");

        Assert.Equal(before, await rig.ScalarAtTargetAsync<long>(Contents));
        await rig.AssertEverythingIsAsBeforeAsync();
        (await rig.RunAsync("cleanup")).Expect(0).Says("Nothing to remove");
    }

    [Fact]
    public async Task What_was_copied_is_not_removed_from_under_another_run()
    {
        // The same number as in RunLock.
        const long Lock = 0x676F64776974;
        await using var rig = await KilledInMidCopyAsync();
        rig.HidePgDump();
        await using (var other = new NpgsqlConnection(await rig.TargetConnectionAsync()))
        {
            await other.OpenAsync(Ct);
            await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({Lock})", other);
            await take.ExecuteNonQueryAsync(Ct);

            // The resume ends before the step that takes the lock.
            (await rig.RunAsync("resume")).Expect(3).Says("postgres.tools_missing")
                .Says("is still there, and used by nobody").Says("holds Godwit's lock");
            Assert.NotEqual(0, await rig.ScalarAtTargetAsync<long>(Contents));
        }

        await rig.AssertEverythingIsAsBeforeAsync();
        (await rig.RunAsync("rollback", rig.RunId)).Expect(0).Says("the unfinished copy is removed");
        Assert.Equal(0, await rig.ScalarAtTargetAsync<long>(Contents));
    }

    [Theory]
    [InlineData]
    [InlineData("--no-freeze")]
    public async Task What_a_killed_run_has_copied_goes_with_the_clean_up_of_the_run(params string[] more)
    {
        await using var rig = await KilledInMidCopyAsync(more);

        (await rig.RunAsync("cleanup", rig.RunId))
            .Expect(1).Says("to be put back").Says("holds an unfinished copy").Says("Nothing was removed");
        Assert.NotEqual(0, await rig.ScalarAtTargetAsync<long>(Contents));
        (await rig.RunAsync("cleanup", rig.RunId, "--yes")).Expect(0).Says("nothing of it is there any more");

        Assert.Equal(0, await rig.ScalarAtTargetAsync<long>(Contents));
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task A_target_that_somebody_has_filled_since_is_left_alone_until_its_owner_gives_it_up()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        await rig.AddDatabaseAsync();
        // The freeze is refused. It comes after the step that has found the target.
        trouble.Server.AddFault($"http:403,count=1,method=PATCH,path=/apps/{rig.App}*");
        (await rig.RunAsync(DirectJourneyTests.Migrate(rig))).Expect(3);
        trouble.Server.ClearFaults();
        await rig.ScalarAtTargetAsync<object>("CREATE TABLE mine AS SELECT 7 AS n");

        (await rig.RunAsync("resume"))
            .Expect(1).Says("load.not_empty").Says("public.mine").Says($"--confirm {rig.App}");
        Assert.Equal(7, await rig.ScalarAtTargetAsync<int>("SELECT n FROM mine"));
        await rig.AssertEverythingIsAsBeforeAsync();

        // The database is the application's, so emptying it needs --empty-live.
        var live = (await rig.RunAsync("resume", rig.RunId, "--confirm", rig.App)).Expect(1).Says("load.live");
        Assert.Equal(7, await rig.ScalarAtTargetAsync<int>("SELECT n FROM mine"));
        (await rig.RunAsync("resume", rig.RunId, "--confirm", rig.App,
            "--empty-live", EmptyLiveTests.Word(live))).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task What_others_have_added_to_a_whole_copy_is_not_removed()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync();
        var first = rig.Start([.. DirectJourneyTests.Migrate(rig), "--json"]);
        await first.EventAsync("step_done", "copy");
        await first.KillAsync();
        const string file = "SELECT relfilenode FROM pg_class WHERE relname = 'birds'";
        var birds = await rig.ScalarAtTargetAsync<uint>(file);
        await rig.ScalarAtTargetAsync<object>("CREATE TABLE mine AS SELECT 7 AS n");

        (await rig.RunAsync("resume")).Expect(3).Says("copy.target_filled").Says("public.mine");
        Assert.Equal(birds, await rig.ScalarAtTargetAsync<uint>(file));
        await rig.ScalarAtTargetAsync<object>("DROP TABLE mine");
        (await rig.RunAsync("resume", rig.RunId)).Expect(0);

        await rig.AssertProvenAsync();
    }

    /// <summary>Adds an index that the target refuses, because its database has another name.</summary>
    internal static Task RefuseAsync(GodwitRig rig) => rig.ExecuteAtSourceAsync($"""
        CREATE FUNCTION picky(n bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN IF pg_catalog.current_database() <> '{rig.Database}' THEN RAISE EXCEPTION 'not here';
            END IF; RETURN n; END $$;
        CREATE INDEX picky_birds ON birds (picky(id));
        """);

    /// <summary>Waits until a small table has arrived, but not the large one.</summary>
    private static Task ArrivedAsync(GodwitRig rig) => LocalHeroku.UntilAsync(async () =>
        await rig.ScalarAtTargetAsync<bool>("SELECT to_regclass('godwit_copy.done') IS NOT NULL")
        && await rig.ScalarAtTargetAsync<bool>("SELECT EXISTS (SELECT FROM godwit_copy.done WHERE rows = 2000)"));

    private async Task<GodwitRig> KilledInMidCopyAsync(params string[] more)
    {
        var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        await rig.AddDatabaseAsync();
        var first = rig.Start([.. DirectJourneyTests.Migrate(rig), "--json", .. more]);
        await ArrivedAsync(rig);
        await first.KillAsync();
        Assert.DoesNotContain("\"step\":\"settings\"", (await first.EndAsync()).Output, StringComparison.Ordinal);
        return rig;
    }
}
