using Godwit.Cutover.Switch;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.Migration;

/// <summary>Undoes what a run changed, and checks whether that is allowed. For runs that fail and for
/// rollbacks.</summary>
internal sealed class RunUndoing(
    MigrationParts parts, PlannedRun plan, IRunJournal journal, Recorder recorder)
{
    /// <summary>An application may be on the target already, and write there.</summary>
    public static bool HasBegunToCutOver(Func<string, string?> recall) =>
        HasCutOver(recall) || recall(SwitchStep.BegunKey.Name) is not null;

    /// <summary>All applications are on the target.</summary>
    public static bool HasCutOver(Func<string, string?> recall) => recall(RunStory.CutOverKey.Name) is not null;

    /// <summary>Stops the apps before it compares, so that the result stays true. The apps stay stopped.</summary>
    /// <param name="now">The apps' state, for the fault: sentences.</param>
    /// <exception cref="FaultException">Something was written, or that is unknown.</exception>
    public Task RequireNothingWrittenAsync(string now, CancellationToken ct) =>
        new Runner(parts.Clock, recorder).RunAsync(
            plan.StepsBeforeGoingBack(lost =>
                MigrationFaults.WrittenSince(journal.RunId, parts.Target.Confirmation, lost, now)), ct);

    /// <summary>Undoes the cut-over first: while applications may still be on the target, the source must not accept
    /// writes again, or both would. Undoes every step, not only those of this attempt: a resume may fail before the
    /// step at which the attempt before it died.</summary>
    /// <returns>True when everything is as before the run.</returns>
    public async Task<bool> UndoAsync(Runner runner, CancellationToken ct)
    {
        journal.IsUndoing = true;
        if (!await runner.UndoAsync(plan.Steps.Where(step => step.Traits.HasFlag(StepTraits.PointOfNoReturn)), ct))
            return false;
        // Before the source accepts writes again: from then on both sides differ, and a difference is no lost write.
        journal.Remember(RunStory.CutOverKey, null);
        return await runner.UndoAsync(plan.Steps.Where(step => !step.Traits.HasFlag(StepTraits.PointOfNoReturn)), ct)
            && !journal.HasLost;
    }
}
