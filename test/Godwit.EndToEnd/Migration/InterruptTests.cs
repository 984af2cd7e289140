namespace Godwit.EndToEnd.Migration;

public sealed class InterruptTests(JourneyServers servers)
{
    [Theory]
    [InlineData("INT", false)]
    [InlineData("TERM", true)]
    public async Task Stopped_in_the_middle_of_its_dump_a_run_puts_everything_back_and_says_how_to_go_on(
        string signal, bool json)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var run = rig.Start(json ? [.. rig.Migrate, "--json"] : rig.Migrate);
        if (json)
            await run.EventAsync("bytes_moved", "dump");
        else
            await run.LineAsync(line =>
                line.Contains("  dump ", StringComparison.Ordinal) && line.Contains(" read", StringComparison.Ordinal));
        await run.SignalAsync(signal);

        var end = await run.EndAsync();

        end.Expect(3);
        await rig.AssertEverythingIsAsBeforeAsync();
        if (json)
            Assert.Equal("run.cancelled", end.Events.Single(one =>
                one["event"]!.GetValue<string>() == "step_failed")["fault"]!["code"]!.GetValue<string>());
        else
            end.Says("godwit resume").Says("Stopping, and putting back").Says("run.cancelled");

        (await rig.RunAsync("resume", rig.RunId)).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task Killed_in_the_middle_of_its_undoing_a_run_is_put_back_whole_by_a_rollback()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var run = rig.Start([.. rig.Migrate, "--json"]);
        await run.EventAsync("bytes_moved", "dump");
        await run.SignalAsync("TERM");
        await run.EventAsync("step_failed", "dump");
        await run.KillAsync();

        (await rig.RunAsync("rollback", rig.RunId)).Expect(0);

        await rig.AssertEverythingIsAsBeforeAsync();
    }
}
