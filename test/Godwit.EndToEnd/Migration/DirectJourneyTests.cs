using Godwit.EndToEnd.HerokuLocal;

namespace Godwit.EndToEnd.Migration;

/// <summary>A whole migration with the real binary, without a store.</summary>
public sealed class DirectJourneyTests(JourneyServers servers)
{
    private const string Bird = "INSERT INTO birds (name) VALUES ('written meanwhile')";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_database_arrives_whole_and_no_store_is_needed()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Sample, createApp: false);

        var end = await rig.RunAsync([.. Migrate(rig), "--create-app", "--json"]);

        end.Expect(0);
        Assert.Equal(
            ["assess", "backup", "target", "trial", "freeze", "copy", "settings", "verify", "cutover", "thaw"],
            end.Events.Where(one => one["event"]!.GetValue<string>() == "step_done")
                .Select(one => one["step"]!.GetValue<string>()));
        Assert.Equal("proven", end.Events[^1]["outcome"]!.GetValue<string>());
        await rig.AssertProvenAsync();
        Assert.Equal(0,
            await rig.ScalarAtTargetAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'godwit_copy'"));
        var report = await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.txt"), Ct);
        Assert.Contains("no store: straight from server to server", report, StringComparison.Ordinal);
        (await rig.RunAsync("status", rig.RunId)).Expect(0).Says("no store: straight from server to server");
        (await rig.RunAsync("cleanup", rig.RunId)).Expect(0);
        string[] again = [.. Migrate(rig), "--dry-run", "--confirm", rig.App];
        var word = EmptyLiveTests.Word(await rig.RunAsync(again));
        (await rig.RunAsync([.. again, "--empty-live", word])).Says("route direct").Says("which it was with run");
    }

    [Fact]
    public async Task A_run_killed_in_the_middle_of_its_copy_is_rolled_back_and_copies_anew_when_it_is_resumed()
    {
        await using var rig = await KilledInMidCopyAsync();

        (await rig.RunAsync("rollback")).Expect(0).Says("the unfinished copy is removed");
        await rig.AssertEverythingIsAsBeforeAsync();

        await rig.ExecuteAtSourceAsync(Bird);
        (await rig.RunAsync("resume", rig.RunId)).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task Where_nobody_freezes_a_resumed_copy_does_not_mix_two_moments()
    {
        await using var rig = await KilledInMidCopyAsync("--no-freeze");
        await rig.ExecuteAtSourceAsync(Bird);

        (await rig.RunAsync("resume")).Expect(0).Says("The copy begins anew");

        await rig.AssertTargetEqualsSourceAsync();
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task Behind_the_cut_over_the_way_back_and_forth_is_as_on_the_other_route()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var former = await rig.AddDatabaseAsync();
        var target = await rig.AddDatabaseAsync(attachAs: "NEWDB");
        (await rig.RunAsync("migrate", "--from", "env:SOURCE_URL", "--to", $"heroku:{rig.App}/NEWDB",
            "--route", "direct", "--i-have-a-backup")).Expect(0);
        await rig.AssertProvenAsync();
        Assert.Equal(target, await rig.PrimaryAsync());

        (await rig.RunAsync("rollback", rig.RunId)).Expect(0);
        Assert.Equal(former, await rig.PrimaryAsync());
        await rig.AssertEverythingIsAsBeforeAsync();

        (await rig.RunAsync("resume", rig.RunId)).Expect(1).Says("assess.target_not_empty");
        (await rig.RunAsync("resume", rig.RunId, "--confirm", rig.App)).Expect(0).Says("emptying it");
        Assert.Equal(target, await rig.PrimaryAsync());
        await rig.AssertProvenAsync();

        await rig.ScalarAtTargetAsync<object>("INSERT INTO birds (name) VALUES ('written after the cut-over')");
        (await rig.RunAsync("rollback", rig.RunId)).Expect(1).Says("run.written_since").Says("birds");
    }

    [Theory]
    [InlineData("settings")]
    [InlineData("verify")]
    public async Task A_copy_that_is_done_is_not_done_again(string next)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync();
        await rig.ExecuteAtSourceAsync("CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM birds");
        var first = rig.Start([.. Migrate(rig), "--json"]);
        await first.EventAsync("step_started", next);
        await first.KillAsync();
        // REFRESH gives the view a new file, and changes no rows.
        await rig.ScalarAtTargetAsync<object>("REFRESH MATERIALIZED VIEW counted");

        var end = (await rig.RunAsync("resume", rig.RunId, "--json")).Expect(0);

        var copy = end.Events.Single(one =>
            one["event"]!.GetValue<string>() == "step_done" && one["step"]!.GetValue<string>() == "copy");
        Assert.True(copy["was_already_done"]!.GetValue<bool>());
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task What_was_copied_and_is_gone_is_copied_again()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var first = rig.Start([.. Migrate(rig), "--json"]);
        await first.EventAsync("step_done", "copy");
        await first.KillAsync();
        // The run created this database, and no app's DATABASE_URL names it yet.
        await LocalHeroku.ScalarAsync<object>(await rig.TargetConnectionAsync("NEW_DATABASE_URL"),
            "TRUNCATE birds CASCADE");

        (await rig.RunAsync("resume", rig.RunId)).Expect(0).Says("emptying it");

        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_rehearsal_takes_the_same_way()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        var end = (await rig.RunAsync("rehearse", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App,
            "--route", "direct", "--json")).Expect(0);

        Assert.Equal(["assess", "target", "moment", "copy", "settings", "verify"],
            end.Events.Where(one => one["event"]!.GetValue<string>() == "step_done")
                .Select(one => one["step"]!.GetValue<string>()));
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task A_rehearsal_at_Heroku_takes_the_same_way_and_leaves_nothing()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var own = await rig.AddDatabaseAsync();

        var end = (await rig.RunAsync("rehearse", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App,
            "--route", "direct", "--add-on", "--json")).Expect(0);

        Assert.Equal(["assess", "target", "moment", "copy", "settings", "verify", "remove"],
            end.Events.Where(one => one["event"]!.GetValue<string>() == "step_done")
                .Select(one => one["step"]!.GetValue<string>()));
        Assert.Equal(own,
            Assert.Single((await rig.GetAsync($"/apps/{rig.App}/addons")).AsArray())!["name"]!.GetValue<string>());
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    internal static IReadOnlyList<string> Migrate(GodwitRig rig) =>
        ["migrate", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App, "--route", "direct", "--i-have-a-backup"];

    /// <summary>Waits until some rows have arrived, but not all.</summary>
    private static Task RowsAsync(GodwitProcess run) =>
        run.LineAsync(line => line.Contains("\"bytes_moved\"", StringComparison.Ordinal)
            && line.Contains("\"step\":\"copy\"", StringComparison.Ordinal)
            && !line.Contains("\"done_bytes\":0,", StringComparison.Ordinal));

    private async Task<GodwitRig> KilledInMidCopyAsync(params string[] more)
    {
        var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var first = rig.Start([.. Migrate(rig), "--json", .. more]);
        await RowsAsync(first);
        await first.KillAsync();
        Assert.DoesNotContain("\"step\":\"settings\"", (await first.EndAsync()).Output, StringComparison.Ordinal);
        return rig;
    }
}

