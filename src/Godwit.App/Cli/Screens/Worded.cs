using System.Globalization;
using Godwit.Journal;

namespace Godwit.App.Cli.Screens;

/// <summary>The words that the terminal and the status screen share.</summary>
public static class Worded
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

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

    /// <summary>Decimal units, as disks and clouds count.</summary>
    public static string Bytes(long bytes)
    {
        double value = bytes;
        var unit = 0;
        while (Math.Round(value, 1) >= 1000 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    public static string Duration(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => ((long)time.TotalHours).ToString(CultureInfo.InvariantCulture)
            + time.ToString(@"\:mm\:ss", CultureInfo.InvariantCulture) + " h",
        { TotalMinutes: >= 1 } => time.ToString(@"m\:ss", CultureInfo.InvariantCulture) + " min",
        _ => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
    };
}
