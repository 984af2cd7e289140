using System.CommandLine;
using System.Text.Json;
using Godwit.App.Cli.Commands;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Migration;
using Godwit.Pipeline;
using Godwit.Report;
using Godwit.Requests;

namespace Godwit.App.Cli.Screens;

/// <summary>Shows a run's progress and end. Stops it on request.</summary>
internal sealed class RunScreen(CliEnvironment world, MigrationParts parts, bool json) : IAsyncDisposable
{
    private string _runId = "";
    private LiveFace? _live;

    /// <summary>Source and target are deleted at the end: nothing is left to do.</summary>
    public bool IsRehearsal { get; init; }

    public static Option<bool> JsonOption() =>
        new("--json") { Description = "Print one JSON object per event, for programs." };

    /// <summary>Called before the run does anything.</summary>
    public void Started(string runId)
    {
        _runId = runId;
        world.Background?.Begin(runId, world.Runs);
        Witness.Current?.Happened("", $"run {runId}");
        var title = $"{(parts.Settings.Rehearsal is null ? "Run" : "Rehearsal")} {runId}: {parts.Source} → "
            + $"{To}{(parts.Store is { } store ? $" through {store.Address}" : ", straight and without a store")}";
        if (_live is not null)
            _live.SetTitle(title);
        else if (!json)
            Out.WriteLine(title);
    }

    public async Task<int> PlanAsync(CancellationToken ct)
    {
        var run = new MigrationRun(parts, world.Runs);
        var plan = await run.PlanAsync(ct);
        if (json)
            await Out.WriteLineAsync(JsonSerializer.Serialize(plan, JournalJson.Options));
        else
            PlanScreen.Show(plan, parts.Settings, Out);
        var looks = json ? new JsonFace(Out, world.Clock) : (IProgress<StepEvent>)new PlainFace(Out, world.Clock);
        var estimate = await run.AssessAsync(looks, ct);
        await run.PreviewAsync(looks, ct);
        if (parts.Settings.Freeze.IsOn)
        {
            // Runs on the other route take another time.
            var runs = world.Runs.RunIds().Select(world.Runs.Tell)
                .Where(story => story.Settings.RouteOrUsual == parts.Settings.RouteOrUsual);
            await ShowExpectedAsync(ExpectedDowntime.Of(parts.Source.ToString(), runs, estimate));
        }

        if (!json)
            await Out.WriteLineAsync("Nothing was changed. Run it without --dry-run to begin.");
        return ExitCodes.Proven;
    }

    private Task ShowExpectedAsync(ExpectedDowntime expected) => Out.WriteLineAsync(json
        ? JsonSerializer.Serialize(
            new { Event = "expected_downtime", expected.Sentence, expected.Seconds, expected.RunId },
            JournalJson.Options)
        : $"Downtime expected: {expected.Sentence}.");

    /// <param name="go">Starts or resumes.</param>
    public Task<int> RunAsync(
        Func<MigrationRun, IProgress<StepEvent>, CancellationToken, Task<RunOutcome>> go, CancellationToken ct)
    {
        var run = new MigrationRun(parts, world.Runs);
        return RunAsync(run.PlanAsync, (face, stop) => go(run, face, stop), ct);
    }

    /// <param name="plan">Steps of <paramref name="go"/>.</param>
    public async Task<int> RunAsync(
        Func<CancellationToken, Task<IReadOnlyList<PlannedStep>>> plan,
        Func<IProgress<StepEvent>, CancellationToken, Task<RunOutcome>> go, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        RunOutcome outcome;
        if (json)
        {
            using var interrupts = world.Console.OnInterrupt(_ => stop.Cancel());
            outcome = await go(new JsonFace(Out, world.Clock), stop.Token);
        }
        else if (world.Console.IsTerminal)
        {
            var live = _live = new LiveFace(await plan(ct), world.Console, world.Clock);
            using var interrupts = new Interrupts(world.Console, stop, live);
            outcome = await live.ShowAsync(() => go(live, stop.Token));
        }
        else
        {
            using var interrupts = new Interrupts(world.Console, stop, pausable: null);
            outcome = await go(new PlainFace(Out, world.Clock), stop.Token);
        }

        await EndAsync(outcome);
        return ExitCodes.Of(outcome);
    }

    public async ValueTask DisposeAsync()
    {
        parts.Heroku?.Dispose();
        if (parts.Store is not null)
            await parts.Store.DisposeAsync();
    }

    private string To => parts.Settings.Rehearsal switch
    {
        null => $"{parts.Target}",
        RehearsalKind.Local => $"{parts.Target} on this machine",
        _ => $"a throw-away database of {parts.Target.App}",
    };

    private TextWriter Out => world.Console.Out;

    private async Task EndAsync(RunOutcome outcome)
    {
        var story = world.Runs.Tell(_runId);
        var page = await WriteReportAsync(story);
        EndScreen.Show(story, outcome, page, json, showsNext: !IsRehearsal, world);
    }

    // If the report cannot be written, that is reported; the outcome stays.
    private async Task<string?> WriteReportAsync(RunStory story)
    {
        try
        {
            var folder = world.Runs.FilesOf(_runId);
            return (await ReportFiles.WriteAsync(story, folder, RunReports.After(story), CancellationToken.None)).Html;
        }
        catch (FaultException e)
        {
            FaultScreen.Show(e.Fault, world.Console.Error);
            return null;
        }
    }
}
