using Godwit.Faults;
using Godwit.Report;
using Spectre.Console;

namespace Godwit.App.Cli.Screens;

/// <summary>For people: facts, a table of findings, and the remedy of each.</summary>
internal static class AssessScreen
{
    // For a log or a pipe, which is not wrapped.
    private const int EndlessWidth = 10_000;

    private static readonly Style Bold = new(decoration: Decoration.Bold), Grey = new(Color.Grey), Yellow =
        new(Color.Yellow), Red = new(Color.Red), Blue = new(Color.Blue);

    /// <param name="width">In columns; null: not a terminal, so no colours and no wrapping.</param>
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
        WriteLine(console, ($"Assessment of {report.From}", Bold));
        console.Write(Facts(report));
        console.WriteLine();
        if (report.Findings.Count > 0)
            console.Write(Overview(report));
        foreach (var finding in report.Findings)
            Show(finding, console, writer);
        WriteLine(console, (report.Verdict, Bold));
        console.WriteLine($"{Words.Count(report.Checks.Count, "check")} in {Words.Duration(report.Seconds)}; "
            + $"{Words.Count(report.Blockers, "blocker")}, "
            + $"{Words.Count(report.Warnings, "warning")}, {Words.Count(report.Notes, "note")}. Nothing was changed.");
    }

    private static Grid Facts(AssessmentReport report)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn(new GridColumn());
        foreach (var fact in report.Facts)
            grid.AddRow(Paragraph((fact.Name, Grey)), Paragraph((fact.Value, Style.Plain)));
        return grid;
    }

    private static Table Overview(AssessmentReport report)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey)
            .AddColumn(new TableColumn("").NoWrap()).AddColumn("what was found").AddColumn(new TableColumn("code"));
        foreach (var finding in report.Findings)
            table.AddRow(Paragraph(Label(finding)), Paragraph((finding.What, Style.Plain)),
                Paragraph((finding.Code, Grey)));
        return table;
    }

    private static void Show(Finding finding, IAnsiConsole console, TextWriter writer)
    {
        WriteLine(console, Label(finding), ($" {finding.What}", Bold), ($" [{finding.Code}]", Grey));
        console.Write(new Padder(new Text($"because {Words.Block(finding.Why)}"), new Padding(2, 0, 0, 0)));
        var (said, paste) = Words.Pasteable(finding.Remedy);
        if (said.Length > 0)
            console.Write(new Padder(new Text($"next: {Words.Block(said)}"), new Padding(2, 0, 0, 0)));
        // Text to paste is not wrapped or indented.
        if (paste.Length > 0)
            writer.WriteWhole(Words.Block(paste));
        writer.WriteLine();
    }

    private static (string Text, Style Style) Label(Finding finding) => finding switch
    {
        { IsAccepted: true } => ("accepted", Yellow),
        { Severity: Severity.Blocker } => ("blocker", Red),
        { Severity: Severity.Warning } => ("warning", Yellow),
        _ => ("note", Blue),
    };

    private static void WriteLine(IAnsiConsole console, params (string Text, Style Style)[] parts)
    {
        console.Write(Paragraph(parts));
        console.WriteLine();
    }

    // Markup would split words at escaped brackets, and might wrap there.
    private static Paragraph Paragraph(params (string Text, Style Style)[] parts)
    {
        var paragraph = new Paragraph();
        foreach (var (text, style) in parts)
            paragraph.Append(Words.Name(text), style);
        return paragraph;
    }
}
