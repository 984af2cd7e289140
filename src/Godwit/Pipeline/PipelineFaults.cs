using Godwit.Faults;

namespace Godwit.Pipeline;

internal static class PipelineFaults
{
    public static Fault Cancelled(string step) => new("run.cancelled", FaultKind.Refused,
        What: $"Stopped in step '{step}'",
        Why: "you, or the system, asked Godwit to stop",
        Remedy: "Go on with: godwit resume. Or roll the run back with: godwit rollback.");

    public static Fault UndoSlow(string step, TimeSpan limit) => new("run.undo_slow", FaultKind.Broken,
        What: $"Could not undo what step '{step}' changed",
        Why: $"the database or service it talks to did not answer within {limit.TotalMinutes} minutes",
        Remedy: "When it answers again, roll the run back with: godwit rollback");

    public static Fault Unexpected(string step, Unforeseen met) => new("run.unexpected", FaultKind.Broken,
        What: $"Step '{step}' failed with an unexpected error",
        Why: $"{met.Type}: {met.Message}",
        Remedy: "Try again with: godwit resume. Report the error, with the run's journal (it holds no secrets). "
            + $"{met.WhatToSend}");
}
