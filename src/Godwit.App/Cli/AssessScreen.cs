using Godwit.Report;
using Spectre.Console;

namespace Godwit.App.Cli;

/// <summary>An assessment, for people: what is there, a table of what was found, and what to do about each.</summary>
internal static class AssessScreen
{
    /// <summary>Of a log or a pipe, where nothing is wrapped.</summary>
    private const int EndlessWidth = 10_000;

    /// <param name="width">Columns of the terminal; null: it is none, and nothing is coloured or wrapped.</param>
    public static void Show(AssessmentReport report, TextWriter writer, int? width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = width is null ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = width is null ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width ?? EndlessWidth;
        console.MarkupLine($"[bold]Assessment of {Escaped(report.From)}[/]");
        console.Write(Facts(report));
        console.WriteLine();
        if (report.Findings.Count > 0)
            console.Write(Overview(report));
        foreach (var finding in report.Findings)
            Show(finding, console, writer);
        console.MarkupLine($"[bold]{Escaped(report.Verdict)}[/]");
        console.WriteLine($"{Words.Count(report.Checks.Count, "check")} in {Words.Duration(report.Seconds)}; {Words.Count(report.Blockers, "blocker")}, "
            + $"{Words.Count(report.Warnings, "warning")}, {Words.Count(report.Notes, "note")}. Nothing was changed.");
    }

    private static Grid Facts(AssessmentReport report)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn(new GridColumn());
        foreach (var fact in report.Facts)
            grid.AddRow(new Markup($"[grey]{Escaped(fact.Name)}[/]"), new Markup(Escaped(fact.Value)));
        return grid;
    }

    private static Table Overview(AssessmentReport report)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey)
            .AddColumn(new TableColumn("").NoWrap()).AddColumn("what was found").AddColumn(new TableColumn("code"));
        foreach (var finding in report.Findings)
            table.AddRow(new Markup(Label(finding)), new Markup(Escaped(finding.What)), new Markup($"[grey]{Escaped(finding.Code)}[/]"));
        return table;
    }

    private static void Show(AssessedFinding finding, IAnsiConsole console, TextWriter writer)
    {
        console.MarkupLine($"{Label(finding)} [bold]{Escaped(finding.What)}[/] [grey]{Escaped($"[{finding.Code}]")}[/]");
        console.Write(new Padder(new Text($"because {Words.Block(finding.Why)}"), new Padding(2, 0, 0, 0)));
        var (said, paste) = Words.Pasteable(finding.Remedy);
        if (said.Length > 0)
            console.Write(new Padder(new Text($"next: {Words.Block(said)}"), new Padding(2, 0, 0, 0)));
        // Neither wrapped nor indented: what is to be pasted must come out of the terminal as it is.
        if (paste.Length > 0)
            writer.WriteWhole(Words.Block(paste));
        writer.WriteLine();
    }

    private static string Label(AssessedFinding finding) => finding switch
    {
        { IsAccepted: true } => "[yellow]accepted[/]",
        { Severity: Finding.Blocker } => "[red]blocker[/]",
        { Severity: Finding.Warning } => "[yellow]warning[/]",
        _ => "[blue]note[/]",
    };

    private static string Escaped(string text) => Spectre.Console.Markup.Escape(Words.Name(text));
}
