using Godwit.App.Cli.Flags;

namespace Godwit.Tests.Cli;

public sealed class ThrottleTests
{
    [Fact]
    public void One_is_let_through_per_interval_and_the_first_at_once()
    {
        var clock = new HandClock();
        var throttle = new Throttle(TimeSpan.FromSeconds(5), clock);
        var let = new List<bool>();
        foreach (var pause in new[] { 0, 0, 4.9, 0.2, 4, 1, 60, 0 })
        {
            clock.Pass(pause);
            let.Add(throttle.IsDue());
        }

        Assert.Equal([true, false, false, true, false, true, true, false], let);
    }
}
