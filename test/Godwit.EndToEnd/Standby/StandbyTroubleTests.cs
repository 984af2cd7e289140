using Godwit.EndToEnd.Assess;
using Godwit.EndToEnd.Dump;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Standby;

/// <summary>What happens to a standby while it is read: a replay that ends sessions, a promotion, a pause; and what it
/// never has. PostgreSQL 13 is always read by one session.</summary>
public sealed class StandbyTroubleTests(OtherServers servers, JourneyServers journeys)
{
    /// <summary>More than the buffers between the server and the target hold.</summary>
    private const string Large = "CREATE TABLE large (id integer PRIMARY KEY, filler text); "
        + "INSERT INTO large SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 45000) i;";

    private static readonly string[] SlowCopy = ["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL",
        "--max-rate", "6MB", "--json"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    public async Task A_read_that_the_replay_ends_is_a_fault_that_says_how_to_prevent_it(int major)
    {
        await using var pair = await StandbyPair.StartAsync(major,
            new Dictionary<string, string> { ["max_standby_streaming_delay"] = "0", ["hot_standby_feedback"] = "off" });
        await using var rig = await VerifyRig.CreateAsync(pair.Primary, await servers.OfMajorAsync(major), Large);
        await pair.CatchUpAsync();
        await using var moment =
            await HeldSnapshot.TakeAsync(PostgresUrl.Parse(rig.UrlAt(pair.Standby).Reveal(), "The standby"),
                TimeProvider.System, Ct);

        var copy = StandbyRun.Start(rig, pair, SlowCopy);
        await copy.EventAsync("bytes_moved");
        await StandbyRun.ReadsAsync(pair, "large");
        await rig.AtSourceAsync("DELETE FROM large WHERE id % 2 = 0");
        await rig.AtSourceAsync("VACUUM large", asOwner: false);

        var end = (await copy.EndAsync()).Expect(4).Says("hot_standby_feedback = on")
            .Says("max_standby_streaming_delay = -1").Says("pg_wal_replay_pause()");
        // A server process that waits for a slow reader is ended without a word.
        Assert.Contains(end.Events[^1]["fault"]!["code"]!.GetValue<string>(),
            new[] { "postgres.recovery_conflict", "postgres.standby_lost" });
        var idle = await Assert.ThrowsAsync<FaultException>(() =>
            moment.First.ScalarAsync<long>("SELECT count(*) FROM large", Ct));
        Assert.Equal("postgres.recovery_conflict", idle.Fault.Code);
        var found = await AssessRig.AssessAtAsync(PostgresUrl.Parse(rig.UrlAt(pair.Standby).Reveal(), "The standby"));
        Assert.Contains(found.Findings, one => one.Code == "assess.standby_conflicts");
    }

    /// <summary>How the standby is read is decided when its snapshot is taken, and stays so.</summary>
    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    public async Task A_promotion_in_the_middle_changes_nothing_of_what_is_read(int major)
    {
        await using var pair = await StandbyPair.StartAsync(major);
        await using var rig = await VerifyRig.CreateAsync(pair.Primary, await servers.OfMajorAsync(major),
            Large + VerifyRig.Script);
        await pair.CatchUpAsync();
        var then = await DatabaseContents.ReadAsync(pair.Primary, rig.Name, 15);

        var copy = StandbyRun.Start(rig, pair, SlowCopy);
        await StandbyRun.ReadsAsync(pair, "large");
        await pair.PromoteAsync();
        await pair.Standby.ExecuteAsync(rig.Name,
            "UPDATE large SET filler = 'later'; INSERT INTO log VALUES ('later', 'l'); DELETE FROM orders", Ct);
        (await copy.EndAsync()).Expect(0);

        StandbyTests.AssertSame(then, await DatabaseContents.ReadAsync(rig.Target, rig.Name, 15));
        Assert.Equal(pair.SharesSnapshots,
            (await pair.LogSinceAsync(0)).Contains("SET TRANSACTION SNAPSHOT", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    public async Task What_a_standby_does_not_have_and_how_old_it_is_are_told_before(int major)
    {
        await using var pair = await StandbyPair.StartAsync(major);
        await using var rig = await VerifyRig.CreateAsync(pair.Primary, await servers.OfMajorAsync(major),
            VerifyRig.Script + "CREATE UNLOGGED TABLE fleeting (id serial PRIMARY KEY, said text); "
            + "INSERT INTO fleeting (said) VALUES ('not here');");
        await pair.PauseAsync();
        await rig.AtSourceAsync("INSERT INTO log VALUES ('later', 'l')");

        var dumped = (await StandbyRun.RunAsync(rig, pair, "dump", "--from", "env:SOURCE_URL",
            "--to", rig.NewFile("s.dump"), "--json")).Expect(0);
        var copied = (await StandbyRun.RunAsync(rig, pair, "copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL",
            "--json")).Expect(0);
        foreach (var said in new[] { dumped, copied })
            said.Says("standby.replay_paused").Says("1 unlogged table of the source has no rows at a standby: "
                + "public.fleeting").Says("the last transaction it shows was committed at");
        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM fleeting"));

        var verified = (await StandbyRun.RunAsync(rig, pair, "verify", "--from", "env:SOURCE_URL",
            "--to", "env:TARGET_URL", "--json")).Expect(3);
        Assert.Contains("standby.unlogged",
            verified.Events[0]["notes"]!.AsArray().Select(note => note!["code"]!.GetValue<string>()));
        verified.Says("a standby has no rows of it: it is unlogged");

        var address = PostgresUrl.Parse(rig.UrlAt(pair.Standby).Reveal(), "The standby");
        var found = (await AssessRig.AssessAtAsync(address)).Findings.Select(one => one.Code).ToList();
        Assert.Contains("assess.standby_paused", found);
        Assert.Contains("assess.standby_unlogged", found);
        Assert.Equal(pair.SharesSnapshots, !found.Contains("assess.standby_one_session"));
        Assert.DoesNotContain("assess.could_not_look", found);
        // A moment that somebody else holds is refused where it would be read wrongly.
        var held = await StandbyRun.RunAsync(rig, pair, "verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL",
            "--source-snapshot", "00000003-00000001-1");
        held.Expect(1).Says(pair.SharesSnapshots ? "verify.snapshot_gone" : "postgres.snapshot_unsafe");
        Assert.Equal(pair.SharesSnapshots,
            (await pair.LogSinceAsync(0)).Contains("SET TRANSACTION SNAPSHOT", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The dump and the comparison are two sessions there, which see the same only while the replay is
    /// paused.</summary>
    [Fact]
    public async Task A_rehearsal_needs_a_standby_that_stays_as_it_is_where_no_moment_can_be_shared()
    {
        await using var pair = await StandbyPair.StartAsync(13);
        await using var rig = await GodwitRig.CreateAsync(journeys, source: pair.Primary);
        rig.Environment["SOURCE_URL"] = pair.Standby.Url(rig.Database, rig.Database, rig.SourcePassword);
        await pair.CatchUpAsync();
        string[] rehearse = ["rehearse", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App, "--json"];
        (await rig.RunAsync(rehearse)).Expect(1).Says("assess.standby_no_moment").Says("pg_wal_replay_pause()");

        await pair.PauseAsync();
        await rig.ExecuteAtSourceAsync("INSERT INTO birds (name) VALUES ('written during the rehearsal')");
        var end = (await rig.RunAsync(rehearse)).Expect(0).Says("its replay is paused at");
        Assert.Equal("rehearsed", end.Events[^1]["outcome"]!.GetValue<string>());
        Assert.DoesNotContain("pg_export_snapshot", await pair.LogSinceAsync(0), StringComparison.Ordinal);
    }

    /// <summary>A standby's snapshots do not list what is open: of these two moments both say the same.</summary>
    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    public async Task A_copy_is_resumed_from_a_standby_only_at_the_same_moment(int major)
    {
        await using var pair = await StandbyPair.StartAsync(major);
        await using var rig = await VerifyRig.CreateAsync(pair.Primary, await servers.OfMajorAsync(major),
            Large + VerifyRig.Script);
        await using var first = await StandbyRun.OpenTransactionAsync(rig, "INSERT INTO log VALUES ('first', 'f')");
        await using (var second = await StandbyRun.OpenTransactionAsync(rig,
            "UPDATE large SET filler = 'changed' WHERE id > 44990; UPDATE customers SET name = 'changed'"))
        {
            await rig.AtSourceAsync("INSERT INTO log VALUES ('third', 't')");
            await pair.PauseAsync();
            for (var attempt = 0; attempt < 2; attempt++)
            {
                var copy = StandbyRun.Start(rig, pair,
                    [.. SlowCopy, "--jobs", "1", .. attempt > 0 ? ["--resume"] : Array.Empty<string>()]);
                await copy.EventAsync("bytes_moved");
                await StandbyRun.ReadsAsync(pair, "large");
                await copy.KillAsync();
            }

            await using var commit = second.CreateCommand();
            commit.CommandText = "COMMIT";
            await commit.ExecuteNonQueryAsync(Ct);
        }

        await pair.ResumeAsync();
        await pair.PauseAsync();
        (await StandbyRun.RunAsync(rig, pair, [.. SlowCopy, "--resume"])).Expect(1).Says("copy.source_changed");
    }
}
