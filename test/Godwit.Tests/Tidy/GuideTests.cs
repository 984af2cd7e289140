using System.Text.RegularExpressions;
using Godwit.Tests.Cli;

namespace Godwit.Tests.Tidy;

/// <summary>docs/guide.md has an answer to every statement of Heroku's guides, and the answers name what there is. The
/// numbers are those of the guides' statements: a row that goes is a statement without an answer.</summary>
public sealed partial class GuideTests
{
    private const int Shared = 61;

    private static readonly string[][] Statements =
        [.. File.ReadLines(Path.Combine(Repository.Root, "test/Godwit.Tests/Tidy/guide-statements.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(" | "))];

    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs/guide.md"));

    [Theory]
    [InlineData("Preparing your migration", 24)]
    [InlineData("What the four guides share", Shared)]
    [InlineData("From AWS RDS", 7)]
    [InlineData("From Azure Database for PostgreSQL", 13)]
    [InlineData("From Linode Managed PostgreSQL", 9)]
    [InlineData("From Vultr Managed PostgreSQL", 11)]
    [InlineData("The other five", 5)]
    public void Every_statement_of_a_guide_is_a_row_with_an_answer(string heading, int statements)
    {
        var rows = Rows(heading).Where(row => !SharedRange().IsMatch(row[0])).ToList();
        Assert.Equal(statements, rows.Count);
        Findings.None(rows.Where(row => row[^1].Length == 0).Select(row => row[0]),
            "Say what Godwit does, or why not.");
    }

    [Theory]
    [InlineData("From AWS RDS")]
    [InlineData("From Azure Database for PostgreSQL")]
    [InlineData("From Linode Managed PostgreSQL")]
    [InlineData("From Vultr Managed PostgreSQL")]
    public void Every_shared_statement_has_its_place_in_each_guide(string heading)
    {
        var named = Rows(heading).Select(row => SharedRange().Match(row[0])).Where(match => match.Success)
            .SelectMany(match => Enumerable.Range(int.Parse(match.Groups[1].Value),
                int.Parse(match.Groups[2].Value) - int.Parse(match.Groups[1].Value) + 1))
            .Distinct().Order();
        Assert.Equal(Enumerable.Range(1, Shared), named);
    }

    /// <summary>The numbers are those of the sentences that Heroku has published.</summary>
    [Theory]
    [InlineData("preparing", 39, "Preparing your migration")]
    [InlineData("aws-rds", 82, "From AWS RDS")]
    [InlineData("azure", 88, "From Azure Database for PostgreSQL")]
    [InlineData("linode", 81, "From Linode Managed PostgreSQL")]
    [InlineData("vultr", 87, "From Vultr Managed PostgreSQL")]
    public void Every_sentence_of_a_guide_has_its_row_and_every_row_a_sentence(
        string guide, int sentences, string heading)
    {
        var rows = Rows(heading).Select(row => row[0]).Where(row => !SharedRange().IsMatch(row)).ToList();
        var named = Statements.Where(one => one[0] == guide).ToList();
        Assert.Equal(sentences, named.Count);
        var own = named.Where(one => one[2] != "-" && !SharedNumbers().IsMatch(one[2])).ToList();
        Findings.None(own.Where(one => rows.Count(row => IsRow(row, one)) != 1).Select(one => string.Join(" | ", one)),
            $"Name one row of '{heading}'.");
        Findings.None(rows.Where(row => !own.Exists(one => IsRow(row, one))),
            "No sentence of the guide is answered by it.");

        static bool IsRow(string row, string[] statement) => row.StartsWith(statement[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_shared_row_answers_a_sentence() => Assert.Equal(
        Enumerable.Range(1, Shared),
        Statements.Select(one => one[2]).Where(row => SharedNumbers().IsMatch(row)).SelectMany(row => row.Split(' '))
            .Select(number => int.Parse(number[1..])).Distinct().Order());

    [Fact]
    public void The_answers_name_flags_that_there_are()
    {
        Findings.None(from heading in Headings().Matches(Page).Select(match => match.Groups[1].Value)
                      from row in Rows(heading)
                      from Match flag in Flag().Matches(row[^1])
                      where !TypedLines.Flags.Contains(flag.Groups[1].Value)
                      select $"{row[0]}: {flag.Groups[1].Value}", "No command has it.");
    }

    [Fact]
    public void The_answers_name_steps_and_codes_that_there_are()
    {
        var steps = Repository.Product.SelectMany(file => StepName().Matches(file.Text))
            .Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var codes = FaultsTests.All.Concat(FindingsTests.All).Select(text => text.Code)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Contains("thaw", steps);
        Findings.None(from Match step in Bold().Matches(Page)
                      where step.Groups[1].Value != "Bold" && !steps.Contains(step.Groups[1].Value)
                      select step.Value, "No step has this name.");
        Findings.None(
            from Match code in Code().Matches(Page) where !codes.Contains(code.Groups[1].Value) select code.Value,
            "There is no such fault or finding.");
    }

    /// <summary>Without the numbers of the shared table, its header and its ruler.</summary>
    private static IEnumerable<string[]> Rows(string heading)
    {
        var from = Page.IndexOf($"# {heading}\n", StringComparison.Ordinal);
        Assert.True(from >= 0, heading);
        var end = Page.IndexOf("\n#", from, StringComparison.Ordinal);
        return Page[from..(end < 0 ? Page.Length : end)].Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1)
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));
    }

    [GeneratedRegex(@"^S(\d+) to S(\d+)$")]
    private static partial Regex SharedRange();

    [GeneratedRegex(@"^S\d+( S\d+)*$")]
    private static partial Regex SharedNumbers();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"(?<![\w-])(--[a-z][a-z0-9-]*)")]
    private static partial Regex Flag();

    [GeneratedRegex("(?:Name|Step) =>? \"([a-z-]+)\"")]
    private static partial Regex StepName();

    [GeneratedRegex(@"\*\*([a-z]+)\*\*")]
    private static partial Regex Bold();

    [GeneratedRegex(@"`((?:assess|load|run|cutover|verify|copy|dump)\.[a-z_]+)`")]
    private static partial Regex Code();
}
