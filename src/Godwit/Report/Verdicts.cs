using Godwit.Journal;
using Godwit.Proof;

namespace Godwit.Report;

/// <summary>The sentence at the top. It claims only what was proven.</summary>
internal static class Verdicts
{
    public const string AfterTheMove = "What is left to do after the move";

    public static string Badge(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Proven => "Proven",
        RunOutcome.Refused => "Refused",
        RunOutcome.FailedAndUndone => "Failed and undone",
        RunOutcome.NeedsAPerson => "Needs a person",
        RunOutcome.RolledBack => "Rolled back",
        RunOutcome.Rehearsed => "Rehearsed",
        RunOutcome.RehearsalDiffers => "Differs",
        _ => "Not finished",
    };

    public static (string Verdict, string? Because) Of(
        RunStory story, Comparison comparison, Verdict? proof, Place from, Place to) => story.Outcome switch
        {
            RunOutcome.Rehearsed =>
                ($"The rehearsal is complete: the copy holds {Held(comparison)} of {from.Name}.",
                    "Nothing was frozen or switched, and what was made for it is removed again."),
            RunOutcome.RehearsalDiffers =>
                ($"The rehearsal is complete, but the copy is not proven equal to {from.Name}.", Why(story)),
            RunOutcome.FailedAndUndone when story.Settings.Rehearsal is not null =>
                ($"The rehearsal failed{At(story)}. "
                    + "Nothing was frozen or switched, and what was made for it is removed again.", Why(story)),
            RunOutcome.RolledBack when story.Settings.Rehearsal is not null =>
                ("What was made for the rehearsal is removed.", null),
            RunOutcome.Proven => Proven(comparison, proof, from, to),
            RunOutcome.Refused => (Refused(story), Why(story)),
            RunOutcome.FailedAndUndone => story.Steps.Any(step => step.UndoResult is not null)
                ? ($"The migration failed{At(story)}, and everything Godwit had changed was put back.", Why(story))
                : ($"The migration failed{At(story)}, before anything was changed that would have to be put back.",
                    Why(story)),
            RunOutcome.NeedsAPerson => NeedsAPerson(story, comparison),
            RunOutcome.RolledBack when story.Steps.All(step => step.UndoResult is null) =>
                ("The migration was rolled back, as asked. Nothing had to be put back.", null),
            RunOutcome.RolledBack =>
                ("The migration was rolled back, as asked: everything Godwit had changed was put back.", null),
            _ => ("This run has not ended: it is at work, or its process has died. "
                + $"Its last sign of life was at {Words.Clock(story.LastLineAt)}.", Why(story)),
        };

    private static (string, string?) Proven(Comparison comparison, Verdict? proof, Place from, Place to)
    {
        if (comparison.IsProof)
        {
            return ($"{to.Name} holds {Held(comparison)} of {from.Name}.",
                $"{How(proof)}. Each step names its evidence.");
        }

        if (comparison.Compared == 0)
            return ($"Every step from {from.Name} to {to.Name} is done.",
                "No tables were compared, so the rows are not proven equal.");
        return ($"Every step is done, but {Words.Number(comparison.Different)} of "
            + $"{Words.Count(comparison.Compared, "comparison")} "
            + $"between {from.Name} and {to.Name} differ.", "The comparison lists the differences first.");
    }

    private static string How(Verdict? proof) => proof is null or { Level: VerifyLevel.Counts }
        ? "The rows of every table were counted on both sides"
        : $"Godwit compared {ProofWords.Level(proof)}" + (proof.Overall == Overall.Proven ? ""
            : "; exceptions are listed");

    private static string Held(Comparison comparison)
    {
        var others = comparison.Items.Where(item => !item.IsTable && item.SourceRows > 0)
            .Select(item => item.SourceRows == 1
                ? $"1 {Plain(item).TrimEnd('s')}" : $"{Words.Number(item.SourceRows)} {Plain(item)}");
        // For a materialized view fresher than the source's, the target's rows count.
        List<string> held = [Words.Count(comparison.Tables, "table"),
            Words.Count(comparison.TargetRows, "row"), .. others];
        return $"{(comparison.Tables == 1 ? "" : "all ")}{string.Join(", ", held[..^1])} and {held[^1]}";
    }

    /// <summary>Without the parentheses that mark it as no table.</summary>
    public static string Plain(ComparedItem item) => item.IsTable ? item.Name : item.Name.Trim('(', ')');

    private static string Refused(RunStory story) => story.Recall(RunStory.OrderedKey) is { } ordered
        ? $"Godwit stopped{At(story)}. Source and app are as they were; "
            + $"the database {ordered}, which it had ordered, stays, and a resume uses it."
        : $"Godwit stopped{At(story)}, before it changed anything.";

    private static (string, string?) NeedsAPerson(RunStory story, Comparison comparison)
    {
        var left = story.Steps.Where(step => step.UndoFault is not null).Select(step => $"“{step.Name}”").ToList();
        if (left.Count > 0)
        {
            var where = $"see the step {string.Join(", ", left)}";
            return (story.FailedStep is null
                ? $"Not everything could be put back: {where}."
                : $"The migration failed{At(story)}, and Godwit could not put back everything: {where}.", Why(story));
        }

        return (comparison.IsProof
            ? $"Found equal at the target: {Held(comparison)}. But the migration failed afterwards{At(story)}; "
                + "a person must decide what to do."
            : $"The migration failed{At(story)}, and a person must decide whether to resume it or to roll it back.",
            Why(story));
    }

    private static string At(RunStory story) =>
        story.FailedStep is { } failed ? $" at the step “{failed.Name}”" : "";

    private static string? Why(RunStory story) => story.Fault is { } fault ? $"{fault.What}: {fault.Why}." : null;
}
