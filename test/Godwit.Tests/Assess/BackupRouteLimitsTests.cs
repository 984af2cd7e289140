using Godwit.Assess;

namespace Godwit.Tests.Assess;

public sealed class BackupRouteLimitsTests
{
    private const long Gigabyte = 1_000_000_000;

    [Theory]
    [InlineData(20, null, false, null)]
    [InlineData(20, "standard-0", false, null)]
    [InlineData(21, "standard-0", false, "the source has 21 GB, and Heroku advises its restore for up to 20 GB")]
    [InlineData(21, "standard-0", true, null)]
    [InlineData(101, "standard-3", true, "the source has 101 GB, and Heroku's restore is made for up to 20 GB")]
    [InlineData(1, "shield-0", true, "Heroku offers no restore for databases on shield-0")]
    public void The_way_through_a_store_is_left_where_Herokus_restore_will_not_do(
        int gigabytes, string? plan, bool namesStore, string? why) =>
        Assert.Equal(why, BackupRouteLimits.WhyNot(gigabytes * Gigabyte, plan, namesStore, []));

    [Fact]
    public void Who_takes_the_size_on_has_the_way_through_a_store() =>
        Assert.Null(BackupRouteLimits.WhyNot(101 * Gigabyte, "standard-3", namesStore: false, ["assess.very_large"]));
}
