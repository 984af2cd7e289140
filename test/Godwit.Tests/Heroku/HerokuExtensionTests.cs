using Godwit.Heroku;
using Godwit.Providers;

namespace Godwit.Tests.Heroku;

public sealed class HerokuExtensionTests
{
    [Fact]
    public void Each_is_listed_once_in_order_and_the_list_is_dated()
    {
        var names = HerokuExtension.All.Select(one => one.Name).ToList();

        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal),
            names.OrderBy(name => name, StringComparer.Ordinal));
        Assert.True(DateOnly.TryParse(HerokuExtension.AsOf + "-01", out _));
        Assert.Contains("postgis", names);
        Assert.DoesNotContain("pg_cron", names);
    }

    [Fact]
    public void What_came_with_a_major_is_not_offered_before()
    {
        Assert.DoesNotContain("vector", HerokuExtension.OfMajor(14));
        Assert.Contains("vector", HerokuExtension.OfMajor(HerokuVersion.Default));
    }

    [Theory]
    [InlineData("postgis postgis_topology", 15, "apt-get install postgresql-15-postgis-3")]
    [InlineData("vector pg_partman", 17, "apt-get install postgresql-17-partman postgresql-17-pgvector")]
    [InlineData("hstore", 15, "apt-get install postgresql-15")]
    public void What_a_machine_lacks_is_installed_by_one_line(string names, int major, string line) =>
        Assert.Equal(line, DebianPackages.Line(names.Split(' '), major));
}
