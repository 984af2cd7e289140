using Godwit.Cutover.Freeze;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Migration.CleanUp;

/// <summary>Which runs may be cleaned up after: those that need nothing any more, neither to go on nor to go back.</summary>
public static class CleanUpRule
{
    /// <returns>Why nothing of the run may be removed; null: it may.</returns>
    public static Fault? WhyNot(RunStory story)
    {
        // After a proven cut-over the source stays read-only on purpose.
        var isFrozen = story.Outcome != RunOutcome.Proven && !story.Memory.ContainsKey(RunStory.CutOverKey)
            && FreezeStep.IsLeft(story.Memory.Keys);
        return isFrozen ? MigrationFaults.LeftFrozenBehind(story.RunId)
            : story.Outcome is RunOutcome.Open or RunOutcome.NeedsAPerson ? MigrationFaults.Unfinished(story.RunId)
            : null;
    }
}
