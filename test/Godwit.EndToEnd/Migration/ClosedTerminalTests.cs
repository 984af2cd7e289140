namespace Godwit.EndToEnd.Migration;

/// <summary>A closed window or a dropped SSH session does not undo a run.</summary>
public sealed class ClosedTerminalTests(JourneyServers servers)
{
    [Theory]
    [InlineData("xterm")]
    [InlineData("dumb")]
    public async Task A_migration_whose_terminal_is_closed_continues_to_its_end(string term)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        await using var terminal = await PseudoTerminal.OpenAsync(rig,
            $"exec godwit {string.Join(' ', rig.Migrate)}", term);
        await rig.IsInAsync("dump");
        var process = rig.Process()!.ProcessId;

        await terminal.CloseAsync();

        await rig.IsLeftAsync(process);
        (await rig.RunAsync("status", "--follow", rig.RunId)).Expect(0).Says("done:");
        await rig.AssertProvenAsync();
        Assert.DoesNotContain("step_undone", await rig.JournalAsync(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(rig.RunFolders[0], "report.html")), "the end of the run wrote no report");
    }

    [Fact]
    public async Task A_question_that_stands_when_the_terminal_is_closed_is_answered_by_nobody_and_the_run_continues()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        await using var terminal = await PseudoTerminal.OpenAsync(rig, $"exec godwit {string.Join(' ', rig.Migrate)}");
        await rig.IsInAsync("dump");
        var process = rig.Process()!.ProcessId;
        await terminal.TypeAsync("\u0003");
        await terminal.SeesAsync("Stop this run");

        await terminal.CloseAsync();

        await rig.IsLeftAsync(process);
        (await rig.RunAsync("status", "--follow", rig.RunId)).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_resume_and_a_rehearsal_get_SIGHUP_and_continue()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var killed = rig.Start([.. rig.Migrate, "--json"]);
        await killed.EventAsync("bytes_moved", "dump");
        await killed.KillAsync();
        var resume = rig.Start("resume", "--json");
        await resume.EventAsync("bytes_moved", "dump");

        await resume.SignalAsync("HUP");

        (await resume.EndAsync()).Expect(0);
        await rig.AssertProvenAsync();

        (await rig.RunAsync("rollback", rig.RunId)).Expect(0);
        var rehearsal = rig.Start("rehearse", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App, "--json");
        await rehearsal.EventAsync("step_started", "moment");
        await rehearsal.SignalAsync("HUP");
        (await rehearsal.EndAsync()).Expect(0);
    }
}
