using System.CommandLine;
using System.CommandLine.Help;
using System.Text.RegularExpressions;
using Godwit.App.Cli;
using Godwit.App.Cli.Screens;
using Godwit.Postgres;
using Godwit.Tests.Tidy;

namespace Godwit.Tests.Cli;

public sealed partial class HelpTests
{
    /// <summary>What the product may be asked to do. A command that is not here was not planned.</summary>
    private static readonly string[] Planned =
    [
        "assess", "rehearse", "migrate", "dump", "restore", "copy", "verify", "settings", "archive",
        "status", "resume", "rollback", "after", "cleanup", "demo", "heroku-local", "report-problem",
    ];

    public static TheoryData<string> Commands => [.. Below(GodwitCommand.Build(World(TextWriter.Null)), "")];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_says_what_the_golden_file_says(string command)
    {
        var help = await HelpAsync(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Golden.Check(command.Length == 0 ? "help" : $"help-{command.Replace(' ', '-')}", help);
    }

    [Fact]
    public async Task Help_lists_every_exit_code()
    {
        var help = await HelpAsync([]);
        Assert.All(ExitCodes.Table,
            row => Assert.Contains($"{row.Code}  {row.Meaning}", help, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_in_groups_has_every_option_once(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var help = await HelpAsync(words);
        var lines = help.Split('\n').Where(line => line.StartsWith("  -", StringComparison.Ordinal)).ToList();
        var options = (Called(GodwitCommand.Build(World(TextWriter.Null)), words)?.Options ?? [])
            .Where(option => !option.Hidden && option is not HelpOption).ToList();
        Assert.All(options, option => Assert.Single(lines, line => line.TrimStart().Split("  ")[0]
            .Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Contains(option.Name)));
    }

    [Fact]
    public async Task The_usual_six_of_a_migration_come_first()
    {
        var help = await HelpAsync(["migrate"]);
        var first = help[help.IndexOf("The usual ones:\n", StringComparison.Ordinal)..].Split("\n\n")[0].Split('\n')
            .Skip(1).Select(line => line.Trim().Split(' ')[0]);
        Assert.Equal(["--from", "--to", "--via", "--confirm", "--i-have-a-backup", "--dry-run"], first);
        Assert.Equal(3, Required().Count(help));
    }

    [GeneratedRegex("REQUIRED|Required[,:]")]
    private static partial Regex Required();

    [Theory]
    [InlineData("Options:\n  -x <A>  one\n          more\n\nRest\n",
        "Options:\n  -x <A>  one\n          more\n\nRest\n")]
    [InlineData("No options\n", "No options\n")]
    public void Short_help_stays_as_it_is(string help, string expected) =>
        Assert.Equal(expected, GroupedHelp.Arranged(help, "status"));

    [Fact]
    public void No_golden_help_is_left_of_a_command_that_is_gone()
    {
        var names = Below(GodwitCommand.Build(World(TextWriter.Null)), "")
            .Select(command => $"help-{command.Replace(' ', '-')}.golden").Append("help.golden");
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "test/Godwit.Tests/Cli"), "help*.golden")
            .Select(path => Path.GetFileName(path)!);
        Findings.None(files.Except(names), "Delete it.");
    }

    [Fact]
    public void Every_command_is_one_that_was_planned() =>
        Findings.None(GodwitCommand.Build(World(TextWriter.Null)).Subcommands.Select(command => command.Name)
            .Except(Planned), "Add it to HelpTests and to the README.");

    [Fact]
    public void Every_command_option_and_argument_is_explained_in_a_sentence()
    {
        var silent = from command in Nested(GodwitCommand.Build(World(TextWriter.Null)))
                     from symbol in command.Options.Cast<Symbol>().Concat(command.Arguments).Prepend(command)
                     where symbol is { Hidden: false, Description: null or "" } && symbol is not VersionOption
                     select $"{command.Name}: {symbol.Name}";
        Findings.None(silent, "Say in its Description what it does, and what happens without it.");
    }

    [Fact]
    public void Documents_and_faults_name_only_commands_and_flags_that_exist()
    {
        var root = GodwitCommand.Build(World(TextWriter.Null));
        var texts = Repository.Files.Where(file => file.Name.EndsWith(".md", StringComparison.Ordinal)
            || file.Name.EndsWith("Faults.cs", StringComparison.Ordinal));
        var wrong = from file in texts
                    from Match call in Called().Matches(file.Text.Replace("\\\n", " ", StringComparison.Ordinal))
                    let command = Called(root, [call.Groups[1].Value,
                        .. call.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
                    let flags = Flag().Matches(call.Groups[2].Value).Select(flag => flag.Value)
                    let unknown = command is null ? [call.Groups[1].Value] : flags
                        .Except(command.Options.Select(option => option.Name)).Except(["--help"])
                    from one in unknown
                    select $"{file}: {call.Value.Trim()}: {one}";
        Findings.None(wrong, "Name what exists, or add it.");
    }

    /// <summary>As deep as the words lead; null when the first is no command.</summary>
    private static Command? Called(Command root, IEnumerable<string> words)
    {
        var command = root;
        foreach (var word in words)
        {
            if (command.Subcommands.FirstOrDefault(below => below.Name == word) is not { } below)
                break;
            command = below;
        }

        return command == root ? null : command;
    }

    // Only where a command is meant to be typed: behind ./, in backticks, behind a colon, or in parentheses.
    [GeneratedRegex(@"(?:\./|`|: |\()godwit ([a-z][a-z-]+)([^\n`)|]*)")]
    private static partial Regex Called();

    [GeneratedRegex(@"(?<= )--[a-z0-9][a-z0-9-]*")]
    private static partial Regex Flag();

    private static IEnumerable<Command> Nested(Command command) =>
        command.Subcommands.SelectMany(Nested).Prepend(command);

    private static IEnumerable<string> Below(Command command, string path) => command.Subcommands
        .Where(below => !below.Hidden)
        .SelectMany(below => Below(below, $"{path} {below.Name}".Trim())).Prepend(path);

    private static async Task<string> HelpAsync(IReadOnlyList<string> command)
    {
        using var text = new StringWriter();
        Assert.Equal(ExitCodes.Proven, await GodwitCommand.RunAsync([.. command, "--help"], World(text)));
        return text.ToString();
    }

    internal static CliEnvironment World(TextWriter output) => new()
    {
        Console = new Screen(output),
        Environment = _ => null,
        Clock = TimeProvider.System,
        Processes = new ProcessRunner(TimeProvider.System),
    };

    private sealed class Screen(TextWriter output) : IConsole
    {
        public TextWriter Out => output;

        public TextWriter Error => output;
        public Stream? BinaryOut => null;

        public TextReader In => TextReader.Null;

        public Stream? BinaryIn => null;

        public bool IsTerminal => false;

        public bool PrintsToTerminal => false;

        public bool CanAsk => false;

        public bool Ask(string question) => false;

        public string? Prompt(string question) => null;

        public IDisposable OnInterrupt(Action<InterruptKind> handler) => new StringWriter();

        public IDisposable OutliveTerminal() => new StringWriter();
    }
}
