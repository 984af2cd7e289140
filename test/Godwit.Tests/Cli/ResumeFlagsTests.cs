using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.Cutover.Switch;
using Godwit.Journal;
using Godwit.Tests.Report;

namespace Godwit.Tests.Cli;

/// <summary>What a run keeps, and what may be told otherwise when it is taken up.</summary>
public sealed class ResumeFlagsTests
{
    [Fact]
    public void A_query_file_that_is_gone_behind_the_cut_over_keeps_nobody_from_finishing()
    {
        var story = Stories.RolledBack();
        var settings = story.Settings with { QueryFiles = ["/nowhere/checks.sql"] };
        var flags = new QueryFlags();
        var parsed = Parsed(flags.All, "");

        Assert.Single(flags.Problems(With(story), settings, parsed));
        Assert.Empty(flags.Problems(With(story, SwitchStep.BegunKey.Name), settings, parsed));
    }

    [Fact]
    public void The_same_store_named_once_more_is_reached_as_before()
    {
        var before = Stories.RolledBack().Settings with { Via = "s3://dumps/shop", S3Endpoint = "https://one.example" };
        var flags = new ChangeableFlags();
        RunSettings Over(string line) => flags.Over(before, Parsed(flags.All, line));

        Assert.Equal("https://one.example", Over("--via s3://dumps/shop").S3Endpoint);
        Assert.Equal("https://two.example",
            Over("--via s3://dumps/shop --s3-endpoint https://two.example").S3Endpoint);
        Assert.Null(Over("--via s3://other/shop").S3Endpoint);
    }

    private static RunStory With(RunStory story, params string[] keys) =>
        story with { Memory = keys.ToDictionary(key => key, _ => "yes", StringComparer.Ordinal) };

    private static ParseResult Parsed(IEnumerable<Option> options, string line)
    {
        var command = new Command("resume", "");
        foreach (var option in options)
            command.Add(option);
        return command.Parse(line);
    }
}
