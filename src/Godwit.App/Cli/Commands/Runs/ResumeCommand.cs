using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Migration.Opening;
using Godwit.Requests;
using Godwit.Verify;

namespace Godwit.App.Cli.Commands;

/// <summary>Continues a run where it stopped.</summary>
internal static class ResumeCommand
{
    public static Command Build(CliEnvironment world)
    {
        var run = RunArgument.Optional("The run's id. Without it: the newest unfinished one.");
        var from = SourceOption();
        var to = TargetOption();
        var confirm = ConfirmOption();
        var emptyLive = HerokuFlags.EmptyLiveOption();
        var backup = new Option<bool>("--i-have-a-backup") { Description = "A recent backup of the source exists." };
        var accept = new AcceptFlags("Accept one more fault by its code. May be repeated.");
        var verify = VerifyFlags.LevelOption("as before", "--verify");
        var dump = DumpFlags.ForResume();
        var clean = new CleanFlags();
        var switching = new SwitchFlags();
        var query = new QueryFlags();
        var changeable = new ChangeableFlags();
        var freeze = new FreezeFlags();
        var json = RunScreen.JsonOption();
        var detach = new DetachFlag();
        var command = new Command("resume", "Takes a run up where it stopped; what is done already is not done again.")
        {
            run, from, to, confirm, emptyLive, backup, verify,
        };
        foreach (var option in (Option[])[.. accept.All, detach.Option, json, .. dump.All, .. clean.All,
            .. switching.OnResume, .. query.All, .. changeable.All, .. freeze.OnResume])
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            using var outliving = world.Console.OutliveTerminal();
            var story = ToResume(world, parsed.GetValue(run));
            if (story.Outcome == RunOutcome.Proven)
                return ShowProven(world, story);
            if (detach.IsAsked(parsed, world))
                return await DetachFlag.StartAsync(
                    world, parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(json), ct);
            var told = WithTarget(story, parsed.GetValue(to));
            var settings = changeable.Over(told with
            {
                Heroku = told.Heroku with
                {
                    // A --confirm from before a rollback was for the database's contents then.
                    Confirm = parsed.GetValue(confirm)
                        ?? (story.Outcome == RunOutcome.RolledBack ? null : told.Heroku.Confirm),
                    // An --empty-live value is valid for one state of the database.
                    EmptyLive = parsed.GetValue(emptyLive) ?? told.Heroku.EmptyLive,
                },
                Freeze = freeze.Over(told.Freeze, parsed),
                HasBackup = told.HasBackup || parsed.GetValue(backup),
                Accept = accept.Over(told.Accept, parsed),
                Jobs = dump.Jobs(parsed) ?? told.Jobs,
                Verify = query.Over(parsed.GetValue(verify) is { } level
                    ? told.Verify with { Level = VerifyLevels.Words.Of(level) } : told.Verify, parsed),
                Dump = dump.Over(told.Dump, parsed),
                Clean = clean.Over(told.Clean, parsed),
                Switch = switching.Over(told.Switch, parsed),
            }, parsed);
            var parts = new MigrationOpener(world.Opening).Resume(story, settings, parsed.GetValue(from),
                [.. query.Problems(parsed), .. changeable.Problems(story, parsed), .. freeze.ResumeProblems(parsed)]);
            await using var screen = new RunScreen(world, parts, parsed.GetValue(json));
            return await screen.RunAsync((one, face, stop) => one.ResumeAsync(story.RunId, screen.Started, face, stop),
                ct);
        });
        return command;
    }

    private static Option<string?> ConfirmOption() => new("--confirm")
    {
        Description = "The app's name: its database may be emptied first, if nobody uses it.", HelpName = "APP",
    };

    private static RunStory ToResume(CliEnvironment world, string? runId)
    {
        var story = Unfinished(world, runId, "resume");
        return story.Settings.Rehearsal is null
            ? story : throw new FaultException(CliFaults.RehearsalNotResumed(story.RunId));
    }

    private static int ShowProven(CliEnvironment world, RunStory story)
    {
        VerdictScreen.Show(RunReports.Of(story, world.Runs), showsNext: true, world.Console.Out);
        return ExitCodes.Proven;
    }

    /// <summary>For <see cref="Unfinished"/>.</summary>
    public const string RollBack = "roll back";

    public static Option<string?> SourceOption() => new("--from")
    {
        Description = "The source again, when its URL was typed on the command line or came from standard input.",
        HelpName = "SOURCE",
    };

    public static Option<string?> TargetOption() => new("--to")
    {
        Description = "The target again, when its URL was typed on the command line.", HelpName = "TARGET",
    };

    /// <param name="to">As typed; null: the run's own.</param>
    public static RunSettings WithTarget(RunStory story, string? to) =>
        to is null ? story.Settings : story.Settings with { To = to };

    /// <summary>The named run. Without a name: the newest that may have left changes, else the newest that is no
    /// rehearsal, if it was undone or refused; but a rollback then asks for the name of a proven one, if there is
    /// any.</summary>
    public static RunStory Unfinished(CliEnvironment world, string? runId, string command)
    {
        if (runId is not null)
            return world.Runs.Tell(runId);
        var stories = world.Runs.RunIds().Select(world.Runs.Tell).ToList();
        var open = stories.Find(story => story.Outcome is RunOutcome.Open or RunOutcome.NeedsAPerson);
        // In a hurry after a cut-over, nobody means an older run, perhaps of another app.
        if (open is not null && command == RollBack
            && stories.TakeWhile(story => story != open).FirstOrDefault(one => one.Outcome == RunOutcome.Proven)
                is { } newer)
            throw new FaultException(CliFaults.SeveralRuns(newer.RunId, open.RunId));
        // Nor a newer run that was refused, as a finished command is that is typed again: it has changed nothing.
        if (open is null && command == RollBack
            && stories.Find(story => story.Outcome == RunOutcome.Proven) is { } proven)
            throw new FaultException(CliFaults.OnlyFinishedRuns(proven.RunId));
        return open
            ?? stories.Where(story => story.Settings.Rehearsal is null).Take(1)
                .FirstOrDefault(story => story.Outcome is RunOutcome.FailedAndUndone or RunOutcome.Refused)
            ?? throw new FaultException(CliFaults.NoRunToTakeUp(command));
    }
}
