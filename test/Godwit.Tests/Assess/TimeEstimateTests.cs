using Godwit.Assess.Checks.Time;

namespace Godwit.Tests.Assess;

public sealed class TimeEstimateTests
{
    private const double Megabyte = 1e6;

    /// <summary>Reads 100 MB/s, packs 50 MB/s; a byte of table is a byte of COPY text and a quarter of one in the
    /// archive.</summary>
    private static readonly SourceSample Sample = new(100 * Megabyte, 50 * Megabyte, CopyRatio: 1, ArchiveRatio: 0.25);

    [Fact]
    public void A_dump_takes_between_what_all_workers_and_one_alone_would()
    {
        var estimate = TimeEstimate.Of(Sample, tableBytes: 6_000_000_000, databaseBytes: 10_000_000_000, jobs: 4,
            cores: 2, storeBytesPerSecond: null);

        Assert.Equal(60, estimate.DumpMin.TotalSeconds);
        Assert.Equal(180, estimate.DumpMax.TotalSeconds);
        Assert.Equal(1_500_000_000, estimate.DumpBytes);
        Assert.Equal((12, 34), (estimate.FrozenMin.TotalMinutes, estimate.FrozenMax.TotalMinutes));
    }

    [Fact]
    public void A_slow_store_decides()
    {
        var estimate = TimeEstimate.Of(Sample, 6_000_000_000, 10_000_000_000, jobs: 4, cores: 2,
            storeBytesPerSecond: 5 * Megabyte);

        Assert.Equal((300, 300), (estimate.DumpMin.TotalSeconds, estimate.DumpMax.TotalSeconds));
    }

    [Theory]
    [InlineData(0, 40, "less than a minute")]
    [InlineData(10, 80, "up to 1 min")]
    [InlineData(60, 60, "about 1 min")]
    [InlineData(120, 600, "2 to 10 min")]
    [InlineData(3600, 9000, "1 to 2.5 h")]
    public void A_range_is_told_as_people_tell_one(int min, int max, string told) =>
        Assert.Equal(told, TimeEstimate.Range(TimeSpan.FromSeconds(min), TimeSpan.FromSeconds(max)));
}
