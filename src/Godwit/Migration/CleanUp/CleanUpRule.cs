using Godwit.Copy;
using Godwit.Cutover.Freeze;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Migration.CleanUp;

/// <summary>Which runs may be cleaned up after: those that need nothing any more, neither to go on nor to go
/// back.</summary>
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

    /// <summary>Whoever names such a run wants it put back: then nothing of it is needed any more.</summary>
    public static bool MayGoBack(RunStory story) => story.Outcome != RunOutcome.Proven && !IsOver(story);

    /// <summary>Its way back could not take away what it had copied: that is tried again by going back once
    /// more.</summary>
    public static bool HasLeftCopy(RunStory story) =>
        story.Settings.Rehearsal is null && MayGoBack(story) && CopyStep.MayBeLeft(story.Memory);

    private static bool IsUnfinished(RunStory story) => story.Outcome is RunOutcome.Open or RunOutcome.NeedsAPerson;

    private static bool IsOver(RunStory story) => RunUndoing.HasBegunToCutOver(story.Memory.GetValueOrDefault);
}
