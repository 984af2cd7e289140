using Godwit.App.Cli;
using Godwit.App.Cli.Commands;
using Godwit.Faults;

namespace Godwit.Tests.Cli;

public sealed class ProblemReportsTests
{
    [Fact]
    public void The_oldest_are_removed_and_so_is_what_was_killed_while_it_was_written()
    {
        using var world = new ArchiveWorld();
        var folder = world.FileOf("problems");
        var reports = new ProblemReports(folder);
        for (var number = 0; number < ProblemReports.Max + 3; number++)
            reports.Write($"20261122-2100{number:00}-abcd", $"{ProblemReports.Heading}\n{number}\n");
        File.WriteAllText(Path.Combine(folder, "20261122-205959-abcd.part"), "half");
        File.WriteAllText(Path.Combine(folder, "20261122-220100-abcd.part"), "another's, which is being written");
        reports.Write("20261122-220000-abcd", ProblemReports.Heading);

        Assert.Equal(ProblemReports.Max, reports.Names().Count);
        Assert.Equal(("20261122-220000-abcd", "20261122-210004-abcd"), (reports.Names()[0], reports.Names()[^1]));
        Assert.Equal("20261122-220100-abcd.part",
            Path.GetFileName(Assert.Single(Directory.EnumerateFiles(folder, "*.part"))));
    }

    [Fact]
    public async Task A_file_that_is_no_report_is_not_printed()
    {
        using var world = new ArchiveWorld();
        world.Environment = name => name == "GODWIT_HOME" ? world.FileOf("home") : null;
        var other = world.Write("mine.txt", "of nobody's concern"u8.ToArray());

        foreach (var name in new[] { other, "../mine", "20261122-220000-none", "" })
        {
            Assert.Equal(ExitCodes.Usage, await world.GodwitAsync(["report-problem", name]));
            Assert.Contains("cli.no_such_report", world.Error, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCodes.Usage, await world.GodwitAsync(["report-problem", other, "--list"]));
        Assert.Equal(ExitCodes.Proven, await world.GodwitAsync(["report-problem"]));
        Assert.Contains("There is no report", world.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_foresaw_in_a_command_is_reported_with_its_masked_command_line_and_what_caused_it()
    {
        using var world = new ArchiveWorld();
        var home = world.FileOf("home");
        world.Environment = name => name == "GODWIT_HOME" ? home
            : throw new InvalidOperationException("outer",
                new AggregateException(new FormatException("first hunter2"), new TimeoutException("second")));
        var kept = new Secret("hunter2");

        Assert.Equal(ExitCodes.NeedsAPerson, await world.GodwitAsync(["assess",
            "--from", "postgres://joe:hunter2@host/shop?sslmode=require", "--to", "heroku:shop"]));

        Assert.Contains("code: cli.unexpected", world.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Proven, await world.GodwitAsync(["report-problem"]));
        Assert.Contains("Command   godwit assess --from postgres://*** --to heroku:shop\n", world.Out,
            StringComparison.Ordinal);
        Assert.Contains("  System.InvalidOperationException: outer\n      at Godwit.", world.Out,
            StringComparison.Ordinal);
        Assert.Contains("  caused by: System.FormatException: first ***\n", world.Out, StringComparison.Ordinal);
        Assert.Contains("  caused by: System.TimeoutException: second\n", world.Out, StringComparison.Ordinal);
        GC.KeepAlive(kept);
    }

    [Theory]
    [InlineData("archive check https://host/dump?page=3", "archive check https://***")]
    [InlineData("archive check HTTPS://host/dump?X-Amz-Signature=abc", "archive check ***")]
    [InlineData("migrate --from=postgres://u:p@w@host/d --via s3://bucket/prefix",
        "migrate --from=postgres://*** --via s3://bucket/prefix")]
    [InlineData("migrate --via s3://key:secret@bucket/prefix --jobs 4", "migrate --via s3://*** --jobs 4")]
    [InlineData("verify --to host=h|password='it\\'s|mine'", "verify --to ***")]
    [InlineData("dump --api-token abcd --to ./shop.dump", "dump --api-token *** --to ./shop.dump")]
    [InlineData("dump --api-key=abcd -j 3 --from env:SOURCE_URL", "dump --api-key=*** -j 3 --from env:SOURCE_URL")]
    public void A_command_line_is_masked(string typed, string masked) =>
        Assert.Equal(masked,
            string.Join(' ', MaskedArguments.Of([.. typed.Split(' ').Select(word => word.Replace('|', ' '))])));
}
