using Godwit.Copy;
using Godwit.Cutover.Freeze;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Migration.CleanUp;

/// <summary>Which runs may be cleaned up after: those that need nothing more for a resume or a rollback.</summary>
public static class CleanUpRule
{
    /// <returns>Why nothing of the run may be removed; null: it may.</returns>
    public static Fault? WhyNot(RunStory story) =>
        // After a proven cut-over the source stays read-only on purpose.
        story.Outcome == RunOutcome.Proven ? null
        : IsOver(story) && IsUnfinished(story) ? MigrationFaults.CutOverBehind(story.RunId)
        : FreezeStep.IsLeft(story.Memory.Keys) && !IsOver(story) ? MigrationFaults.LeftFrozenBehind(story.RunId)
        : IsUnfinished(story) ? MigrationFaults.Unfinished(story.RunId)
        : null;

    /// <summary>A user who names such a run wants it rolled back; then nothing of it is needed any more.</summary>
    public static bool MayRollBack(RunStory story) => story.Outcome != RunOutcome.Proven && !IsOver(story);

    /// <summary>The run's rollback could not remove what the run had copied. Another rollback tries again.</summary>
    public static bool HasLeftCopy(RunStory story) =>
        story.Settings.Rehearsal is null && MayRollBack(story) && CopyStep.MayBeLeft(story.Memory);

    private static bool IsUnfinished(RunStory story) => story.Outcome is RunOutcome.Open or RunOutcome.NeedsAPerson;

    private static bool IsOver(RunStory story) => RunUndoing.HasBegunToCutOver(story.Memory.GetValueOrDefault);
}
