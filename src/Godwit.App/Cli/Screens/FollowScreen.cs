using Godwit.App.Cli.Commands;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Migration;

namespace Godwit.App.Cli.Screens;

/// <summary><c>godwit status --follow</c>: shows another process's run.</summary>
internal sealed class FollowScreen(CliEnvironment world, string runId, bool json)
{
    // The run's process writes its report right after its last journal line.
    private static readonly TimeSpan ReportMax = TimeSpan.FromSeconds(5), ReportEvery = TimeSpan.FromMilliseconds(100);

    // File times are less exact than the journal's.
    private static readonly TimeSpan FileTimeError = TimeSpan.FromSeconds(1);

    /// <summary>Without a name, the newest that a process works on.</summary>
    /// <exception cref="FaultException"><c>cli.no_run_to_follow</c>.</exception>
    public static string RunToFollow(CliEnvironment world, string? runId) => runId
        ?? world.Runs.RunIds().FirstOrDefault(world.Runs.IsHeld)
        ?? throw new FaultException(CliFaults.NoRunToFollow());

    /// <summary>Returns the run's exit code; if it was left running, the code for a refusal.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var follower = new RunFollower(world.Runs, runId, world.Clock);
        var story = world.Runs.Tell(runId);
        var title = Title(story);
        RunOutcome? outcome;
        if (json)
        {
            using var interrupts = world.Console.OnInterrupt(_ => left.Cancel());
            outcome = await follower.FollowAsync(new JsonFace(Out, world.Clock), until: null, left.Token);
        }
        else if (world.Console.IsTerminal)
        {
            var live = new LiveFace([.. story.Steps.Select(step => new PlannedStep(step.Name, step.Intent, null))],
                world.Console, world.Clock, addsSteps: true);
            live.SetTitle(title);
            using var interrupts = new FollowInterrupts(world, runId, left, live);
            outcome = await live.ShowAsync(() => follower.FollowAsync(live, until: null, left.Token));
        }
        else
        {
            using var interrupts = new FollowInterrupts(world, runId, left, pausable: null);
            await Out.WriteLineAsync(title);
            outcome = await follower.FollowAsync(new PlainFace(Out, world.Clock), until: null, left.Token);
        }

        return outcome is { } ended ? await EndAsync(ended) : Leave();
    }

    /// <exception cref="FaultException"><c>cli.run_interrupted</c>: no process works on the run, and it has not
    /// ended.</exception>
    public async Task<int> EndAsync(RunOutcome outcome)
    {
        if (outcome == RunOutcome.Open)
            throw new FaultException(CliFaults.RunInterrupted(runId));
        var story = world.Runs.Tell(runId);
        EndScreen.Show(story, outcome, await FindReportAsync(story), json, showsNext: true, world);
        return ExitCodes.Of(outcome);
    }

    private TextWriter Out => world.Console.Out;

    private static string Title(RunStory story)
    {
        var way = story.Settings.Store.Address is { } via ? $" through {via}" : ", straight and without a store";
        return $"{(story.Settings.Rehearsal is null ? "Run" : "Rehearsal")} {story.RunId}: "
            + $"{story.Source} → {story.Target}{way}";
    }

    private int Leave()
    {
        if (!json)
        {
            Out.WriteLine($"You left run {runId}. It continues. Show it again with:");
            Out.WriteWhole($"  godwit status --follow {runId}");
        }

        return ExitCodes.Refused;
    }

    // Null: not written, or not yet.
    private async Task<string?> FindReportAsync(RunStory story)
    {
        var page = Path.Combine(world.Runs.FilesOf(runId), "report.html");
        while (true)
        {
            if (File.Exists(page) && File.GetLastWriteTimeUtc(page) >= story.EndedAt - FileTimeError)
                return page;
            if (world.Clock.GetUtcNow() - story.EndedAt > ReportMax)
                return null;
            await Task.Delay(ReportEvery, world.Clock);
        }
    }
}
