using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Godwit.App.Cli.Screens;
using Godwit.Journal;
using Godwit.Report;

namespace Godwit.App.Cli.Commands;

/// <summary>All runs, or one.</summary>
public static class StatusCommand
{
    // Tables and objects named here. The report has all.
    private const int DifferingMax = 10;

    public static Command Build(CliEnvironment world)
    {
        var run = RunArgument.Optional("The run's id. Without it: all runs, newest first.");
        var json = new Option<bool>("--json") { Description = "Print JSON for programs." };
        var follow = new Option<bool>("--follow")
        {
            Description = "Show a run while it goes, until it ends, with its exit code. Without RUN: "
                + "the newest that is running. Ctrl-C asks whether to leave it running or to stop it.",
        };
        var command = new Command("status",
            "Shows the runs there are, or one run's story; with --follow the screen of a run that is running.")
        {
            run, follow, json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(follow))
                return await new FollowScreen(world, FollowScreen.RunToFollow(world, parsed.GetValue(run)),
                    parsed.GetValue(json)).RunAsync(ct);
            IReadOnlyList<string> ids = parsed.GetValue(run) is { } id ? [id] : world.Runs.RunIds();
            var stories = ids.Select(one => Tell(world.Runs, one)).ToList();
            if (parsed.GetValue(json))
                await world.Console.Out.WriteLineAsync(JsonSerializer.Serialize(stories, JournalJson.Options));
            else if (parsed.GetValue(run) is not null)
                ShowOne(stories[0], world.Runs, world.Console.Out);
            else
                ShowAll(stories, world.Console.Out);
            return ExitCodes.Proven;
        });
        return command;
    }

    internal static RunStory Tell(RunFolder runs, string runId)
    {
        // Before the journal is read: a run that ends meanwhile has its end there.
        var isHeld = runs.IsHeld(runId);
        var story = runs.Tell(runId);
        return story.Outcome == RunOutcome.Open ? story with { IsRunning = isHeld } : story;
    }

    private static void ShowAll(IReadOnlyList<RunStory> stories, TextWriter writer)
    {
        if (stories.Count == 0)
            writer.WriteLine("There are no runs yet. Start one with: godwit migrate --help");
        foreach (var story in stories)
        {
            // Long texts last: a path or a host's name would push the columns apart.
            writer.WriteLine($"{story.RunId}  {Date(story.StartedAt)}  {TerminalWords.Outcome(story),-22}  "
                + $"{Downtime(story),-16}  {story.Source} → {story.Target}");
        }
    }

    private static string Date(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Downtime(RunStory story) => RunReport.Of(story).Downtime switch
    {
        { FrozenAt: null } => "no downtime",
        { IsOver: false } => "writes stopped",
        { Seconds: { } seconds } => $"down {Words.Duration(seconds)}",
        _ => "downtime unknown",
    };

    private static void ShowOne(RunStory story, RunFolder runs, TextWriter writer)
    {
        var folder = runs.FilesOf(story.RunId);
        var report = RunReports.Of(story, runs);
        writer.WriteLine($"Run      {story.RunId}  ({TerminalWords.Outcome(story)})");
        writer.WriteLine($"Source   {story.Source}");
        writer.WriteLine($"Target   {story.Target}");
        writer.WriteLine($"Through  {report.Way}");
        writer.WriteLine($"Started  {story.StartedAt.ToString("u", CultureInfo.InvariantCulture)}");
        if (story.EndedAt is { } ended)
            writer.WriteLine($"Ended    {ended.ToString("u", CultureInfo.InvariantCulture)}");
        if (story.IsRunning == true)
        {
            writer.WriteLine(runs.ProcessOf(story.RunId) is { } process
                ? $"Process  {process.ProcessId.ToString(CultureInfo.InvariantCulture)}, alive (see it with: "
                    + $"godwit status --follow {story.RunId})"
                : "Process  alive, on another machine that shares this folder, or in another container");
        }

        writer.WriteLine();
        foreach (var step in story.Steps)
        {
            writer.WriteLine($"  {TerminalWords.Mark(step)} {step.Name,-9} {step.Intent}");
            if (step.Evidence is { } evidence)
                writer.WriteLine($"              {evidence.Claim} ({evidence.Proof})");
            if (step.Fault is { } fault)
                writer.WriteLine($"              {fault.What}: {fault.Why} [{fault.Code}]");
            if (step.UndoResult is { } putBack)
                writer.WriteLine($"              put back: {putBack}");
            if (step.UndoFault is { } undo)
                writer.WriteLine($"              NOT put back: {undo.What}: {undo.Why} [{undo.Code}]");
        }

        writer.WriteLine();
        if (report.Proof is { } proof)
        {
            writer.WriteLine(ProofWords.Sentence(proof));
            foreach (var table in proof.Differing.Take(DifferingMax))
                writer.WriteLine($"  ✗ {Words.Name(table.Table)}: {ProofWords.Difference(table)}");
            foreach (var one in proof.DifferingObjects.Take(DifferingMax))
                writer.WriteLine($"  ✗ {one.Class} {Words.Name(one.Name)}");
            writer.WriteLine($"  all of it: {Path.Combine(folder, RunStory.VerdictFile)}");
            writer.WriteLine();
        }

        VerdictScreen.Show(report, showsNext: true, writer);
    }
}
