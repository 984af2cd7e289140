using System.Reflection;
using Godwit.Assess;
using Godwit.Cutover.Freeze;
using Godwit.Cutover.Switch;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Pipeline;
using Godwit.Verify;

namespace Godwit.Migration;

/// <summary>One run, from its start or from where it stopped.</summary>
public sealed class MigrationRun(MigrationParts parts, RunFolder folder)
{
    public static string Version { get; } =
        typeof(MigrationRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>What would be done, from looking at nothing but the wishes.</summary>
    public async Task<IReadOnlyList<PlannedStep>> PlanAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var route = new BackupRoute(parts, new VolatileMemory(), "RUN", folder.PathOf("RUN"), onlyLooks: true);
        return [.. route.Steps.Select(step => new PlannedStep(step.Name, step.Intent, (step as IUndoableStep)?.UndoIntent))];
    }

    /// <summary>What a rollback does, in its order, as far as there is something to put back.</summary>
    public async Task<IReadOnlyList<PlannedStep>> PlanBackAsync(string runId, RollbackWish wish, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var memory = RunTeller.Tell(folder, runId).Memory;
        await using var route = new BackupRoute(parts, new VolatileMemory(), runId, folder.PathOf(runId), onlyLooks: true);
        var looks = HasBegunToCutOver(memory.GetValueOrDefault) && !wish.LosesWrites ? route.StepsBeforeGoingBack(lost => MigrationFaults.WrittenSince(runId, parts.Target.App, lost, "")) : [];
        return
        [
            .. looks.Select(step => new PlannedStep(step.Name, step.Intent, UndoIntent: null)),
            .. route.Steps.OfType<IUndoableStep>().Reverse().Concat(wish.DropsTarget ? [route.DropStep] : [])
                .Select(step => new PlannedStep(step.Name, step.UndoIntent, UndoIntent: null)),
        ];
    }

