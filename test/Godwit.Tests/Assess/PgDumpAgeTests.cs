using Godwit.Assess.Checks.Server;

namespace Godwit.Tests.Assess;

public sealed class PgDumpAgeTests
{
    [Theory]
    [InlineData("15.19", "15.20", true)]
    [InlineData("15.20", "15.20", false)]
    [InlineData("15.21", "15.20", false)]
    [InlineData("18.0", "18.1", true)]
    [InlineData("17.11", "15.20", true)]
    [InlineData("17.11", "15.19", false)]
    [InlineData("17.12", "15.20", false)]
    [InlineData("17.12", "15.30", false)]
    [InlineData("18.5", "14.25", true)]
    [InlineData("18.6", "14.25", false)]
    [InlineData("16.15", "13.23", false)]
    [InlineData("19.0", "18.6", false)]
    public void Minors_of_one_major_are_compared_and_of_two_majors_what_both_know(
        string dumper, string server, bool isOlder) =>
        Assert.Equal(isOlder, ServerCheck.IsOlder(Version.Parse(dumper), Version.Parse(server)));
}
