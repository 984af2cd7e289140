using Godwit.Report;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Godwit.App.Cli.Screens;

internal sealed class LiveRow(string name, string intent)
{
    public const string Waiting = "[grey]·[/]";

    public string Name { get; } = name;
    public string Text { get; set; } = intent;

    /// <summary>Empty: the step runs.</summary>
    public string Mark { get; set; } = Waiting;

    public string Detail { get; set; } = "";

    /// <summary>In bytes. Tables are reported separately (<see cref="Compared"/>) and shown together.</summary>
    public string Moved { get; set; } = "";
    public string Compared { get; set; } = "";
    public DateTimeOffset? StartedAt { get; set; }
    public TimeSpan? Took { get; set; }

    public bool IsRunning => Mark.Length == 0;
}

/// <summary>The plan and the remarks, complete or cut to a window. Steps come before remarks, the running step
/// first.</summary>
/// <param name="title">Shown above the plan. If empty, its line stays free: Spectre.Console repaints a single line one
/// line too high, because it moves up by 0, which terminals treat as 1.</param>
/// <param name="says">The last line while something is being stopped; else empty.</param>
internal sealed class LivePainting(
    string title, IReadOnlyList<LiveRow> rows, IReadOnlyList<string> remarks, string says)
{
    // One free column after the mark, two after the name.
    private const int ColumnsBesideName = 4;

    // Lines for remarks before the plan is shortened for them.
    private const int RemarkLinesWanted = 4;

    // For the question whether to stop, and after its answer. A scrolled window cannot be repainted.
    private const int LinesFree = 2;

    /// <param name="spinner">Beside the running step.</param>
    /// <param name="tookSoFar">Null: not begun.</param>
    /// <param name="window">Null: no limit.</param>
    public IRenderable Paint(string spinner, Func<LiveRow, TimeSpan?> tookSoFar, (int Columns, int Lines)? window)
    {
        var lines = rows.Select(row => new Line(row,
            tookSoFar(row) is { } took ? TerminalWords.Duration(took) : "")).ToList();
        var shown = remarks;
        if (window is var (columns, height))
        {
            var beside = lines.Select(line => Math.Max(line.Row.Name.Length, line.Took.Length)).DefaultIfEmpty().Max()
                + ColumnsBesideName;
            var room = height - LinesFree - Math.Max(1, Count(title, columns)) - Count(says, columns);
            var remarkLines = remarks.Sum(remark => Count(remark, columns));
            if (lines.Sum(line => line.Lines(columns - beside)) + Math.Min(remarkLines, RemarkLinesWanted) > room)
                lines.ForEach(line => line.Shorten(columns - beside));
            room -= lines.Sum(line => line.Lines(columns - beside));
            if (remarkLines > room)
                shown = Newest(columns, room);
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn());
        foreach (var line in lines)
            grid.AddRow(line.Cells(spinner));
        return new Rows([
            new Text(title),
            // A followed run may have begun no step yet.
            lines.Count > 0 ? grid : new Text(""),
            .. shown.Select(remark => new Markup($"[yellow]{Markup.Escape(remark)}[/]")),
            .. new[] { says }.Where(text => text.Length > 0).Select(text => new Text(text)),
        ]);
    }

    // One line each, newest last, below a line that says that all are shown at the end.
    private IReadOnlyList<string> Newest(int columns, int room) => room < 1 ? [] :
        [WordWrap.Cut($"{Words.Count(remarks.Count, "remark")}, told whole at the end:", columns),
            .. remarks.TakeLast(room - 1).Select(remark => WordWrap.Cut(remark, columns))];

    private static int Count(string text, int columns) =>
        text.Length == 0 ? 0 : text.Split('\n').Sum(line => WordWrap.Lines(line, columns).Count);

    private sealed class Line(LiveRow row, string took)
    {
        private string _text = Words.Name(row.Text);
        private string _detail = Words.Name(row.Detail);
        private string _took = took;

        public LiveRow Row => row;

        public string Took => _took;

        public int Lines(int columns) =>
            Math.Max(_took.Length > 0 ? 2 : 1, Count(_text, columns) + Count(_detail, columns));

        public void Shorten(int columns)
        {
            _text = WordWrap.Cut(_text, columns);
            _detail = row.IsRunning ? WordWrap.Cut(_detail, columns) : "";
            _took = row.IsRunning ? _took : "";
        }

        public IRenderable[] Cells(string spinner)
        {
            var style = row.Mark == LiveRow.Waiting ? "grey" : "default";
            return
            [
                new Markup(row.IsRunning ? $"[cyan]{spinner}[/]" : row.Mark),
                new Markup($"[{style}]{row.Name}[/]{Below(_took)}"),
                new Markup($"[{style}]{Markup.Escape(_text)}[/]{Below(_detail)}"),
            ];
        }

        private static string Below(string text) => text.Length == 0 ? "" : $"\n[grey]{Markup.Escape(text)}[/]";
    }
}
