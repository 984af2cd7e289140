using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.Requests;
using Godwit.Tests.Report;

namespace Godwit.Tests.Cli;

/// <summary>What a run keeps, and what may be told otherwise when it is taken up.</summary>
public sealed class ResumeFlagsTests
{
    [Fact]
    public void A_query_file_that_is_gone_behind_the_cut_over_keeps_nobody_from_finishing()
    {
        var story = Stories.RolledBack();
        var settings = story.Settings with { Verify = new() { QueryFiles = ["/nowhere/checks.sql"] } };

        Assert.Single(settings.ProblemsOnResume(compares: true));
        Assert.Empty(settings.ProblemsOnResume(compares: false));
    }

    [Fact]
    public void The_same_store_named_once_more_is_reached_as_before()
    {
        var before = Stories.RolledBack().Settings with
        {
            Store = new() { Via = "s3://dumps/shop" },
            StoreAccess = new() { S3Endpoint = "https://one.example" },
        };
        var flags = new ChangeableFlags();
        StoreAccess Over(string line) => flags.Over(before, Parsed(flags.All, line)).StoreAccess;

        Assert.Equal("https://one.example", Over("--via s3://dumps/shop").S3Endpoint);
        Assert.Equal("https://two.example",
            Over("--via s3://dumps/shop --s3-endpoint https://two.example").S3Endpoint);
        Assert.Null(Over("--via s3://other/shop").S3Endpoint);
    }

    private static ParseResult Parsed(IEnumerable<Option> options, string line)
    {
        var command = new Command("resume", "");
        foreach (var option in options)
            command.Add(option);
        return command.Parse(line);
    }
}
