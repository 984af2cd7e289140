using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Targets;

namespace Godwit.Migration;

/// <summary>Rolls back everything a run changed, wherever the run stopped. After the cut-over only if nothing would be
/// lost, unless the request says otherwise.</summary>
public sealed class Rollback(MigrationParts parts, IRunStore runs)
{
    /// <summary>The rollback's steps in order. A step without anything to undo is skipped.</summary>
    public async Task<IReadOnlyList<PlannedStep>> PlanAsync(string runId, RollbackRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var memory = runs.Tell(runId).Memory;
        await using var plan = new PlannedRun(
            parts, new VolatileMemory(), runId, runs.FilesOf(runId), onlyLooks: true);
        var looks = RunUndoing.HasBegunToCutOver(memory.GetValueOrDefault) && !request.LosesWrites
            ? plan.StepsBeforeGoingBack(lost =>
                MigrationFaults.WrittenSince(runId, parts.Target.Confirmation, lost, "")) : [];
        return
        [
            .. looks.Select(step => new PlannedStep(step.Name, step.Intent, UndoIntent: null)),
            .. plan.Steps.OfType<IUndoableStep>().Reverse().Concat(request.DropsTarget ? [plan.DropStep] : [])
                .Select(step => new PlannedStep(step.Name, step.UndoIntent, UndoIntent: null)),
        ];
    }

    /// <returns>A fault of a step's undo is not thrown: it is in the journal and in the events.</returns>
    /// <exception cref="FaultException">Nothing was rolled back: another run works on the same databases, or the new
    /// database was written to.</exception>
    public async Task<RunOutcome> RunAsync(
        string runId, RollbackRequest request, IProgress<StepEvent> face, CancellationToken ct)
    {
        using var targetLock = runs.LockTarget($"{parts.Target}");
        using var journal = runs.Open(runId, parts.Clock);
        var before = runs.Tell(runId).Outcome;
        await using var plan = new PlannedRun(parts, journal, runId, runs.FilesOf(runId));
        if (await plan.Locks.TakeBothAsync(ct) is { } taken)
            throw new FaultException(taken);
        journal.Append(new RollbackStarted(parts.Clock.GetUtcNow(), request.DropsTarget));
        var recorder = new Recorder(journal, parts.Clock, face);
        var undoing = new RunUndoing(parts, plan, journal, recorder);
        if (RunUndoing.HasBegunToCutOver(journal.Recall))
        {
            var isOver = RunUndoing.HasCutOver(journal.Recall);
            if (!request.LosesWrites && (isOver || plan.SwitchesRunningApps))
                await RequireNothingWrittenAsync(runId, undoing, plan, isOver, () => recorder.End(before), ct);
            // The target holds what the applications wrote since the cut-over: a later resume needs a new consent to
            // empty it.
            TargetGuard.HandOver(journal);
        }

        var runner = new Runner(parts.Clock, recorder);
        var isBack = await undoing.UndoAsync(runner, ct)
            && (!request.DropsTarget || await runner.UndoAsync([plan.DropStep], ct));
        return recorder.End(isBack ? RunOutcome.RolledBack : RunOutcome.NeedsAPerson);
    }

    /// <summary>If the rollback is refused, the apps that were stopped for the comparison are restored.</summary>
    /// <param name="isOver">All apps are on the new database. False: the switch ended between two apps, and the apps
    /// stay out of service.</param>
    private async Task RequireNothingWrittenAsync(
        string runId, RunUndoing undoing, PlannedRun plan, bool isOver, Action endAsBefore, CancellationToken ct)
    {
        var now = plan.AppsNow(isOver, runId);
        try
        {
            await undoing.RequireNothingWrittenAsync(now, ct);
        }
        catch (FaultException e)
        {
            // Not the run's own token: its cancellation may have ended the comparison.
            if (isOver)
                await plan.ThawAsync(CancellationToken.None);
            endAsBefore();
            if (e.Fault.Code is "run.written_since" or "run.cancelled")
                throw;
            throw new FaultException(MigrationFaults.NotComparable(runId, parts.Target.Confirmation, e.Fault), e);
        }
    }
}

/// <summary>How far to roll back.</summary>
/// <param name="LosesWrites">After the cut-over: does not check whether the new database was written to.</param>
/// <param name="DropsTarget">Destroys the add-on and the app that the run made.</param>
public sealed record RollbackRequest(bool LosesWrites, bool DropsTarget);
