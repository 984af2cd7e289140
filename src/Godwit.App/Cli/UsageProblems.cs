using System.CommandLine;
using System.CommandLine.Parsing;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.App.Cli;

/// <summary>What is wrong with a command line, one sentence each. Names the replacement of options of pg_dump and
/// pg_restore.</summary>
internal static class UsageProblems
{
    private const string InUrl = "is part of the source's URL: --from env:SOURCE_URL";
    private const string AtRestore =
        "is said when restoring: the archive holds everything, and pg_restore has this option, too";

    private const string Shown = "is not needed: progress is shown";

    // Options that godwit dump lacks.
    private static readonly (string[] Names, string Instead)[] PgDumpHabits =
    [
        (["-f", "--file"], "is --to FILE"),
        (["-d", "--dbname", "-h", "--host", "-p", "--port", "-U", "--username"], InUrl),
        (["-s", "--schema-only"], $"{AtRestore}; --exclude-table-data '*.*' reads no rows in the first place"),
        (["-a", "--data-only"], AtRestore),
        (["-O", "--no-owner", "-x", "--no-acl", "--no-privileges", "-c", "--clean", "-C", "--create"], AtRestore),
        (["-v", "--verbose"], Shown),
    ];

    // Options that godwit restore lacks.
    private static readonly (string[] Names, string Instead)[] PgRestoreHabits =
    [
        (["-d", "--dbname", "-h", "--host", "-p", "--port", "-U", "--username"],
            "is part of the target's URL: --to env:TARGET_URL"),
        (["-c", "--clean", "-C", "--create"], "is not needed: the target is a database that is there and empty"),
        (["-v", "--verbose"], Shown),
    ];

    /// <summary>Empty: the line is valid.</summary>
    /// <param name="args">As typed.</param>
    public static IReadOnlyList<string> Problems(ParseResult parsed, IReadOnlyList<string> args)
    {
        // In pg_dump and psql, -h is the host. With anything else on the line, help is probably not meant. --help is
        // unambiguous.
        if (HelpByLetter(parsed) is { } letter
            && (parsed.UnmatchedTokens.Count > 0 || Flags(parsed).Any(flag => flag != letter)))
            return [$"{letter} is help, and there is more on the line. Nothing was done.", .. Habits(parsed, [letter])];
        if (parsed.Errors.Count == 0)
            return [];
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var first, ..] && command.Subcommands.Count > 0 && !first.StartsWith('-'))
        {
            string[] commands = [.. command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name)];
            return [Unknown($"There is no command '{Redactor.Clean(first)}'.", first, commands, args, "Commands")];
        }

        // The word after a mistyped option is its value, and is not reported too. A command with an argument takes the
        // option for that argument.
        if (!Habits(parsed, parsed.UnmatchedTokens).Any()
            && parsed.UnmatchedTokens.Concat(parsed.Tokens.Where(token => token.Type == TokenType.Argument)
                .Select(token => token.Value)).FirstOrDefault(word => word is ['-', not '-', _, ..] or ['-', '-', ..])
                is { } unknown
            && DidYouMean.Of(Flag(unknown), Options(command)) is not null)
            return [Unknown($"There is no option {Flag(unknown)}.", Flag(unknown), Options(command), args, "Options")];
        if (parsed.UnmatchedTokens is [var bare, ..] && OptionOf(bare, parsed, Options(command)) is { } option)
            return [$"What is '{Redactor.Clean(bare)}'? Did you mean: {option} {Redactor.Clean(bare)}"];
        return [.. parsed.Errors.Select(error => error.Message), .. Habits(parsed, parsed.UnmatchedTokens)];
    }

    private static string Flag(string word) => word.Split('=', 2)[0];

    // The option missing before a database or an app.
    private static string? OptionOf(string bare, ParseResult parsed, IReadOnlyList<string> known)
    {
        string[] options = HerokuTargetName.IsOne(bare) ? ["--to"]
            : PostgresSource.IsReference(bare) ? ["--from", "--to"] : [];
        return options.FirstOrDefault(one => known.Contains(one) && !Flags(parsed).Contains(one));
    }

    private static IReadOnlyList<string> Options(Command command) =>
        [.. command.Options.Where(one => !one.Hidden).Select(one => one.Name)];

    // Suggests the corrected line, or lists all known names if none is similar.
    private static string Unknown(
        string what, string typed, IReadOnlyList<string> known, IReadOnlyList<string> args, string those)
    {
        if (DidYouMean.Of(typed, known) is not { } meant)
            return $"{what} {those}: {string.Join(", ", known)}";
        // The first match: a later one may be a value.
        var at = args.TakeWhile(word => word != typed && Flag(word) != typed).Count();
        var line = args.Select((word, i) => i == at ? meant + word[typed.Length..] : word).ToList();
        return $"{what} Did you mean: godwit {string.Join(' ', MaskedArguments.Of(line).Select(Quoted))}";
    }

    // Need no quotes in a shell, like letters and digits.
    private const string Plain = "-_./:=@%+,*";

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string? HelpByLetter(ParseResult parsed) =>
        Flags(parsed).FirstOrDefault(flag => flag is "-h" or "-?" or "/h" or "/?");

    private static IEnumerable<string> Flags(ParseResult parsed) =>
        parsed.Tokens.Where(token => token.Type == TokenType.Option).Select(token => token.Value);

    private static IEnumerable<string> Habits(ParseResult parsed, IReadOnlyList<string> words) =>
        parsed.CommandResult.Command.Name switch
        {
            "dump" => Habits("pg_dump", PgDumpHabits, words),
            "restore" => Habits("pg_restore", PgRestoreHabits, words),
            "copy" when words is [var first, ..] && !first.StartsWith('-') =>
                ["It copies from a database (--from). An archive is brought by: godwit restore ARCHIVE --to TARGET"],
            _ => [],
        };

    private static IEnumerable<string> Habits(
        string program, IEnumerable<(string[] Names, string Instead)> habits, IReadOnlyList<string> words) =>
        from habit in habits
        from name in habit.Names
        where words.Any(word => Is(word, name))
        select $"{program}'s {name} {habit.Instead}.";

    // Also with a joined value: --file=x, -fx.
    private static bool Is(string word, string name) => name.StartsWith("--", StringComparison.Ordinal)
        ? word == name || word.StartsWith(name + "=", StringComparison.Ordinal)
        : word.StartsWith(name, StringComparison.Ordinal);
}