/// <summary>The default route.</summary>
public sealed class RouteChoiceTests(JourneyServers servers)
{
    private const long Gigabyte = 1_000_000_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_above_Herokus_advice_goes_straight_by_itself_and_the_reason_is_said()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await PretendBytesAsync(rig, 21 * Gigabyte);
        IReadOnlyList<string> migrate = ["migrate", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App,
            "--i-have-a-backup"];
        const string why = "the source has 21 GB, and Heroku advises its restore for up to 20 GB";

        (await rig.RunAsync([.. migrate, "--dry-run"]))
            .Expect(0).Says("Note: the route is direct").Says(why).Says("Copy ");
        (await rig.RunAsync("assess", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App))
            .Expect(0).Says("assess.direct_route").Says(why);
        (await rig.RunAsync(migrate)).Expect(0);

        await rig.AssertProvenAsync();
        (await rig.RunAsync("status", rig.RunId)).Expect(0).Says($"straight from server to server, because {why}");
    }

    [Fact]
    public async Task Who_names_a_store_has_the_dump_and_a_warning()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await PretendBytesAsync(rig, 21 * Gigabyte);

        (await rig.RunAsync([.. rig.Migrate, "--dry-run"]))
            .Expect(0).Says("Heroku advises its restore for databases up to 20 GB").Says("--route direct")
            .Says("Stream one consistent dump");
    }

    [Fact]
    public async Task A_plan_without_a_restore_is_reached_all_the_same()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync(plan: "heroku-postgresql:shield-0");

        (await rig.RunAsync([.. rig.Migrate, "--route", "backup"])).Expect(1).Says("assess.shield");
        (await rig.RunAsync(rig.Migrate))
            .Expect(0).Says("Heroku offers no restore for databases on shield-0").Says("--via is not used");

        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task What_was_said_about_a_dump_and_has_no_effect_is_named()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await PretendBytesAsync(rig, 21 * Gigabyte);
        IReadOnlyList<string> migrate = ["migrate", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App,
            "--i-have-a-backup"];
        const string flags = "--compress, --engine, --create-store, --s3-region";

        (await rig.RunAsync([.. migrate, "--dry-run", "--compress", "3", "--engine", "godwit", "--create-store",
            "--s3-region", "fra"])).Expect(0)
            .Says($"from server to server; {flags} are not used: the source has 21 GB")
            .Says($"up to 20 GB; {flags} are not used:").Says($"Options of the dump have no effect ({flags})");
        var silent = (await rig.RunAsync([.. migrate, "--dry-run"])).Expect(0);
        Assert.All(["not used", "have no effect"],
            text => Assert.DoesNotContain(text, silent.Everything, StringComparison.Ordinal));
        (await rig.RunAsync([.. migrate, "--compress", "3"])).Expect(0).Says("--compress is not used");

        var journal = await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "journal.jsonl"), Ct);
        Assert.Contains("\"dump_flags\":[\"--compress\"]", journal, StringComparison.Ordinal);
        Assert.Contains("assess.dump_flags", journal, StringComparison.Ordinal);
        Assert.Contains("(--compress)", await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.txt"), Ct),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rehearsal_that_chooses_so_says_it_too()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await PretendBytesAsync(rig, 21 * Gigabyte);

        (await rig.RunAsync("rehearse", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App, "--engine", "pg_dump"))
            .Expect(0).Says("--engine is not used");
    }

    private static async Task PretendBytesAsync(GodwitRig rig, long bytes)
    {
        var oid = await rig.Source.ScalarAsync<uint>("postgres",
            $"SELECT oid FROM pg_database WHERE datname = '{rig.Database}'", Ct);
        await using var hole = new FileStream(Path.Combine(rig.Source.Folder, "data", "base", $"{oid}", "hole"),
            FileMode.Create);
        hole.SetLength(bytes);
    }
}
