using System.CommandLine;
using System.CommandLine.Parsing;
using Godwit.Faults;

namespace Godwit.App.Cli;

/// <summary>What is wrong with a line that was typed, a sentence each; and for the habits that pg_dump leaves, what stands in their place here.</summary>
internal static class Mistyped
{
    private const string InUrl = "is part of the source's URL: --from env:SOURCE_URL";
    private const string AtRestore = "is said when restoring: the archive holds everything, and pg_restore has this option, too";

    /// <summary>Options of pg_dump that <c>godwit dump</c> does not have.</summary>
    private static readonly (string[] Names, string Instead)[] PgDumpHabits =
    [
        (["-f", "--file"], "is --to FILE"),
        (["-d", "--dbname", "-h", "--host", "-p", "--port", "-U", "--username"], InUrl),
        (["-s", "--schema-only"], $"{AtRestore}; --exclude-table-data '*.*' reads no rows in the first place"),
        (["-a", "--data-only"], AtRestore),
        (["-O", "--no-owner", "-x", "--no-acl", "--no-privileges", "-c", "--clean", "-C", "--create"], AtRestore),
        (["-v", "--verbose"], "is not needed: progress is shown"),
    ];

    /// <summary>Empty: it can be used.</summary>
    public static IReadOnlyList<string> Problems(ParseResult parsed)
    {
        // pg_dump and psql have -h for the host: with anything else on the line, help may be the last thing that was wanted. --help is unmistakable.
        if (HelpByLetter(parsed) is { } letter && (parsed.UnmatchedTokens.Count > 0 || Flags(parsed).Any(flag => flag != letter)))
            return [$"{letter} is help, and there is more on the line. Nothing was done.", .. Habits(parsed, [letter])];
        if (parsed.Errors.Count == 0)
            return [];
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var first, ..] && command.Subcommands.Count > 0 && !first.StartsWith('-'))
            return [$"There is no command '{Redactor.Clean(first)}'. Commands: {string.Join(", ", command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name))}"];
        return [.. parsed.Errors.Select(error => error.Message), .. Habits(parsed, parsed.UnmatchedTokens)];
    }

    private static string? HelpByLetter(ParseResult parsed) => Flags(parsed).FirstOrDefault(flag => flag is "-h" or "-?" or "/h" or "/?");

    private static IEnumerable<string> Flags(ParseResult parsed) => parsed.Tokens.Where(token => token.Type == TokenType.Option).Select(token => token.Value);

    private static IEnumerable<string> Habits(ParseResult parsed, IReadOnlyList<string> words) => parsed.CommandResult.Command.Name != "dump" ? []
        : from habit in PgDumpHabits
          from name in habit.Names
          where words.Any(word => Is(word, name))
          select $"pg_dump's {name} {habit.Instead}.";

    /// <summary>Also with its value behind it: <c>--file=x</c>, <c>-fx</c>.</summary>
    private static bool Is(string word, string name) => name.StartsWith("--", StringComparison.Ordinal)
        ? word == name || word.StartsWith(name + "=", StringComparison.Ordinal)
        : word.StartsWith(name, StringComparison.Ordinal);
}
