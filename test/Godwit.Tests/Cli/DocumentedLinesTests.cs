using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Godwit.Tests.Tidy;

namespace Godwit.Tests.Cli;

/// <summary>What README and docs print to be typed can be typed as it stands: our own parser reads every line of ours,
/// with the placeholders filled. The pages of faults and findings are made from texts that <see cref="RemediesTests"/>
/// reads.</summary>
public sealed partial class DocumentedLinesTests
{
    private static readonly string[] Generated = ["faults.md", "findings.md"];

    /// <summary>Flags of other programs that a page names without their command.</summary>
    private static readonly string[] OfOthers =
    [
        "--rule-name", "--backup-name", "--clear-authorized-networks", "--allow_list", "--inserts",
        "--soft-delete-duration",
    ];

    private static readonly IReadOnlyList<Page> Pages = [.. Read()];

    [Fact]
    public void Every_command_line_of_the_documents_can_be_typed()
    {
        var lines = Pages.SelectMany(page => page.Blocks.SelectMany(Ours).Concat(page.Spans.SelectMany(Ours))
            .Select(line => (page.Name, Line: line))).ToList();
        Assert.InRange(lines.Count, 100, 1000);
        Findings.None(from one in lines
                      from problem in Problems(one.Line)
                      select $"{one.Name}: godwit {one.Line}: {problem}",
            "Print what the parser takes: three blanks or a # before what explains it, `…` for flags told before.");
    }

    /// <summary>There is no release, so no godwit is on the path.</summary>
    [Fact]
    public void A_block_calls_it_as_it_is_called_in_the_repository() => Findings.None(
        from page in Pages
        from line in page.Blocks
        where Called().Match(line) is { Success: true } found
            && found.Groups["here"].Length == 0
        select $"{page.Name}: {line}", "Begin with ./godwit.");

    /// <summary>Without the word for it, a migration stops before it begins.</summary>
    [Fact]
    public void A_migration_in_a_block_can_begin() => Findings.None(
        from page in Pages
        from line in page.Blocks.SelectMany(Ours)
        where line.StartsWith("migrate ", StringComparison.Ordinal) && !line.Contains('…', StringComparison.Ordinal)
            && !line.Contains("--i-have-a-backup", StringComparison.Ordinal)
            && !line.Contains("--dry-run", StringComparison.Ordinal)
        select $"{page.Name}: {line}", "Add --i-have-a-backup, or --dry-run.");

    [Fact]
    public void Every_flag_that_is_named_alone_belongs_to_a_command() => Findings.None(
        from page in Pages
        where !page.Name.StartsWith("docs/decisions/", StringComparison.Ordinal)
        from span in page.Spans
        where span.StartsWith("--", StringComparison.Ordinal)
        from Match flag in Flag().Matches(span)
        where !TypedLines.Flags.Contains(flag.Value) && !OfOthers.Contains(flag.Value)
        select $"{page.Name}: {span}", "No command of Godwit has it.");

    [Theory]
    [InlineData("    ./godwit verfy", "verfy")]
    [InlineData("    ./godwit status --follow RUN its events", "its")]
    [InlineData("    ./godwit copy --to env:T", "no source")]
    [InlineData("Run `godwit migrate … --bogus`.", "--bogus")]
    [InlineData("Run `godwit\nmigrate … --bogus`.", "--bogus")]
    [InlineData("    cat a | ./godwit restore - --two env:T", "--two")]
    [InlineData("    ./godwit migrate … \\\n        --bogus", "--bogus")]
    [InlineData("    ./godwit status --follow RUN   its events", null)]
    [InlineData("    ./godwit dump --from env:U --to - | pg_restore --dbname=d  # a pipe", null)]
    [InlineData("What `godwit assess` names", null)]
    public void The_reader_finds_what_is_wrong(string text, string? problem)
    {
        var page = Page.Of("a.md", text);
        var found = page.Blocks.SelectMany(Ours).Concat(page.Spans.SelectMany(Ours)).SelectMany(Problems).ToList();
        if (problem is null)
            Assert.Empty(found);
        else
            Assert.Contains(found, one => one.Contains(problem, StringComparison.Ordinal));
    }

    private static IEnumerable<Page> Read()
    {
        var docs = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Where(path => !Generated.Contains(Path.GetFileName(path))).Order(StringComparer.Ordinal);
        return docs.Prepend(Path.Combine(Repository.Root, "README.md"))
            .Select(path => Page.Of(Path.GetRelativePath(Repository.Root, path), File.ReadAllText(path)));
    }

    /// <summary>Behind <c>godwit</c>, up to what another program reads, or a person.</summary>
    private static IEnumerable<string> Ours(string line) => Called().Matches(line)
        .Select(match => Explained().Replace(match.Groups["rest"].Value, "").Trim())
        // A span that names a command and no more is a mention.
        .Where(rest => line != $"godwit {rest}" || !TypedLines.IsMention(rest.Split(' ')));

    private static IEnumerable<string> Problems(string line) => TypedLines.Problems(
        [.. CommandLineParser.SplitCommandLine(line.Replace('\'', '"')).Select(word => word switch
        {
            "RUN" => "20260101-000000-abcd",
            "STORE" => "disk:/srv",
            "COMMAND" => "migrate",
            _ => word,
        })]);

    [GeneratedRegex(@"(?:^|\| |\$\()(?<here>\./)?godwit (?<rest>[a-zA-Z].*)$")]
    private static partial Regex Called();

    // Three blanks before a word, a comment, a pipe, the end of a substitution.
    [GeneratedRegex(@"(?: {3,}(?![ -])| +# | [|>] |\)"").*$")]
    private static partial Regex Explained();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z0-9_-]*")]
    private static partial Regex Flag();

    /// <param name="Blocks">The lines of its blocks, each with what continues it.</param>
    /// <param name="Spans">What stands in backticks elsewhere.</param>
    private sealed partial record Page(string Name, IReadOnlyList<string> Blocks, IReadOnlyList<string> Spans)
    {
        public static Page Of(string name, string text)
        {
            var (blocks, prose, isFenced) = (new List<string>(), new List<string>(), false);
            foreach (var line in Continued().Replace(text, " ").Split('\n'))
            {
                var isFence = line.StartsWith("```", StringComparison.Ordinal);
                isFenced ^= isFence;
                if (isFenced || line.StartsWith("    ", StringComparison.Ordinal))
                    blocks.Add(line.Trim());
                else if (!isFence)
                    prose.Add(line);
            }

            return new(name, blocks, [.. Span().Matches(string.Join('\n', prose))
                .Select(match => match.Groups[1].Value.Replace('\n', ' '))]);
        }

        [GeneratedRegex(@" *\\\n *")]
        private static partial Regex Continued();

        // A span ends in its own paragraph.
        [GeneratedRegex("`((?:[^`\n]|\n(?!\n))+)`")]
        private static partial Regex Span();
    }
}
