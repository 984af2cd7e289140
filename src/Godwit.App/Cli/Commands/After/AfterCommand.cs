using System.CommandLine;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Migration.After;

namespace Godwit.App.Cli.Commands;

/// <summary>What is left to do after a proven migration, and how far each item is.</summary>
internal static class AfterCommand
{
    // After these faults, not even the list is shown.
    private static readonly string[] OfTheRun = ["after.not_in_use", "cli.other_heroku", "heroku.host_refused"];

    private const string NotWaiting =
        "Not waiting any longer. A backup that has begun continues at Heroku, and the same command finds it again.";

    public static Command Build(CliEnvironment world)
    {
        var options = new AfterOptions();
        var command = new Command("after",
            "Lists what is left to do after a proven migration, with the commands, and looks how far each item is. "
            + "Without flags it changes nothing; what a flag asks for and is done already is not done again.")
        {
            options.Run,
        };
        foreach (var option in options.All)
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            var request = options.Read(parsed);
            return await RunAsync(request, StoryOf(request.RunId, world), world, ct);
        });
        return command;
    }

    private static RunStory StoryOf(string? runId, CliEnvironment world)
    {
        var story = runId is not null ? StatusCommand.Tell(world.Runs, runId)
            : world.Runs.RunIds().Select(world.Runs.Tell).FirstOrDefault(IsListed)
                ?? throw new FaultException(CliFaults.NoProvenRun());
        AfterWork.RequireProven(story, TerminalWords.Outcome(story));
        return story;
    }

    private static bool IsListed(RunStory story) => story is { Outcome: RunOutcome.Proven, Settings.Rehearsal: null };

    private static async Task<int> RunAsync(
        AfterRequest request, RunStory story, CliEnvironment world, CancellationToken ct)
    {
        // A rollback at the same time would undo what is done here.
        using var held = request.Acts ? world.Runs.LockRun(story.RunId) : null;
        var screen = new AfterScreen(world.Console.Out, story, request.PrintsJson);
        var (heroku, work, whyNot) = await OpenAsync(request, story, world, ct);
        using (heroku)
        {
            await ActAsync(request, story, work, screen, world, ct);
            var items = work is null ? AfterWork.LookWithoutHeroku(story)
                : await StoppableAsync(work.LookAsync, world, ct);
            screen.Show(items, work?.Database);
        }

        // After the list, which lacks Heroku's answers.
        if (whyNot is not null)
        {
            FaultScreen.Show(whyNot, world.Console.Error);
            return ExitCodes.Of(whyNot.Kind);
        }

        return ExitCodes.Proven;
    }

    // Without Heroku, the list can be shown but nothing done.
    private static async Task<(HerokuClient? Heroku, AfterWork? Work, Fault? WhyNot)> OpenAsync(
        AfterRequest request, RunStory story, CliEnvironment world, CancellationToken ct)
    {
        if (request.NeedsHeroku)
            AfterWork.RequireHeroku(story);
        if (!AfterWork.IsAtHeroku(story))
            return (null, null, null);
        HerokuClient? heroku = null;
        try
        {
            heroku = world.Heroku.OpenFor(story.Settings.Heroku);
            var client = heroku;
            var work = await StoppableAsync(stop => AfterWork.OpenAsync(client, story, world.Clock, stop), world, ct);
            return (heroku, work, null);
        }
        catch (FaultException e) when (!request.NeedsHeroku && !OfTheRun.Contains(e.Fault.Code))
        {
            heroku?.Dispose();
            return (null, null, e.Fault);
        }
        catch
        {
            heroku?.Dispose();
            throw;
        }
    }

    /// <summary>The backup comes first: it protects the new database.</summary>
    /// <param name="work">Null: the request needs nothing of Heroku.</param>
    private static async Task ActAsync(
        AfterRequest request, RunStory story, AfterWork? work, AfterScreen screen, CliEnvironment world,
        CancellationToken ct)
    {
        if (request.BacksUp)
        {
            var waiting = new StepScreen(world, world.Console.Out, NotWaiting);
            screen.Tell(await waiting.ShowAsync(
                AfterWork.BackupStep, work!.BackupIntent, request.PrintsJson, work.BackUpAsync, ct));
        }

        if (request.Schedule is { } at)
            screen.Tell(await StoppableAsync(stop => work!.ScheduleAsync(at, stop), world, ct));
        if (request.RemovesEnvFile)
            screen.Tell(await StoppableAsync(stop => AfterWork.RemoveEnvFileAsync(story, stop), world, ct));
        if (request.RemovesAttachments)
            screen.Tell(await StoppableAsync(stop => work!.RemoveAttachmentsAsync(stop), world, ct));
    }

    private static async Task<T> StoppableAsync<T>(
        Func<CancellationToken, Task<T>> act, CliEnvironment world, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var interrupts = world.Console.OnInterrupt(_ => stop.Cancel());
        return await act(stop.Token);
    }
}
