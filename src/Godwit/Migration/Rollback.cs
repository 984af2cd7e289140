using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Targets;

namespace Godwit.Migration;

/// <summary>Puts back everything a run changed, wherever it stands. Behind the cut-over only when nothing would be
/// lost, unless the request says otherwise.</summary>
public sealed class Rollback(MigrationParts parts, IRunStore runs)
{
    /// <summary>What it does, in its order, as far as there is something to put back.</summary>
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

    /// <returns>How it ended. A fault of what could not be put back is in the journal and in the events; it is not
    /// thrown.</returns>
    /// <exception cref="FaultException">It was not begun, or nothing was put back: another run works on the same
    /// databases, or the new database was written to.</exception>
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
            // What the applications wrote to the target since the cut-over must not be emptied by a later resume
            // without a new consent.
            TargetGuard.HandOver(journal);
        }

        var runner = new Runner(parts.Clock, recorder);
        var isBack = await undoing.UndoAsync(runner, ct)
            && (!request.DropsTarget || await runner.UndoAsync([plan.DropStep], ct));
        return recorder.End(isBack ? RunOutcome.RolledBack : RunOutcome.NeedsAPerson);
    }

    /// <summary>The apps that were stopped for the look are in service again when the answer is no.</summary>
    /// <param name="isOver">All of them are on the new database. Between two of them, they are out of service still,
    /// and stay so.</param>
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
            // Not the run's own token: that one may be what stopped it.
            if (isOver)
                await plan.GoOnAsync(CancellationToken.None);
            endAsBefore();
            if (e.Fault.Code is "run.written_since" or "run.cancelled")
                throw;
            throw new FaultException(MigrationFaults.NotComparable(runId, parts.Target.Confirmation, e.Fault), e);
        }
    }
}

/// <summary>How far back.</summary>
/// <param name="LosesWrites">Behind the cut-over: without looking whether the new database was written to.</param>
/// <param name="DropsTarget">The add-on and the app that the run made are destroyed.</param>
public sealed record RollbackRequest(bool LosesWrites, bool DropsTarget);
