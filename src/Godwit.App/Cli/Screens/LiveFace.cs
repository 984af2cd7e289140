using Godwit.App.Cli.Commands;
using Godwit.App.Cli.Flags;
using Godwit.Migration;
using Godwit.Pipeline;
using Godwit.Report;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Godwit.App.Cli.Screens;

/// <summary>The whole plan on a terminal, updated while steps run.</summary>
internal sealed class LiveFace : IProgress<StepEvent>, IPausable
{
    private static readonly TimeSpan PaintEvery = TimeSpan.FromMilliseconds(150);
    private static readonly string[] Spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private readonly List<LiveRow> _rows;
    private readonly IConsole _console;
    private readonly TimeProvider _clock;
    private readonly Rate _rate;
    private readonly bool _addsSteps;
    private readonly Lock _gate = new();

    // Held while painting, so that nothing is written in between.
    private readonly Lock _screen = new();

    private readonly List<string> _remarks = [];
    private bool _isPaused;
    private int _frame;
    private string _title = "";
    private string _says = "";

    /// <param name="console">Remarks name Godwit's commands in its spelling.</param>
    /// <param name="addsSteps">Adds a step outside of the plan when it begins.</param>
    public LiveFace(IReadOnlyList<PlannedStep> plan, IConsole console, TimeProvider clock, bool addsSteps = false)
    {
        _console = console;
        _addsSteps = addsSteps;
        _rows = [.. plan.Select(step => new LiveRow(step.Name, step.Intent))];
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
        // The last live painting was cut to the window's height.
        AnsiConsole.Write(Paint(isWhole: true));
        return result;
    }

    public void Report(StepEvent value)
    {
        ProblemText.Remember(value);
        lock (_gate)
        {
            var row = _rows.Find(one => one.Name == value.Step);
            if (row is null && _addsSteps)
                _rows.Add(row = new LiveRow(value.Step, ""));
            if (row is not null)
                Take(row, value);
        }
    }

    /// <summary>Shown above the plan: printing it would disturb the painting.</summary>
    public void SetTitle(string title) => _title = title;

    public void Say(string text) => _says = text;

    public void Pause()
    {
        lock (_screen)
            _isPaused = true;
    }

    public void Resume()
    {
        lock (_screen)
        {
            // Moves up over the question and the Ctrl-C, which is the painting's last line.
            AnsiConsole.Write(new ControlCode("\e[2A\e[J"));
            _isPaused = false;
        }
    }

    private void Take(LiveRow row, StepEvent value)
    {
        switch (value)
        {
            case StepStarted started:
                // A resume after the cut-over begins at this step: an earlier attempt finished the steps before it.
                foreach (var before in _rows.TakeWhile(one => one != row).Where(one => one.Mark == LiveRow.Waiting))
                    (before.Mark, before.Detail) = ("[green]✓[/]", "done before");
                (row.Mark, row.Text, row.StartedAt, row.Took) = ("", started.Intent, started.At, null);
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
                _remarks.Add(CalledAsWriter.AsPrinted(_console.Out,
                    Words.Block(observed.Finding.InWords())));
                break;
            case StepDone done:
                End(row, done, "[green]✓[/]", done.Evidence.Claim,
                    done.WasAlreadyDone ? "already done" : done.Evidence.Proof);
                break;
            case StepFailed failed:
                End(row, failed, "[red]✗[/]", failed.Fault.What, failed.Fault.Code);
                break;
            case StepUndone undone:
                End(row, undone, "[yellow]↶[/]", "Put back: " + undone.UndoResult, "");
                break;
            case UndoFailed failed:
                End(row, failed, "[red]![/]", "NOT put back: " + failed.Fault.What, failed.Fault.Code);
                break;
        }
    }

    private static string Joined(LiveRow row) =>
        string.Join("; ", new[] { row.Compared, row.Moved }.Where(text => text.Length > 0));

    private static void End(LiveRow row, StepEvent end, string mark, string text, string detail)
    {
        row.Took = row.StartedAt is { } started ? NotNegative(end.At - started) : null;
        (row.Mark, row.Text, row.Detail) = (mark, text, detail);
    }

    private async Task PaintAsync(LiveDisplayContext context, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                PaintOnce(context);
            }
            catch (IOException)
            {
                // The terminal was closed: the run, or its undo, continues without it.
                return;
            }

            await Task.Delay(PaintEvery, _clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void PaintOnce(LiveDisplayContext context)
    {
        lock (_screen)
        {
            if (_isPaused)
                return;
            context.UpdateTarget(Paint(isWhole: false));
            context.Refresh();
            // A last line as wide as the window leaves the cursor behind its end; a ^C would start another line.
            AnsiConsole.Profile.Out.Writer.Write('\r');
        }
    }

    /// <param name="isWhole">False: only what fits the window.</param>
    private IRenderable Paint(bool isWhole)
    {
        lock (_gate)
        {
            _frame++;
            var painting = new LivePainting(_title, _rows, _remarks, isWhole ? "" : _says);
            return painting.Paint(Spinner[_frame % Spinner.Length], Took,
                isWhole ? null : (AnsiConsole.Profile.Width, AnsiConsole.Profile.Height));
        }
    }

    private TimeSpan? Took(LiveRow row) =>
        row.IsRunning && row.StartedAt is { } started ? NotNegative(_clock.GetUtcNow() - started) : row.Took;

    // Events may come from another process, and the clock may be set back.
    private static TimeSpan NotNegative(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;
}

/// <summary>A screen that can pause while a question is asked.</summary>
internal interface IPausable
{
    void Pause();

    void Resume();

    /// <summary>Within the painting, which would cover text written beside it.</summary>
    void Say(string text);
}
