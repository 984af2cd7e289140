using Godwit.Storage;

namespace Godwit.Tests.Storage;

public sealed class GodwitKeysTests
{
    [Theory]
    [InlineData("godwit-20261119-101112-abcd.dump", "20261119-101112-abcd")]
    [InlineData("godwit-.dump", null)]
    [InlineData("godwit-shop.dump", null)]
    [InlineData("godwit-20261119/../x.dump", null)]
    [InlineData("other/godwit-20261119-101112-abcd.dump", null)]
    [InlineData("godwit-20261119-101112-abcd.dump.bak", null)]
    [InlineData("godwit-probe-0a1b2c3d", null)]
    [InlineData("godwit-2026.dump", null)]
    [InlineData("godwit-20261119-before-upgrade.dump", null)]
    [InlineData("godwit-20261119-101112-abcd.dump\n", null)]
    [InlineData("godwit-20261119-101112-abcde.dump", null)]
    public void A_dump_of_a_run_is_known_by_its_name(string key, string? run) =>
        Assert.Equal(run, GodwitKeys.RunOf(key));

    [Theory]
    [InlineData("godwit-probe-0a1b2c3d", true)]
    [InlineData("godwit-write-check", true)]
    [InlineData("godwit-write-check-0a1b2c3d", true)]
    [InlineData("godwit-probe-results.csv", false)]
    [InlineData("godwit-probe-0a1b2c3d.csv", false)]
    [InlineData("godwit-write-checks", false)]
    [InlineData("godwit-write-check/list.txt", false)]
    public void Only_a_check_s_own_objects_are_of_no_value(string key, bool isOfCheck) =>
        Assert.Equal(isOfCheck, GodwitKeys.IsOfCheck(key));

    [Fact]
    public void A_run_s_dump_is_known_again() =>
        Assert.Equal("20261119-101112-abcd", GodwitKeys.RunOf(GodwitKeys.DumpOf("20261119-101112-abcd")));

    [Fact]
    public void The_probe_of_a_run_has_one_name_in_all_its_attempts()
    {
        Assert.Equal(GodwitKeys.ProbeOf("20261119-101112-abcd"), GodwitKeys.ProbeOf("20261119-101112-abcd"));
        Assert.NotEqual(GodwitKeys.ProbeOf("20261119-101112-abcd"), GodwitKeys.ProbeOf("20261119-101112-abce"));
        Assert.True(GodwitKeys.IsOfCheck(GodwitKeys.ProbeOf("20261119-101112-abcd")));
        Assert.True(GodwitKeys.IsOfCheck(GodwitKeys.NewProbe()));
        Assert.False(GodwitKeys.IsOfWriteCheck(GodwitKeys.NewProbe()));
    }
}
