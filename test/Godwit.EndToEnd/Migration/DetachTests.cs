using System.Globalization;
using System.Text.Json.Nodes;

namespace Godwit.EndToEnd.Migration;

/// <summary>Runs in the background, and the commands that follow them.</summary>
public sealed class DetachTests(JourneyServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_detached_migration_ends_proven_and_no_secret_is_in_its_arguments_or_its_output()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);

        var begun = (await rig.RunAsync([.. rig.Migrate, "--detach"])).Expect(0);

        Assert.DoesNotContain("run_ended", await rig.JournalAsync(), StringComparison.Ordinal);
        begun.Says($"godwit status --follow {rig.RunId}").Says($"godwit rollback {rig.RunId}").Says("done: ");
        var process = rig.Process()!.ProcessId;
        var arguments =
            await File.ReadAllTextAsync($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/cmdline", Ct);
        Assert.Contains("--detach", arguments, StringComparison.Ordinal);
        (await rig.RunAsync("status")).Expect(0).Says(rig.RunId).Says(" UTC  running ");
        (await rig.RunAsync("resume", rig.RunId, "--detach")).Expect(1).Says("_busy");
        (await rig.RunAsync("status", "--follow")).Expect(0).Says("dump ").Says("Report: ");
        await rig.IsLeftAsync(process);
        await rig.AssertProvenAsync();
        var log = Path.Combine(rig.RunFolders[0], "output.log");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(log));
        var output = await File.ReadAllTextAsync(log, Ct);
        Assert.Contains("Report: ", output, StringComparison.Ordinal);
        foreach (var secret in new[] { GodwitRig.SecretMark, rig.Heroku.Token.Reveal() })
            Assert.DoesNotContain(secret, arguments + output + begun.Everything + await rig.JournalAsync(),
                StringComparison.Ordinal);
        (await rig.RunAsync("status")).Expect(0).Says(rig.RunId).Says(" UTC  proven ");
    }

    [Fact]
    public async Task A_detached_migration_reads_its_source_from_standard_input()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await using var terminal = await PseudoTerminal.OpenAsync(rig,
            "printf '%s\\n' \"$SOURCE_URL\" | godwit migrate --from-stdin --i-have-a-backup --detach "
            + $"--to heroku:{rig.App} --via {rig.Via}", "dumb");

        Assert.True(await terminal.EndAsync() == 0, await terminal.ScreenAsync());

        (await rig.RunAsync("status", "--follow", rig.RunId)).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_detached_resume_finishes_what_a_killed_run_began_and_JSON_tells_programs_where()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var killed = rig.Start([.. rig.Migrate, "--json"]);
        await killed.EventAsync("bytes_moved", "dump");
        await killed.KillAsync();
        (await rig.RunAsync("status")).Expect(0).Says(rig.RunId).Says(" UTC  interrupted ");
        (await rig.RunAsync("status", "--follow", rig.RunId)).Expect(4).Says("cli.run_interrupted");
        (await rig.RunAsync("status", "--follow")).Expect(2).Says("cli.no_run_to_follow");

        var begun = (await rig.RunAsync("resume", "--detach", "--json")).Expect(0);

        var detached = begun.Events.Single(one => one["event"]!.GetValue<string>() == "run_detached");
        var log = detached["output"]!.GetValue<string>();
        Assert.Equal((rig.RunId, Path.Combine(rig.RunFolders[0], "output.log")),
            (detached["run_id"]!.GetValue<string>(), log));
        var end = (await rig.RunAsync("status", "--follow", "--json")).Expect(0);
        Assert.Equal("proven", end.Events[^1]["outcome"]!.GetValue<string>());
        Assert.All(await File.ReadAllLinesAsync(log, Ct), line => Assert.IsType<JsonObject>(JsonNode.Parse(line)));
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_detached_rehearsal_goes_the_same_way()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        (await rig.RunAsync("rehearse", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App, "--detach")).Expect(0);

        (await rig.RunAsync("status", "--follow", rig.RunId)).Expect(0).Says("Rehears");
        Assert.True(await rig.IsSourceWritableAsync());
    }

    [Fact]
    public async Task A_detached_run_that_is_refused_says_so_in_the_foreground_with_its_exit_code()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        // Refused before a run begins.
        await rig.StopsAsync(2, "cli.options", [.. rig.Migrate, "--detach", "--jobs", "0"]);
        await rig.StopsAsync(2, "cli.options", [.. rig.Migrate, "--detach", "--dry-run"]);
        const string Typed = "postgres://u:hunter2hunter2@127.0.0.1/x";
        await rig.StopsAsync(2, "cli.options",
            ["migrate", "--from", Typed, "--to", "heroku:" + rig.App, "--via", rig.Via, "--detach"]);
        rig.Environment["SOURCE_URL"] = null;
        var unset = await rig.StopsAsync(2, "postgres.no_variable", [.. rig.Migrate, "--detach"]);
        Assert.Contains("SOURCE_URL", unset.What + unset.Why, StringComparison.Ordinal);
        Assert.Empty(rig.RunFolders);
        // Refused by the run's own assessment, and by the step after it.
        rig.Environment["SOURCE_URL"] = rig.Source.Url(rig.Database, rig.Database,
            new(GodwitRig.SecretMark + "-wrong"));
        await rig.StopsAsync(1, "postgres.wrong_password", [.. rig.Migrate, "--detach"]);
        rig.Environment["SOURCE_URL"] = rig.SourceUrl;
        var end = await rig.RunAsync([.. rig.Migrate.SkipLast(1), "--detach"]);
        end.Expect(1).Says("Report: ");
    }
}
