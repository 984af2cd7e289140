using Godwit.Faults;
using Godwit.Tests.Heroku;

namespace Godwit.Tests.Faults;

public sealed class RetryTests
{
    private static readonly Retry Four = new(4, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));

    private readonly InstantClock _clock = new();
    private int _calls;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pauses_grow_to_their_limit_and_end_with_the_last_attempt()
    {
        await Assert.ThrowsAsync<IOException>(() => RunAsync(Four, () => new IOException()));

        Assert.Equal(4, _calls);
        Assert.Collection(_clock.Pauses, one => Between(1, 2, one), two => Between(2, 4, two),
            three => Between(2.5, 5, three));
    }

    [Fact]
    public async Task What_is_not_passing_is_not_repeated()
    {
        await Assert.ThrowsAsync<FormatException>(() => RunAsync(Four, () => new FormatException()));

        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task What_a_service_asks_for_is_waited_for_and_a_little_more()
    {
        await Assert.ThrowsAsync<Busy>(() => RunAsync(Four with { AttemptsMax = 2 }, () => new Busy(60)));

        Between(61, 62, Assert.Single(_clock.Pauses));
    }

    [Fact]
    public async Task A_service_that_asks_for_too_long_is_given_up()
    {
        await Assert.ThrowsAsync<Busy>(() => RunAsync(Four, () => new Busy(121)));

        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Attempts_are_counted_anew_from_one_that_got_on()
    {
        var told = 0;
        var policy = Four with { HasGotOn = () => _calls == 3, Failed = _ => told++ };

        await Assert.ThrowsAsync<IOException>(() => RunAsync(policy, () => new IOException()));

        Assert.Equal((6, 5), (_calls, told));
        Between(1, 2, _clock.Pauses[2]);
    }

    private static void Between(double from, double to, TimeSpan pause) =>
        Assert.InRange(pause, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));

    private Task RunAsync(Retry policy, Func<Exception> failure) => policy.RunAsync(_ =>
    {
        _calls++;
        return Task.FromException(failure());
    }, e => e is IOException, _clock, Ct);

    private sealed class Busy(int seconds) : IOException, IAsksToWait
    {
        public TimeSpan? Wait => TimeSpan.FromSeconds(seconds);
    }
}
