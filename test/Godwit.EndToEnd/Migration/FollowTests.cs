namespace Godwit.EndToEnd.Migration;

/// <summary>Ctrl-C on the screen that follows another process's run.</summary>
public sealed class FollowTests(JourneyServers servers)
{
    private const string CtrlC = "\u0003";

    [Fact]
    public async Task Ctrl_C_asks_and_leaves_the_run_running_unless_the_answer_is_stop()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        (await rig.RunAsync([.. rig.Migrate, "--detach"])).Expect(0);
        var process = rig.Process()!.ProcessId;
        await using var terminal = await PseudoTerminal.OpenAsync(rig, "exec godwit status --follow");
        await terminal.SeesAsync("assess");
        await terminal.TypeAsync(CtrlC);
        await terminal.SeesAsync("[leave/stop]");

        await terminal.TypeAsync("\n");

        Assert.Equal(1, await terminal.EndAsync());
        await terminal.SeesAsync($"You left run {rig.RunId}");
        (await rig.RunAsync("status", "--follow", rig.RunId)).Expect(0);
        await rig.IsLeftAsync(process);
        await rig.AssertProvenAsync();
    }

    [Theory]
    [InlineData("xterm")]
    [InlineData("dumb")]
    public async Task The_answer_stop_puts_everything_back_and_the_follower_ends_as_the_run_does(string term)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        (await rig.RunAsync([.. rig.Migrate, "--detach"])).Expect(0);
        await rig.IsInAsync("dump");
        var process = rig.Process()!.ProcessId;
        await using var terminal = await PseudoTerminal.OpenAsync(rig,
            $"exec godwit status --follow {rig.RunId}", term);
        await terminal.SeesAsync("dump");
        await terminal.TypeAsync(CtrlC);
        await terminal.SeesAsync("[leave/stop]");

        await terminal.TypeAsync("stop\n");

        Assert.True(await terminal.EndAsync() == 3, await terminal.ScreenAsync());
        await terminal.SeesAsync("run.cancelled");
        await rig.IsLeftAsync(process);
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task Where_nobody_can_answer_Ctrl_C_leaves_the_run_running()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        (await rig.RunAsync([.. rig.Migrate, "--detach"])).Expect(0);
        var follower = rig.Start("status", "--follow");
        await follower.LineAsync(line => line.Contains(rig.RunId, StringComparison.Ordinal));

        (await rig.RunAsync("status")).Expect(0).Says("running");
        (await rig.RunAsync("status", rig.RunId)).Expect(0).Says($"Process  {rig.Process()!.ProcessId}, alive");

        await follower.SignalAsync("INT");

        (await follower.EndAsync()).Expect(1).Says("It continues");
        (await rig.RunAsync("status", "--follow", rig.RunId)).Expect(0);
        await rig.AssertProvenAsync();
    }
}