    /// <summary>Looks at source, store and target as the run would first do, and changes nothing.</summary>
    /// <exception cref="FaultException">A blocker.</exception>
    /// <returns>How long writes will be stopped, as far as that can be measured before: in words, as a clause. Null: nobody can tell, as for a small database.</returns>
    public async Task<string?> AssessAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var memory = new VolatileMemory();
        await using var route = new BackupRoute(parts, memory, "RUN", folder.PathOf("RUN"), onlyLooks: true);
        await new Runner(parts.Clock, progress).RunAsync(route.Steps.Take(1), ct);
        return memory.Recall(AssessStep.FrozenEstimateKey);
    }

    /// <returns>The run's id and how it ended. A fault is in the journal and in the events; it is not thrown.</returns>
    /// <param name="started">Told the id before anything is done.</param>
    /// <exception cref="FaultException">The run could not even begin: no journal, or the target is taken.</exception>
    public async Task<RunOutcome> StartAsync(Action<string> started, IProgress<StepEvent> face, CancellationToken ct)
    {
        using var targetLock = folder.LockTarget(parts.Settings.To);
        RequireNothingLeftFrozen();
        var (runId, path) = folder.Create(parts.Clock.GetUtcNow());
        using var journal = RunJournal.Open(path, parts.Clock);
        journal.Append(new RunStarted(parts.Clock.GetUtcNow(), runId, Version, parts.Settings));
        started(runId);
        return await GoAsync(runId, journal, face, ct);
    }

    public async Task<RunOutcome> ResumeAsync(string runId, IProgress<StepEvent> face, CancellationToken ct)
    {
        using var targetLock = folder.LockTarget(parts.Settings.To);
        using var journal = RunJournal.Open(folder.JournalOf(runId), parts.Clock);
        journal.Append(new RunResumed(parts.Clock.GetUtcNow(), parts.Settings));
        return await GoAsync(runId, journal, face, ct);
    }

    /// <summary>Puts back everything the run changed, wherever it stands. After the cut-over only when nothing would be lost, unless the wish says otherwise.</summary>
    /// <exception cref="FaultException">It was not begun, or nothing was put back: another run works on the same databases, or the new database was written to.</exception>
    public async Task<RunOutcome> RollBackAsync(string runId, RollbackWish wish, IProgress<StepEvent> face, CancellationToken ct)
    {
        using var targetLock = folder.LockTarget(parts.Settings.To);
        using var journal = RunJournal.Open(folder.JournalOf(runId), parts.Clock);
        var before = RunTeller.Tell(folder, runId).Outcome;
        await using var route = new BackupRoute(parts, journal, runId, folder.PathOf(runId));
        if (await route.Locks.TakeBothAsync(ct) is { } taken)
            throw new FaultException(taken);
        journal.Append(new RollbackStarted(parts.Clock.GetUtcNow()));
        var recorder = new Recorder(journal, parts.Clock, face);
        if (HasBegunToCutOver(journal))
        {
            if (!wish.LosesWrites && (HasCutOver(journal) || route.SwitchesRunningApps))
                await RequireNothingWrittenAsync(runId, route, recorder, HasCutOver(journal), () => End(journal, before), ct);
            // What the applications wrote to the target since the cut-over must not be emptied by a later resume without a new consent.
            journal.Remember(TargetStep.ClaimKey, null);
        }

        var runner = new Runner(parts.Clock, recorder);
        var isBack = await UndoAsync(route, runner, journal, ct) && (!wish.DropsTarget || await runner.UndoAsync([route.DropStep], ct));
        return End(journal, isBack ? RunOutcome.RolledBack : RunOutcome.NeedsAPerson);
    }

    /// <summary>The apps are out of service while it is looked, or what is found would not stay so; and in service again when the answer is no.</summary>
    /// <param name="isOver">All of them are on the new database. Between two of them, they are out of service still, and stay so.</param>
    private async Task RequireNothingWrittenAsync(string runId, BackupRoute route, Recorder recorder, bool isOver, Action endAsBefore, CancellationToken ct)
    {
        var app = parts.Target.App;
        var now = isOver ? $"{app} is back in service on the new database." : $"{app} is still out of service. To finish the switch: godwit resume {runId}.";
        try
        {
            await new Runner(parts.Clock, recorder).RunAsync(route.StepsBeforeGoingBack(lost => MigrationFaults.WrittenSince(runId, app, lost, now)), ct);
        }
        catch (FaultException e)
        {
            // Not the run's own token: that one may be what stopped it.
            if (isOver)
                await route.GoOnAsync(CancellationToken.None);
            endAsBefore();
            if (e.Fault.Code is "run.written_since" or "run.cancelled")
                throw;
            throw new FaultException(MigrationFaults.NotComparable(runId, app, e.Fault), e);
        }
    }

    /// <summary>What the run left changed, and what a rollback would put back: asked from source and Heroku, in a clause each.</summary>
    public async Task<IReadOnlyList<string>> FindLeftAsync(RunStory story, CancellationToken ct)
    {
        var memory = new VolatileMemory();
        foreach (var (key, value) in story.Memory)
            memory.Remember(key, value);
        await using var route = new BackupRoute(parts, memory, story.RunId, folder.PathOf(story.RunId), onlyLooks: true);
        return await route.FindLeftAsync(ct);
    }

    /// <summary>A run that died has the source and the app frozen, and remembers what was before. A new run would take the frozen state
    /// for what was before, and leave everything frozen at its end.</summary>
    private void RequireNothingLeftFrozen()
    {
        foreach (var runId in folder.RunIds())
        {
            var story = RunTeller.Tell(folder, runId);
            var isSame = story.Memory.GetValueOrDefault(RunStory.SourceKey) == parts.Source.ToString()
                || story.Memory.GetValueOrDefault(RunStory.TargetKey) == parts.Target.ToString();
            if (isSame && FreezeStep.IsLeft(story.Memory.Keys) && story.Outcome is RunOutcome.Open or RunOutcome.NeedsAPerson)
                throw new FaultException(MigrationFaults.LeftFrozen(runId));
        }
    }

    /// <summary>First the cut-over: while the applications may still be on the target, the source must not take writes again, or both would.
    /// Every step is undone, not only those of this attempt: a resume may fail before the step at which the attempt before it died.</summary>
    private static async Task<bool> UndoAsync(BackupRoute route, Runner runner, RunJournal journal, CancellationToken ct)
    {
        journal.IsUndoing = true;
        if (!await runner.UndoAsync(route.Steps.Where(step => step.Name == BackupRoute.PointOfNoReturn), ct))
            return false;
        // Before the source takes writes again: from then on both sides differ, and that is nothing that would be lost.
        journal.Remember(RunStory.CutOverKey, null);
        return await runner.UndoAsync(route.Steps.Where(step => step.Name != BackupRoute.PointOfNoReturn), ct)
            && !journal.HasLost;
    }

    private async Task<RunOutcome> GoAsync(string runId, RunJournal journal, IProgress<StepEvent> face, CancellationToken ct)
    {
        journal.Remember(RunStory.SourceKey, parts.Source.ToString());
        journal.Remember(RunStory.TargetKey, parts.Target.ToString());
        await using var route = new BackupRoute(parts, journal, runId, folder.PathOf(runId));
        var recorder = new Recorder(journal, parts.Clock, face);
        var runner = new Runner(parts.Clock, recorder, route.Locks);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            // The step that takes the target's lock is not taken again behind the cut-over.
            if (HasBegunToCutOver(journal) && await route.Locks.TakeBothAsync(ct) is { } taken)
                throw new FaultException(taken);
            route.Locks.Watch(stop);
            await runner.RunAsync(StepsToTake(route, journal), stop.Token);
            return End(journal, parts.Settings.Rehearsal is null ? RunOutcome.Proven : RunOutcome.Rehearsed);
        }
        catch (Exception e)
        {
            // Also what no room foresaw: whatever ended the run, what it changed is put back.
            var fault = e is FaultException known
                ? known.Fault
                : PipelineFaults.Unexpected(recorder.Current ?? "start", e.GetType().Name, Redactor.Clean(e.Message));
            return End(journal, await FailAsync(runId, route, journal, runner, recorder, fault));
        }
    }

    /// <summary>After the cut-over the applications write into the target. To freeze, dump and restore again would lose what they wrote,
    /// and to compare would find it: a resume only finishes what is behind the cut-over.</summary>
    private static IEnumerable<IStep> StepsToTake(BackupRoute route, RunJournal journal) =>
        HasBegunToCutOver(journal) ? route.Steps.SkipWhile(step => step.Name != BackupRoute.PointOfNoReturn) : route.Steps;

    /// <summary>Some application may be on the target already, and write there.</summary>
    private static bool HasBegunToCutOver(RunJournal journal) => HasBegunToCutOver(journal.Recall);

    private static bool HasBegunToCutOver(Func<string, string?> recall) => recall(RunStory.CutOverKey) is not null || recall(SwitchStep.BegunKey) is not null;

    private static bool HasCutOver(RunJournal journal) => journal.Recall(RunStory.CutOverKey) is not null;

    private async Task<RunOutcome> FailAsync(string runId, BackupRoute route, RunJournal journal, Runner runner, Recorder recorder, Fault fault)
    {
        if (HasCutOver(journal))
            return RunOutcome.NeedsAPerson;
        // Another run works there: what is as this one left it may be what that one builds upon.
        if (!route.IsRehearsal && fault.Code is "run.locked" or "load.target_locked" or "run.lock_lost")
            return FreezeStep.IsLeft(journal.RememberedKeys) ? RunOutcome.NeedsAPerson : RunOutcome.Refused;
        if (!await MayUndoAsync(runId, route, journal, recorder))
            return RunOutcome.NeedsAPerson;
        // Not the run's own token: that one may be what stopped it.
        if (!await UndoAsync(route, runner, journal, CancellationToken.None))
            return RunOutcome.NeedsAPerson;
        if (route.IsRehearsal && VerifyStep.IsDifference(fault))
            return RunOutcome.RehearsalDiffers;
        var names = route.Steps.Select(step => step.Name).ToList();
        var isBeforeAnyChange = !recorder.HasPutBack && names.IndexOf(recorder.Current ?? "") < names.IndexOf(route.IsRehearsal ? TargetStep.StepName : BackupRoute.FirstChange);
        return isBeforeAnyChange && fault.Kind is FaultKind.Refused or FaultKind.Usage ? RunOutcome.Refused : RunOutcome.FailedAndUndone;
    }

    /// <summary>Failed between two parts of the switch: an app that was switched and never stopped may have written into the target already.</summary>
    private async Task<bool> MayUndoAsync(string runId, BackupRoute route, RunJournal journal, Recorder recorder)
    {
        if (!HasBegunToCutOver(journal) || !route.SwitchesRunningApps)
            return true;
        try
        {
            var now = $"What was switched stays so. To finish the switch: godwit resume {runId}.";
            await new Runner(parts.Clock, recorder).RunAsync(
                route.StepsBeforeGoingBack(lost => MigrationFaults.WrittenSince(runId, parts.Target.App, lost, now)), CancellationToken.None);
            return true;
        }
        catch (FaultException)
        {
            // It is in the journal as the fault of that step.
            return false;
        }
    }

    private RunOutcome End(RunJournal journal, RunOutcome outcome)
    {
        journal.Append(new RunEnded(parts.Clock.GetUtcNow(), outcome));
        return outcome;
    }

    /// <summary>Writes every fact that a later look needs, then shows it. Bytes on their way are only shown: they would fill the disk.</summary>
    private sealed class Recorder(RunJournal journal, TimeProvider clock, IProgress<StepEvent> face) : IProgress<StepEvent>
    {
        public string? Current { get; private set; }

        public bool HasPutBack { get; private set; }

        public void Report(StepEvent value)
        {
            if (value is StepStarted)
                Current = value.Step;
            if (value is not BytesMoved)
                journal.Append(new Happened(clock.GetUtcNow(), value));
            if (value is StepDone { Step: BackupRoute.PointOfNoReturn })
                journal.Remember(RunStory.CutOverKey, "done");
            HasPutBack |= value is StepUndone;
            try
            {
                face.Report(value);
            }
            catch (IOException)
            {
                // A closed terminal or pipe: what happened is in the journal, and the run does not depend on being watched.
            }
        }
    }
}

/// <param name="UndoIntent">Null: nothing of it has to be undone.</param>
public sealed record PlannedStep(string Name, string Intent, string? UndoIntent);

/// <summary>How far back.</summary>
/// <param name="LosesWrites">Behind the cut-over: without looking whether the new database was written to.</param>
/// <param name="DropsTarget">The add-on and the app that the run made are destroyed.</param>
public sealed record RollbackWish(bool LosesWrites, bool DropsTarget);
