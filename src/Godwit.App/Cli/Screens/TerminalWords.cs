using System.Globalization;
using Godwit.Journal;

namespace Godwit.App.Cli.Screens;

/// <summary>Words shared by the terminal and the status screen.</summary>
public static class TerminalWords
{
    public static string Outcome(RunStory story) => story.Outcome switch
    {
        RunOutcome.Proven => "proven",
        RunOutcome.Refused => "refused",
        RunOutcome.FailedAndUndone => "failed and undone",
        RunOutcome.NeedsAPerson => "needs a person",
        RunOutcome.RolledBack => "rolled back",
        RunOutcome.Rehearsed => "rehearsed",
        RunOutcome.RehearsalDiffers => "rehearsed, differs",
        _ => story.IsRunning switch { true => "running", false => "interrupted", null => "running or interrupted" },
    };

    public static string Mark(StepStory step) => step.State switch
    {
        StepState.Done => "✓",
        StepState.Failed => "✗",
        StepState.Undone => "↶",
        StepState.Running => "…",
        _ => " ",
    };

    public static string Duration(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => ((long)time.TotalHours).ToString(CultureInfo.InvariantCulture)
            + time.ToString(@"\:mm\:ss", CultureInfo.InvariantCulture) + " h",
        { TotalMinutes: >= 1 } => time.ToString(@"m\:ss", CultureInfo.InvariantCulture) + " min",
        _ => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
    };
}
