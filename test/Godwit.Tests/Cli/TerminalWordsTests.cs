using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Requests;

namespace Godwit.Tests.Cli;

public sealed class TerminalWordsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(1049, "1.0 kB")]
    [InlineData(999_949, "999.9 kB")]
    [InlineData(999_950, "1.0 MB")]
    [InlineData(1_260_000_000, "1.3 GB")]
    [InlineData(5_000_000_000_000_000, "5000.0 TB")]
    public void Bytes_are_counted_as_disks_and_clouds_do(long bytes, string worded) =>
        Assert.Equal(worded, Phrase.Bytes(bytes));

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(60, "1:00 min")]
    [InlineData(754, "12:34 min")]
    [InlineData(3600, "1:00:00 h")]
    [InlineData(93_784, "26:03:04 h")]
    public void A_time_says_its_unit_and_does_not_lose_its_days(double seconds, string worded) =>
        Assert.Equal(worded, TerminalWords.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Every_outcome_has_words_of_its_own()
    {
        var story = RunTeller.Tell([new RunStarted(default, "run", "1",
            new RunSettings { From = "env:A", To = "heroku:b" })], "journal");
        bool?[] looks = [true, false, null];
        var words = Enum.GetValues<RunOutcome>()
            .Select(outcome => TerminalWords.Outcome(story with { Outcome = outcome }))
            .Union(looks.Select(isRunning => TerminalWords.Outcome(story with { IsRunning = isRunning }))).ToList();
        Assert.Equal(Enum.GetValues<RunOutcome>().Length + 2, words.Count);
    }
}
