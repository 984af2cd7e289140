using Godwit.Cutover.Switch;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.Migration;

/// <summary>How what a run changed is put back, and whether it may be: the same for a run that fails and for a
/// rollback.</summary>
internal sealed class RunUndoing(
    MigrationParts parts, PlannedRun plan, IRunJournal journal, Recorder recorder)
{
    /// <summary>Some application may be on the target already, and write there.</summary>
    /// <param name="recall">What the run remembers.</param>
    public static bool HasBegunToCutOver(Func<string, string?> recall) =>
        HasCutOver(recall) || recall(SwitchStep.BegunKey.Name) is not null;

    /// <summary>All of them are.</summary>
    public static bool HasCutOver(Func<string, string?> recall) => recall(RunStory.CutOverKey.Name) is not null;

    /// <summary>The apps are out of service while it is looked, or what is found would not stay so; and they stay
    /// so.</summary>
    /// <param name="now">What is so when something was written, for a person: sentences.</param>
    /// <exception cref="FaultException">Something was, or it could not be found out.</exception>
    public Task RequireNothingWrittenAsync(string now, CancellationToken ct) =>
        new Runner(parts.Clock, recorder).RunAsync(
            plan.StepsBeforeGoingBack(lost =>
                MigrationFaults.WrittenSince(journal.RunId, parts.Target.Confirmation, lost, now)), ct);

    /// <summary>First the cut-over: while the applications may still be on the target, the source must not take writes
    /// again, or both would. Every step is undone, not only those of this attempt: a resume may fail before the step at
    /// which the attempt before it died.</summary>
    /// <returns>True when everything is as it was.</returns>
    public async Task<bool> UndoAsync(Runner runner, CancellationToken ct)
    {
        journal.IsUndoing = true;
        if (!await runner.UndoAsync(plan.Steps.Where(step => step.Traits.HasFlag(StepTraits.PointOfNoReturn)), ct))
            return false;
        // Before the source takes writes again: from then on both sides differ, and that is nothing that would be lost.
        journal.Remember(RunStory.CutOverKey, null);
        return await runner.UndoAsync(plan.Steps.Where(step => !step.Traits.HasFlag(StepTraits.PointOfNoReturn)), ct)
            && !journal.HasLost;
    }
}
