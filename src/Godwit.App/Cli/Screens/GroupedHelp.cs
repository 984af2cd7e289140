using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Godwit.App.Cli.Screens;

/// <summary>The library's help with a command's options in groups, the most used first.</summary>
internal sealed class GroupedHelp(HelpAction written) : SynchronousCommandLineAction
{
    // Lines that are read at a glance.
    private const int UngroupedMax = 14;

    private const string Heading = "Options:\n", OptionIndent = "  -";

    // The most used options. Other commands have only the groups below.
    private static readonly Dictionary<string, string[]> Usual = new(StringComparer.Ordinal)
    {
        ["migrate"] = ["--from", "--to", "--via", "--confirm", "--i-have-a-backup", "--dry-run"],
        ["rehearse"] = ["--from", "--to", "--via", "--add-on", "--plan"],
        ["resume"] = ["--from", "--confirm", "--i-have-a-backup", "--accept"],
        ["copy"] = ["--from", "--to", "--jobs", "--resume"],
        ["dump"] = ["--from", "--to", "--jobs", "--overwrite"],
        ["restore"] = ["--to", "--jobs", "--resume"],
        ["verify"] = ["--from", "--to", "--level", "--query", "--page"],
        ["assess"] = ["--from", "--to", "--via", "--page"],
        ["cleanup"] = ["--via", "--all"],
        ["filter"] = ["--to"],
    };

    // In display order.
    private static readonly (string Title, string[] Options)[] Groups =
    [
        ("What is made at Heroku, and emptied",
        [
            "--empty-live", "--plan", "--create-app", "--region", "--team", "--space", "--pg-version",
        ]),
        ("What comes over",
        [
            "--schema-only", "--data-only", "--schema", "--exclude-schema", "--table", "--exclude-table",
            "--exclude-table-data", "--no-clean", "--map-role", "--left-out", "--keep-orphans",
        ]),
        ("How it comes over",
        [
            "--route", "--jobs", "--index-jobs", "--max-rate", "--lock-wait", "--compress", "--engine", "--format",
            "--frozen", "--resume", "--overwrite", "--source-snapshot",
        ]),
        ("Stopping the writes", ["--app", "--workers", "--freeze", "--no-freeze"]),
        ("Comparing, and switching over",
        [
            "--verify", "--level", "--query", "--float-tolerance", "--show", "--repair", "--repair-sql", "--confirm",
            "--accept", "--accept-view", "--accept-command", "--attach", "--set-config", "--env-file",
            "--deep", "--trial",
        ]),
        ("The store",
        [
            "--via", "--create-store", "--gs-location", "--s3-endpoint", "--s3-region", "--profile", "--s3-profile",
            "--s3-path-style", "--azure-endpoint", "--disk-listen", "--disk-public-url",
        ]),
    ];

    private const string Others = "Also";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var configuration = parseResult.InvocationConfiguration;
        var output = configuration.Output;
        using var text = new StringWriter { NewLine = "\n" };
        configuration.Output = text;
        try
        {
            written.Invoke(parseResult);
        }
        finally
        {
            configuration.Output = output;
        }

        output.Write(Arranged(text.ToString().ReplaceLineEndings("\n"), parseResult.CommandResult.Command.Name));
        return ExitCodes.Proven;
    }

    /// <param name="help">The library's, for any window width.</param>
    internal static string Arranged(string help, string command)
    {
        var from = help.IndexOf(Heading, StringComparison.Ordinal);
        if (from < 0)
            return help;
        var begin = from + Heading.Length;
        var end = help.IndexOf("\n\n", begin, StringComparison.Ordinal) is >= 0 and var found ? found + 1 : help.Length;
        var options = Blocks(help[begin..end]);
        if (options.Count <= UngroupedMax)
            return help;
        var groups = Groups.Prepend(("The usual ones", Usual.GetValueOrDefault(command, [])));
        var arranged = new List<string>();
        foreach (var (title, names) in groups)
            Take(title, [.. names.SelectMany(name => options.Where(option => Has(option, name))).Distinct()]);
        Take(Others, [.. options]);
        return help[..from] + string.Join('\n', arranged) + help[end..];

        void Take(string title, IReadOnlyList<string> taken)
        {
            if (taken.Count == 0)
                return;
            arranged.Add($"{title}:\n{string.Concat(taken)}");
            options.RemoveAll(taken.Contains);
        }
    }

    // One per option, with all lines of its description.
    private static List<string> Blocks(string list)
    {
        var blocks = new List<string>();
        foreach (var line in list.Split('\n').SkipLast(1))
        {
            if (line.StartsWith(OptionIndent, StringComparison.Ordinal) || blocks.Count == 0)
                blocks.Add("");
            blocks[^1] += line + "\n";
        }

        return blocks;
    }

    // Looks in the column of names, which ends at two blanks.
    private static bool Has(string option, string name)
    {
        var column = option.TrimStart().Split("  ")[0];
        return column.Split([' ', ',', '\n'], StringSplitOptions.RemoveEmptyEntries).Contains(name);
    }
}
