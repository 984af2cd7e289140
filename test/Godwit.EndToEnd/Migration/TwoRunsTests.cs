namespace Godwit.EndToEnd.Migration;

public sealed class TwoRunsTests(JourneyServers servers)
{
    [Fact]
    public async Task A_second_run_on_the_same_target_is_refused_wherever_it_comes_from()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.EventAsync("bytes_moved", "dump");
        // It stands still while the others try, whatever they take for their look at the source.
        await first.SignalAsync("STOP");
        var home = rig.Home;

        (await rig.RunAsync(rig.Migrate)).Expect(1).Says("journal.target_busy");
        rig.Home = home + "-of-another-machine";
        (await rig.RunAsync(rig.Migrate)).Expect(1).Says("load.target_locked");

        rig.Home = home;
        await first.SignalAsync("CONT");
        (await first.EndAsync()).Expect(0);
        await rig.AssertProvenAsync();
    }
}
