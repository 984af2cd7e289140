using System.CommandLine;
using System.CommandLine.Parsing;
using Godwit.Faults;

namespace Godwit.App.Cli;

/// <summary>What is wrong with a line that was typed, a sentence each; and for the habits that pg_dump and pg_restore leave, what stands in their place here.</summary>
internal static class Mistyped
{
    private const string InUrl = "is part of the source's URL: --from env:SOURCE_URL";
    private const string AtRestore = "is said when restoring: the archive holds everything, and pg_restore has this option, too";

    private const string Shown = "is not needed: progress is shown";

    /// <summary>Options of pg_dump that <c>godwit dump</c> does not have.</summary>
    private static readonly (string[] Names, string Instead)[] PgDumpHabits =
    [
        (["-f", "--file"], "is --to FILE"),
        (["-d", "--dbname", "-h", "--host", "-p", "--port", "-U", "--username"], InUrl),
        (["-s", "--schema-only"], $"{AtRestore}; --exclude-table-data '*.*' reads no rows in the first place"),
        (["-a", "--data-only"], AtRestore),
        (["-O", "--no-owner", "-x", "--no-acl", "--no-privileges", "-c", "--clean", "-C", "--create"], AtRestore),
        (["-v", "--verbose"], Shown),
    ];

    /// <summary>Options of pg_restore that <c>godwit restore</c> does not have.</summary>
    private static readonly (string[] Names, string Instead)[] PgRestoreHabits =
    [
        (["-d", "--dbname", "-h", "--host", "-p", "--port", "-U", "--username"], "is part of the target's URL: --to env:TARGET_URL"),
        (["-c", "--clean", "-C", "--create"], "is not needed: the target is a database that is there and empty"),
        (["-v", "--verbose"], Shown),
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

    private static IEnumerable<string> Habits(ParseResult parsed, IReadOnlyList<string> words) => parsed.CommandResult.Command.Name switch
    {
        "dump" => Habits("pg_dump", PgDumpHabits, words),
        "restore" => Habits("pg_restore", PgRestoreHabits, words),
        "copy" when words is [var first, ..] && !first.StartsWith('-') => ["It copies from a database (--from). An archive is brought by: godwit restore ARCHIVE --to TARGET"],
        _ => [],
    };

    private static IEnumerable<string> Habits(string program, IEnumerable<(string[] Names, string Instead)> habits, IReadOnlyList<string> words) =>
        from habit in habits
        from name in habit.Names
        where words.Any(word => Is(word, name))
        select $"{program}'s {name} {habit.Instead}.";

    /// <summary>Also with its value behind it: <c>--file=x</c>, <c>-fx</c>.</summary>
    private static bool Is(string word, string name) => name.StartsWith("--", StringComparison.Ordinal)
        ? word == name || word.StartsWith(name + "=", StringComparison.Ordinal)
        : word.StartsWith(name, StringComparison.Ordinal);
}
