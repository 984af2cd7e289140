using System.Text.Json.Nodes;

namespace Godwit.EndToEnd.Migration;

/// <summary>Rehearsals from a source that stays in use.</summary>
public sealed class RehearsalTests(JourneyServers servers)
{
    private const string Bird = "INSERT INTO birds (name) VALUES ('written during the rehearsal')";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_this_machine_it_needs_no_token_freezes_nothing_and_tells_the_downtime_and_what_differs()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        foreach (var name in
            rig.Environment.Keys.Where(name => name.StartsWith("HEROKU_", StringComparison.Ordinal)).ToList())
            rig.Environment[name] = null;
        string[] rehearse = ["rehearse", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App, "--json"];

        var first = rig.Start(rehearse);
        await first.EventAsync("step_done", "moment");
        await rig.ExecuteAtSourceAsync(Bird);
        var end = (await first.EndAsync()).Expect(0);

        Assert.Equal(["assess", "target", "moment", "dump", "link", "restore", "rights", "analyze", "settings",
            "verify", "cleanup"], StepsOf(end));
        Assert.Equal("rehearsed", end.Events[^1]["outcome"]!.GetValue<string>());
        var report = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.json"), Ct))!;
        Assert.Equal(["dump", "link", "restore", "rights", "analyze", "settings", "verify"],
            report["expected_downtime"]!["steps"]!.AsArray().Select(step => step!["step"]!.GetValue<string>()));
        Assert.InRange(report["expected_downtime"]!["seconds"]!.GetValue<double>(), 0.1, 600);
        Assert.Contains("downtime, expected",
            await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.html"), Ct), StringComparison.Ordinal);
        Assert.False(Directory.Exists(FolderOf(rig)), "the local Heroku is still there");
        (await rig.RunAsync("resume", rig.RunId)).Expect(1).Says("cli.rehearsal_not_resumed");

        // A view that the restore computes again differs, and does not count as an error of the rehearsal.
        await rig.ExecuteAtSourceAsync(
            "CREATE MATERIALIZED VIEW drawn AS SELECT n, random() AS lot FROM generate_series(1, 10) n");
        var differs = (await rig.RunAsync(rehearse)).Expect(1);
        Assert.Equal("rehearsal_differs", differs.Events[^1]["outcome"]!.GetValue<string>());
        (await rig.RunAsync("status", rig.RunId)).Expect(0).Says("drawn").Says("rehearsed, differs");
        Assert.False(Directory.Exists(FolderOf(rig)), "the local Heroku is still there");
        await rig.AssertEverythingIsAsBeforeAsync();
        Assert.Empty((await rig.GetAsync($"/apps/{rig.App}/addons")).AsArray());
    }

    [Fact]
    public async Task One_that_was_killed_is_removed_with_its_local_Heroku_and_its_dump()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var first = rig.Start("rehearse", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App,
            "--via", rig.Via, "--json");
        await first.EventAsync("step_done", "restore");
        await first.KillAsync();
        Assert.NotEmpty(rig.StoreFiles);
        Assert.True(Directory.Exists(FolderOf(rig)));

        (await rig.RunAsync("cleanup", rig.RunId, "--yes")).Expect(1).Says($"godwit rollback {rig.RunId}");
        (await rig.RunAsync("rollback", rig.RunId)).Expect(0).Says("What was made for the rehearsal is removed");

        Assert.False(Directory.Exists(FolderOf(rig)), "the local Heroku is still there");
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task At_Heroku_it_orders_a_database_for_itself_and_destroys_it_also_after_a_kill()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var primary = await rig.AddDatabaseAsync();
        var before = await LookAsync(rig);
        await rig.ExecuteAtSourceAsync($"ALTER DATABASE {rig.Database} SET statement_timeout = '61s'");
        string[] rehearse = ["rehearse", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App, "--add-on",
            "--via", rig.Via];

        var first = rig.Start([.. rehearse, "--json"]);
        await first.EventAsync("step_done", "dump");
        Assert.Equal(primary, await rig.PrimaryAsync());
        Assert.NotNull(await rig.ConfigVarAsync("GODWIT_REHEARSAL_URL"));
        await rig.ExecuteAtSourceAsync(Bird);
        var end = (await first.EndAsync()).Expect(0);
        Assert.Equal(
            ["assess", "target", "moment", "dump", "link", "restore", "rights", "analyze", "settings", "verify",
                "cleanup", "remove"], StepsOf(end));
        Assert.Equal("1 of 1 setting of the source database stands at the target",
            end.Events.Single(one => one["event"]!.GetValue<string>() == "step_done"
                && one["step"]!.GetValue<string>() == "settings")["evidence"]!["claim"]!.GetValue<string>());
        Assert.NotEqual("61s", await rig.ScalarAtTargetAsync<string>("SHOW statement_timeout"));
        end.Says("load.throw_away").Says("$0.013 an hour ($9 a month");
        Assert.Equal(before, await LookAsync(rig));

        var second = rig.Start([.. rehearse, "--json"]);
        await second.EventAsync("step_done", "target");
        await second.KillAsync();
        Assert.Equal(2, (await rig.GetAsync($"/apps/{rig.App}/addons")).AsArray().Count);
        (await rig.RunAsync("cleanup", rig.RunId, "--yes")).Says("throw-away database");
        Assert.Equal(before, await LookAsync(rig));
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    private static IEnumerable<string> StepsOf(GodwitEnd end) =>
        end.Events.Where(one => one["event"]!.GetValue<string>() == "step_done")
            .Select(one => one["step"]!.GetValue<string>());

    /// <summary>The folder of the newest run's local Heroku, from its journal.</summary>
    private static string FolderOf(GodwitRig rig) => JsonNode
        .Parse(File.ReadLines(Path.Combine(rig.RunFolders[0], "journal.jsonl")).First())!
        ["settings"]!["rehearsal_folder"]!.GetValue<string>();

    private static async Task<string> LookAsync(GodwitRig rig) => string.Join('\n',
        await rig.GetAsync($"/apps/{rig.App}/addons"), await rig.GetAsync($"/apps/{rig.App}/addon-attachments"),
        await rig.GetAsync($"/apps/{rig.App}/config-vars"), await rig.GetAsync($"/apps/{rig.App}/formation"));
}
