using System.Reflection;
using System.Text.Json.Serialization;
using Godwit.Assess;
using Godwit.Cutover.Freeze;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Verify;

namespace Godwit.Migration;

/// <summary>One run, from its start or from where it stopped.</summary>
public sealed class MigrationRun(MigrationParts parts, IRunStore runs)
{
    public static string Version { get; } =
        typeof(MigrationRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? "unknown";

    /// <summary>The run's steps, from the settings alone: no database or store is asked.</summary>
    public async Task<IReadOnlyList<PlannedStep>> PlanAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var plan = OnlyLook(new VolatileMemory());
        return [.. plan.Steps.Select(step =>
            new PlannedStep(step.Name, step.Intent, (step as IUndoableStep)?.UndoIntent)
            {
                Traits = step.Traits,
            })];
    }

    /// <summary>Assesses source, store and target as the run would do first. Changes nothing.</summary>
    /// <exception cref="FaultException">The assessment found a blocker.</exception>
    /// <returns>How long writes will be stopped, as far as that can be measured: a clause. Null: unknown, as for a
    /// small database.</returns>
    public async Task<string?> AssessAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var memory = new VolatileMemory();
        await using var plan = OnlyLook(memory);
        await new Runner(parts.Clock, progress).RunAsync(plan.Steps.Take(1), ct);
        return memory.Recall(AssessStep.FrozenEstimateKey);
    }

    /// <summary>Reports, as states, what the steps after the assessment would meet, as far as they can look now.
    /// Changes nothing.</summary>
    public async Task PreviewAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        await using var plan = OnlyLook(new VolatileMemory());
        foreach (var step in plan.Steps.OfType<IPreviewedStep>())
        {
            foreach (var (subject, state) in await SeenAsync(step, ct))
                progress.Report(new StateChanged(step.Name, parts.Clock.GetUtcNow(), subject, state));
        }
    }

    private PlannedRun OnlyLook(VolatileMemory memory) =>
        new(parts, memory, "RUN", runs.FilesOf("RUN"), onlyLooks: true);

    // A fault is returned as a state: it does not end the plan.
    private static async Task<IReadOnlyList<StepPreview>> SeenAsync(IPreviewedStep step, CancellationToken ct)
    {
        try
        {
            return await step.PreviewAsync(ct);
        }
        catch (FaultException e)
        {
            return [new("not seen before the run", $"{e.Fault.What}: {e.Fault.Why} [{e.Fault.Code}]")];
        }
    }

    /// <returns>How the run ended. A fault is in the journal and in the events; it is not thrown.</returns>
    /// <param name="started">Called with the run's id before anything is done.</param>
    /// <exception cref="FaultException">The run could not begin: no journal, or another run has the target.</exception>
    public async Task<RunOutcome> StartAsync(Action<string> started, IProgress<StepEvent> face, CancellationToken ct)
    {
        using var targetLock = runs.LockTarget($"{parts.Target}");
        RequireNothingLeftFrozen();
        using var journal = runs.Create(parts.Clock);
        journal.Append(new RunStarted(parts.Clock.GetUtcNow(), journal.RunId, Version, parts.Settings));
        started(journal.RunId);
        return await GoAsync(journal, face, ct);
    }

    /// <param name="started">Called with the run's id when this process has the run alone, before anything is
    /// done.</param>
    /// <inheritdoc cref="StartAsync"/>
    public async Task<RunOutcome> ResumeAsync(
        string runId, Action<string> started, IProgress<StepEvent> face, CancellationToken ct)
    {
        using var targetLock = runs.LockTarget($"{parts.Target}");
        using var journal = runs.Open(runId, parts.Clock);
        journal.Append(new RunResumed(parts.Clock.GetUtcNow(), parts.Settings));
        started(runId);
        return await GoAsync(journal, face, ct);
    }

    /// <summary>What a rollback would restore, a clause each. Asks the source and Heroku.</summary>
    public async Task<IReadOnlyList<string>> FindLeftAsync(RunStory story, CancellationToken ct)
    {
        var memory = VolatileMemory.Of(story);
        await using var plan = new PlannedRun(parts, memory, story.RunId, runs.FilesOf(story.RunId), onlyLooks: true);
        return await plan.FindLeftAsync(ct);
    }

    // A run that died may have left source and app frozen, and remembers their former state. A new run would take the
    // frozen state for the normal one, and leave everything frozen at its end.
    private void RequireNothingLeftFrozen()
    {
        foreach (var runId in runs.RunIds())
        {
            var story = runs.Tell(runId);
            var isSame = story.Recall(RunStory.SourceKey) == parts.Source.ToString()
                || story.Recall(RunStory.TargetKey) == parts.Target.ToString();
            if (isSame && FreezeStep.IsLeft(story.Memory.Keys)
                && story.Outcome is RunOutcome.Open or RunOutcome.NeedsAPerson)
                throw new FaultException(MigrationFaults.LeftFrozen(runId));
        }
    }

    private async Task<RunOutcome> GoAsync(IRunJournal journal, IProgress<StepEvent> face, CancellationToken ct)
    {
        journal.Remember(RunStory.SourceKey, parts.Source.ToString());
        journal.Remember(RunStory.TargetKey, parts.Target.ToString());
        await using var plan = new PlannedRun(parts, journal, journal.RunId, runs.FilesOf(journal.RunId));
        var recorder = new Recorder(journal, parts.Clock, face);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            // After the cut-over began, the step that takes the target's lock does not run again.
            if (RunUndoing.HasBegunToCutOver(journal.Recall) && await plan.Locks.TakeBothAsync(ct) is { } taken)
                throw new FaultException(taken);
            plan.Locks.Watch(stop);
            await new Runner(parts.Clock, recorder, plan.Locks).RunAsync(StepsToTake(plan, journal), stop.Token);
            return recorder.End(parts.Settings.Rehearsal is null ? RunOutcome.Proven : RunOutcome.Rehearsed);
        }
        catch (Exception e)
        {
            // Also for exceptions that no room foresaw: whatever ended the run, its changes are rolled back.
            var fault = e is FaultException known
                ? known.Fault
                : PipelineFaults.Unexpected(recorder.Current ?? "start", Unforeseen.Of(e));
            return recorder.End(await FailAsync(plan, journal, recorder, fault));
        }
    }

    // After the cut-over the applications write to the target. Another freeze, dump and restore would lose those
    // writes, and a comparison would report them. So a resume runs only the steps from the cut-over on.
    private static IEnumerable<IStep> StepsToTake(PlannedRun plan, IRunJournal journal) =>
        RunUndoing.HasBegunToCutOver(journal.Recall)
            ? plan.Steps.SkipWhile(step => !step.Traits.HasFlag(StepTraits.PointOfNoReturn)) : plan.Steps;

    private async Task<RunOutcome> FailAsync(
        PlannedRun plan, IRunJournal journal, Recorder recorder, Fault fault)
    {
        if (RunUndoing.HasCutOver(journal.Recall))
            return RunOutcome.NeedsAPerson;
        // Another run works on the database, and may rely on the state that this run left.
        if (!plan.IsRehearsal && fault.Code is "run.locked" or "load.target_locked" or "run.lock_lost")
            return FreezeStep.IsLeft(journal.RememberedKeys) ? RunOutcome.NeedsAPerson : RunOutcome.Refused;
        var undoing = new RunUndoing(parts, plan, journal, recorder);
        if (!await MayUndoAsync(undoing, plan, journal))
            return RunOutcome.NeedsAPerson;
        // Not the run's own token: its cancellation may have ended the run.
        if (!await undoing.UndoAsync(new Runner(parts.Clock, recorder, plan.Locks), CancellationToken.None))
            return RunOutcome.NeedsAPerson;
        if (plan.IsRehearsal && VerifyStep.IsDifference(fault))
            return RunOutcome.RehearsalDiffers;
        return !recorder.HasPutBack && plan.IsBeforeFirstChange(recorder.Current)
            && fault.Kind is FaultKind.Refused or FaultKind.Usage
            ? RunOutcome.Refused : RunOutcome.FailedAndUndone;
    }

    // The switch may have failed between two parts. An app switched without being stopped may then have written to the
    // target.
    private static async Task<bool> MayUndoAsync(RunUndoing undoing, PlannedRun plan, IRunJournal journal)
    {
        if (!RunUndoing.HasBegunToCutOver(journal.Recall) || !plan.SwitchesRunningApps)
            return true;
        try
        {
            await undoing.RequireNothingWrittenAsync(
                $"What was switched stays so. {plan.AppsNow(isOver: false, journal.RunId)}", CancellationToken.None);
            return true;
        }
        catch (FaultException)
        {
            // The journal has it as the fault of that step.
            return false;
        }
    }
}

/// <param name="UndoIntent">Null: the step has nothing to undo.</param>
public sealed record PlannedStep(string Name, string Intent, string? UndoIntent)
{
    [JsonIgnore]
    public StepTraits Traits { get; init; }
}
