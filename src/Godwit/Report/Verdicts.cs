using Godwit.Journal;

namespace Godwit.Report;

/// <summary>The sentence on top. It claims what was proven, and not a word more.</summary>
internal static class Verdicts
{
    public static string Badge(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Proven => "Proven",
        RunOutcome.Refused => "Refused",
        RunOutcome.FailedAndUndone => "Failed and undone",
        RunOutcome.NeedsAPerson => "Needs a person",
        RunOutcome.RolledBack => "Rolled back",
        _ => "Not finished",
    };

    public static (string Verdict, string? Because) Of(RunStory story, Comparison comparison, Place from, Place to) => story.Outcome switch
    {
        RunOutcome.Proven => Proven(comparison, from, to),
        RunOutcome.Refused => ($"Godwit stopped before it changed anything{At(story)}.", Why(story)),
        RunOutcome.FailedAndUndone => story.Steps.Any(step => step.WhatWasPutBack is not null)
            ? ($"The migration failed{At(story)}, and everything Godwit had changed was put back.", Why(story))
            : ($"The migration failed{At(story)}, before anything was changed that would have to be put back.", Why(story)),
        RunOutcome.NeedsAPerson => NeedsAPerson(story),
        RunOutcome.RolledBack => ("The migration was taken back, as asked: everything Godwit had changed was put back.", null),
        _ => ($"This run has not ended: it is at work, or its process has died. Its last sign of life was at {Words.Clock(story.LastLineAt)}.", Why(story)),
    };

    private static (string, string?) Proven(Comparison comparison, Place from, Place to)
    {
        if (comparison.IsProof)
        {
            return ($"{to.Name} holds all {Words.Count(comparison.Compared, "table")} and {Words.Count(comparison.SourceRows, "row")} of {from.Name}.",
                "Every table was counted exactly on both sides, and every step below says how it knows that it is done.");
        }

        if (comparison.Compared == 0)
            return ($"Every step from {from.Name} to {to.Name} is done.", "No tables were compared, so the rows themselves are not proven equal.");
        return ($"Every step is done, but {Words.Count(comparison.Different, "table")} of {Words.Number(comparison.Compared)} differ between {from.Name} and {to.Name}.",
            "The tables that differ stand first in the comparison below.");
    }

    private static (string, string?) NeedsAPerson(RunStory story)
    {
        var left = story.Steps.Where(step => step.UndoFault is not null).Select(step => $"“{step.Name}”").ToList();
        return left.Count == 0
            ? ($"The migration failed{At(story)}, and a person has to look before it goes on or back.", Why(story))
            : ($"The migration failed{At(story)}, and Godwit could not put back everything: see the step {string.Join(", ", left)}.", Why(story));
    }

    private static string At(RunStory story) =>
        story.Steps.LastOrDefault(step => step.Fault is not null) is { } failed ? $" at the step “{failed.Name}”" : "";

    private static string? Why(RunStory story) => story.Fault is { } fault ? $"{fault.What}: {fault.Why}." : null;
}
