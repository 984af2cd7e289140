using Godwit.Load;

namespace Godwit.Tests.Load;

public sealed class LinkLifeTests
{
    private const double MB = 1e6;

    [Theory]
    [InlineData(null, null, null, 15, "the minimum, 15 minutes: no speed was measured")]
    [InlineData(null, 60, 10 * MB, 15, "the minimum, 15 minutes: no speed was measured")]
    [InlineData(0L, 0, null, 15, "the minimum, 15 minutes: no speed was measured")]
    [InlineData(600_000_000L, 60, null, 15,
        "the minimum, 15 minutes: 600.0 MB at the measured 10.0 MB/s takes less")]
    [InlineData(39_081L, 1, null, 15, "the minimum, 15 minutes: 39.1 kB at the measured 39.1 kB/s takes less")]
    [InlineData(6_000_000_000L, 600, null, 40, "4 times what 6.0 GB at the measured 10.0 MB/s takes")]
    [InlineData(6_000_000_000L, null, 20 * MB, 20, "4 times what 6.0 GB at the measured 20.0 MB/s takes")]
    public void A_link_lives_four_times_as_long_as_the_way_takes_and_never_less_than_a_queue(
        long? bytes, int? seconds, double? rate, int minutes, string why)
    {
        var life = LinkLife.For(bytes, seconds is { } took ? TimeSpan.FromSeconds(took) : null, rate);

        Assert.Equal((minutes, why), ((int)life.Wanted.TotalMinutes, life.Why));
    }

    [Fact]
    public void A_slow_source_does_not_make_a_long_link_when_the_way_is_known_to_be_fast() =>
        Assert.Equal(TimeSpan.FromSeconds(4 * 600),
            LinkLife.For(30_000_000_000, TimeSpan.FromHours(10), 50 * MB).Wanted);

    [Fact]
    public void A_way_that_was_slow_in_the_probe_and_fast_in_the_dump_counts_as_fast() =>
        Assert.Equal(TimeSpan.FromSeconds(4 * 600),
            LinkLife.For(30_000_000_000, TimeSpan.FromMinutes(10), 1 * MB).Wanted);
}
