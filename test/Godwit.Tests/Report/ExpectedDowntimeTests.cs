using Godwit.Journal;
using Godwit.Report;

namespace Godwit.Tests.Report;

public sealed class ExpectedDowntimeTests
{
    [Fact]
    public void The_newest_run_of_the_same_source_that_came_to_its_end_is_the_best_guess()
    {
        var proven = Stories.Proven();
        var source = proven.Memory[RunStory.SourceKey.Name];

        var expected = ExpectedDowntime.Of(source, [Stories.Open(), Stories.FailedAndUndone(), proven], "2 to 6 min");

        Assert.Equal((97, proven.RunId), (expected.Seconds, expected.RunId));
        Assert.StartsWith("about 1 min 37 s, which it was with run ", expected.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_stopped_nothing_tells_by_its_steps()
    {
        var proven = Stories.Proven();
        var without = proven with
        {
            Memory = proven.Memory.Where(one => one.Key != RunStory.FrozenAtKey.Name
                && one.Key != RunStory.ThawedAtKey.Name)
                .ToDictionary(),
        };

        var expected = ExpectedDowntime.Of(proven.Memory[RunStory.SourceKey.Name], [without], estimate: null);

        Assert.Equal(RunReport.Of(proven).Downtime.Parts.Where(part => part.Step != "between the steps")
            .Sum(part => part.Seconds), expected.Seconds!.Value, tolerance: 2);
    }

    [Fact]
    public void Without_one_it_is_what_the_assessment_says()
    {
        Assert.Equal(new("2 to 6 min", null, null),
            ExpectedDowntime.Of("another source", [Stories.Proven()], "2 to 6 min"));
        Assert.StartsWith("less than a minute", ExpectedDowntime.Of("x", [], estimate: null).Sentence,
            StringComparison.Ordinal);
    }
}
