using System.Text.Json;
using Godwit.App.Cli.Commands;
using Godwit.Journal;

namespace Godwit.App.Cli.Screens;

/// <summary>The end of a run, for its own screen and for <c>status --follow</c>.</summary>
internal static class EndScreen
{
    /// <param name="page">The report; null: none.</param>
    public static void Show(
        RunStory story, RunOutcome outcome, string? page, bool json, bool showsNext, CliEnvironment world)
    {
        var output = world.Console.Out;
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new { Event = "run_ended", story.RunId, Outcome = outcome, Report = page }, JournalJson.Options));
            return;
        }

        output.WriteLine();
        var report = RunReports.Of(story, world.Runs);
        if (outcome is not (RunOutcome.Proven or RunOutcome.RolledBack or RunOutcome.Rehearsed)
            && report.Fault is { } fault)
            FaultScreen.Show(fault, world.Console.Error);
        foreach (var step in story.Steps.Where(step => step.UndoFault is not null))
            FaultScreen.Show(step.UndoFault!, world.Console.Error);
        VerdictScreen.Show(report, showsNext, output);
        if (page is not null)
            output.WriteLine($"Report: {page}");
    }
}
