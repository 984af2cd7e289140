using Godwit.Migration;
using Godwit.Pipeline;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Godwit.App.Cli;

/// <summary>The whole plan on a terminal, each line moving as its step does.</summary>
internal sealed class LiveFace : IProgress<StepEvent>, IPausable
{
    private const int LinesPerStep = 2;

    /// <summary>The title, and the command above it.</summary>
    private const int LinesAround = 3;

    private static readonly TimeSpan PaintEvery = TimeSpan.FromMilliseconds(150);
    private static readonly string[] Spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private readonly List<Row> _rows;
    private readonly TimeProvider _clock;
    private readonly Rate _rate;
    private readonly Lock _gate = new();
    private readonly List<string> _remarks = [];
    private volatile bool _paused;
    private int _frame;
    private string _title = "";

    public LiveFace(IReadOnlyList<PlannedStep> plan, TimeProvider clock)
    {
        _rows = [.. plan.Select(step => new Row(step.Name, step.Intent))];
        _clock = clock;
        _rate = new Rate(clock);
    }

    public async Task<T> ShowAsync<T>(Func<Task<T>> run)
    {
        var result = default(T)!;
        using var end = new CancellationTokenSource();
        await AnsiConsole.Live(Paint(isWhole: false)).AutoClear(true).StartAsync(async context =>
        {
            var painting = PaintAsync(context, end.Token);
            try
            {
                result = await run();
            }
            finally
            {
                await end.CancelAsync();
                await painting;
            }
        });
        // What moved was cut to the window's height; what stays is whole.
        AnsiConsole.Write(Paint(isWhole: true));
        return result;
    }

    public void Report(StepEvent value)
    {
        lock (_gate)
        {
            var row = _rows.Find(one => one.Name == value.Step);
            if (row is not null)
                Take(row, value);
        }
    }

    /// <summary>Stands above the plan: printing it would disturb what is painted.</summary>
    public void SetTitle(string title) => _title = title;

    public void Pause() => _paused = true;

    public void GoOn()
    {
        // Back over the line of the Ctrl-C and that of the question, to where the painting stood.
        AnsiConsole.Write(new ControlCode("\e[2A\e[J"));
        _paused = false;
    }

    private void Take(Row row, StepEvent value)
    {
        switch (value)
        {
            case StepStarted started:
                // A resume after the cut-over begins there: what stands before it was done by an earlier attempt.
                foreach (var before in _rows.TakeWhile(one => one != row).Where(one => one.Mark == Row.Waiting))
                    (before.Mark, before.Detail) = ("[green]✓[/]", "done before");
                (row.Mark, row.Text, row.StartedAt, row.Took) = ("", started.Intent, _clock.GetTimestamp(), null);
                break;
            case BytesMoved moved:
                row.Moved = _rate.Describe(moved);
                row.Detail = Joined(row);
                break;
            case StateChanged changed:
                row.Detail = $"{changed.Subject}: {changed.State}";
                break;
            case ItemCompared compared:
                row.Compared = $"{compared.Done} of {compared.Total} compared";
                row.Detail = Joined(row);
                break;
            case Observed observed:
                _remarks.Add($"{observed.Severity}: {observed.What}: {observed.Why}. {observed.Remedy}".TrimEnd());
                break;
            case StepDone done:
                End(row, "[green]✓[/]", done.Evidence.Claim, done.WasAlreadyDone ? "already done" : done.Evidence.Proof);
                break;
            case StepFailed failed:
                End(row, "[red]✗[/]", failed.Fault.What, failed.Fault.Code);
                break;
            case StepUndone undone:
                End(row, "[yellow]↶[/]", "Put back: " + undone.WhatWasPutBack, "");
                break;
            case UndoFailed failed:
                End(row, "[red]![/]", "NOT put back: " + failed.Fault.What, failed.Fault.Code);
                break;
        }
    }

    private static string Joined(Row row) => string.Join("; ", new[] { row.Compared, row.Moved }.Where(text => text.Length > 0));

    private void End(Row row, string mark, string text, string detail)
    {
        row.Took = row.StartedAt is { } started ? _clock.GetElapsedTime(started) : null;
        (row.Mark, row.Text, row.Detail) = (mark, text, detail);
    }

    private async Task PaintAsync(LiveDisplayContext context, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (!_paused)
                {
                    context.UpdateTarget(Paint(isWhole: false));
                    context.Refresh();
                }
            }
            catch (IOException)
            {
                // The terminal was closed: the run goes on, or is being undone, without a screen.
                return;
            }

            await Task.Delay(PaintEvery, _clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <param name="isWhole">False: only as much as the window can show, so the details of steps that do not run are left out when it is low.</param>
    private IRenderable Paint(bool isWhole)
    {
        lock (_gate)
        {
            _frame++;
            var isLow = !isWhole && AnsiConsole.Profile.Height < (_rows.Count * LinesPerStep) + _remarks.Count + LinesAround;
            var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn());
            foreach (var row in _rows)
            {
                var isRunning = row.Mark.Length == 0;
                var isShort = isLow && !isRunning;
                var style = row.Mark == Row.Waiting ? "grey" : "default";
                var detail = isShort || row.Detail.Length == 0 ? "" : $"\n[grey]{Markup.Escape(row.Detail)}[/]";
                grid.AddRow(
                    new Markup(isRunning ? $"[cyan]{Spinner[_frame % Spinner.Length]}[/]" : row.Mark),
                    new Markup($"[{style}]{row.Name}[/]{(isShort ? "" : Took(row, isRunning))}"),
                    new Markup($"[{style}]{Markup.Escape(row.Text)}[/]{detail}") { Overflow = isShort ? Overflow.Ellipsis : Overflow.Fold });
            }

            return new Rows([new Text(_title), grid, .. _remarks.Select(remark => new Markup($"[yellow]{Markup.Escape(remark)}[/]"))]);
        }
    }

    private string Took(Row row, bool isRunning)
    {
        var took = isRunning && row.StartedAt is { } started ? _clock.GetElapsedTime(started) : row.Took;
        return took is { } time ? $"\n[grey]{Worded.Duration(time)}[/]" : "";
    }

    private sealed class Row(string name, string intent)
    {
        public const string Waiting = "[grey]·[/]";

        public string Name { get; } = name;
        public string Text { get; set; } = intent;
        public string Mark { get; set; } = Waiting;
        public string Detail { get; set; } = "";

        /// <summary>Bytes and tables are told apart, and shown together.</summary>
        public string Moved { get; set; } = "";
        public string Compared { get; set; } = "";
        public long? StartedAt { get; set; }
        public TimeSpan? Took { get; set; }
    }
}

/// <summary>A screen that can stand still while a question is asked.</summary>
internal interface IPausable
{
    void Pause();

    void GoOn();
}
