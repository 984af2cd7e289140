using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Godwit.App.Cli;
using Godwit.App.Cli.Commands;
using Godwit.Faults;

namespace Godwit.Tests.Cli;

/// <summary>Command lines of ours that are printed somewhere, read by the parser that reads what a person
/// types.</summary>
internal static partial class TypedLines
{
    /// <summary>Commands that do nothing without a source. The parser does not demand one, because it may come from
    /// standard input.</summary>
    private static readonly string[] FromSource = ["assess", "migrate", "rehearse", "copy", "dump",
        "verify", "settings"];

    /// <summary>What <c>…</c> stands for: the flags as they were.</summary>
    private static readonly string[] AsBefore = ["--from", "env:SOURCE_URL", "--to", "heroku:my-app",
        "--via", "disk:/srv"];

    public static readonly Command Root = GodwitCommand.Build(HelpTests.World(TextWriter.Null));

    /// <summary>Of every command.</summary>
    public static IReadOnlySet<string> Flags { get; } = Nested(Root).SelectMany(command => command.Options)
        .SelectMany(option => option.Aliases.Append(option.Name)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Behind <c>godwit</c>, as far as it is to be typed. Empty: it names the command and no more.</summary>
    public static IEnumerable<string> In(string text)
    {
        foreach (Match match in Called().Matches(text))
        {
            var words = new List<string>();
            var command = Root;
            var isQuoted = match.Groups["lead"].Value == "`";
            foreach (var word in CommandLineParser.SplitCommandLine(match.Groups["rest"].Value.Split('`')[0]))
            {
                if (word is "|" or ">" or "&&")
                    break;
                var bare = word.TrimEnd(',', ';', ':', ')').TrimEnd('.');
                var below = command.Subcommands.FirstOrDefault(one => one.Name == bare);
                var isValue = words.Count > 0
                    && command.Options.Any(option => option.ValueType != typeof(bool) && option.Name == words[^1]);
                if (below is null && command != Root && !isQuoted && !isValue && !IsArgument(word))
                    break;
                command = below ?? command;
                words.Add(bare);
                if (bare.Length < word.Length)
                    break;
            }

            var isMention = IsMention(words) && match.Groups["lead"].Value != ": ";
            // "Then run godwit again": no command of ours begins so.
            var isProse = words.Count == 0
                || (command == Root && match.Groups["lead"].Value is not ("`" or ": " or "("));
            if (!isMention && !isProse)
                yield return string.Join(' ', words);
        }
    }

    /// <summary>It names a command and no more.</summary>
    public static bool IsMention(IEnumerable<string> words) =>
        words.All(word => Nested(Root).Any(one => one.Name == word));

    // Prose is of small letters.
    private static bool IsArgument(string word) => word[0] is '-' or '<' or '…' or '\'' or '.' or '/'
        || char.IsUpper(word[0]) || word.Contains(':', StringComparison.Ordinal);

    public static IEnumerable<string> Problems(string line) =>
        Problems([.. Filled().Replace(line.Replace("<flag>", "", StringComparison.Ordinal), "20260101-000000-abcd")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    /// <param name="words">Behind <c>godwit</c>; <c>…</c> stands for the flags as they were.</param>
    public static IEnumerable<string> Problems(List<string> words)
    {
        var isAsBefore = words.Remove("…");
        if (isAsBefore)
            words.AddRange(AsBefore.Chunk(2).Where(flag => !words.Contains(flag[0])
                && Root.Subcommands.Any(one => one.Name == words[0] && one.Options.Any(own => own.Name == flag[0])))
                .SelectMany(flag => flag));
        var parsed = Root.Parse(words);
        foreach (var problem in UsageProblems.Problems(parsed, words))
            yield return problem;
        if (FromSource.Contains(words[0]) && !words.Any(word => word is "--from" or "--from-stdin" or "--help"))
            yield return "it has no source";
        if (words[0] == "migrate" && !words.Contains("--help") && parsed.Errors.Count == 0
            && Contradiction(words) is { } why)
            yield return why;
    }

    private static string? Contradiction(IReadOnlyList<string> words)
    {
        try
        {
            var options = new MigrateOptions();
            var command = new Command("migrate");
            foreach (var option in options.All)
                command.Add(option);
            options.Read(command.Parse([.. words.Skip(1)
                .Select(word => word.Replace("APP", "my-app", StringComparison.Ordinal))]));
            return null;
        }
        catch (FaultException e)
        {
            return e.Fault.Why;
        }
    }

    private static IEnumerable<Command> Nested(Command command) =>
        command.Subcommands.SelectMany(Nested).Prepend(command);

    [GeneratedRegex(@"(?<lead>`|: |\(|\s|^)(?:\./)?godwit (?<rest>[a-z][^\n]*)")]
    private static partial Regex Called();

    [GeneratedRegex("<[a-z ]+>")]
    private static partial Regex Filled();
}
