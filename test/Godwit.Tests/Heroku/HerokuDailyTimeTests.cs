using Godwit.Heroku;

namespace Godwit.Tests.Heroku;

/// <summary>The same as behind <c>heroku pg:backups:schedule --at</c>.</summary>
public sealed class HerokuDailyTimeTests
{
    [Theory]
    [InlineData("02:00 UTC", "02:00 UTC")]
    [InlineData("2:00", "02:00 UTC")]
    [InlineData(" 23:00 Europe/Paris ", "23:00 Europe/Paris")]
    [InlineData("04:00 PST", "04:00 America/Los_Angeles")]
    [InlineData("04:00 cet", "04:00 Europe/Paris")]
    [InlineData("00:00 America/Argentina/Buenos_Aires", "00:00 America/Argentina/Buenos_Aires")]
    public void A_full_hour_and_a_time_zone_are_read(string text, string expected)
    {
        Assert.Equal(expected, HerokuDailyTime.Parse(text, out var problem)?.ToString());
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("02:30 UTC", "full hours only")]
    [InlineData("24:00 UTC", "no hour from 00 to 23")]
    [InlineData("two o'clock", "not an hour")]
    [InlineData("02:00 UTC; rm -rf /", "not an hour")]
    [InlineData("", "not an hour")]
    public void Anything_else_is_told(string text, string why)
    {
        Assert.Null(HerokuDailyTime.Parse(text, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2", "UTC", true)]
    [InlineData("02", "utc", true)]
    [InlineData("3", "UTC", false)]
    [InlineData("2", "Europe/Paris", false)]
    [InlineData(null, null, false)]
    public void A_schedule_of_Heroku_is_compared_by_what_it_means(string? hour, string? zone, bool same) =>
        Assert.Equal(same, new HerokuDailyTime(2, "UTC").Is(new("DATABASE_URL", hour, zone)));
}
