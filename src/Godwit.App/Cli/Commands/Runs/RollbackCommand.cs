using System.CommandLine;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Migration;
using Godwit.Migration.Opening;
using Godwit.Targets;

namespace Godwit.App.Cli.Commands;

internal static class RollbackCommand
{
    public static Command Build(CliEnvironment world)
    {
        var run = RunArgument.Optional("The run's id. Without it: the newest unfinished one.");
        var from = ResumeCommand.SourceOption();
        var to = ResumeCommand.TargetOption();
        var confirm = new Option<string?>("--confirm")
        {
            Description = "The app's name, or that of a database that is no app's: go back behind the cut-over without "
                + "looking whether the new database was written to since, or let --drop-target destroy.",
            HelpName = "NAME",
        };
        var drop = new Option<bool>("--drop-target")
        {
            Description = "Destroy the database and the app that the run made at Heroku, if it made them. "
                + "Needs --confirm.",
        };
        var json = RunScreen.JsonOption();
        var command = new Command("rollback", "Puts back what a run changed: source writable, "
            + "apps in service, dump deleted; behind the cut-over the former database too, if nothing would be lost.")
        {
            run, from, to, drop, confirm, json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            using var outliving = world.Console.OutliveTerminal();
            var story = ResumeCommand.Unfinished(world, parsed.GetValue(run), ResumeCommand.RollBack);
            var settings = ResumeCommand.WithTarget(story, parsed.GetValue(to));
            async Task<int> GoBackAsync(CliEnvironment inside)
            {
                var parts = new MigrationOpener(inside.Opening).Reopen(story, settings, parsed.GetValue(from));
                var request = Request(parsed.GetValue(drop), parsed.GetValue(confirm), parts.Target);
                await using var screen = new RunScreen(inside, parts, parsed.GetValue(json));
                var back = new Rollback(parts, inside.Runs);
                return await screen.RunAsync(
                    stop => back.PlanAsync(story.RunId, request, stop),
                    (face, stop) =>
                    {
                        screen.Started(story.RunId);
                        return back.RunAsync(story.RunId, request, face, stop);
                    }, ct);
            }

            return story.Settings.RehearsalFolder is { } folder
                ? await new LocalRehearsal(world, folder).RunAsync(GoBackAsync, ct)
                : await GoBackAsync(world);
        });
        return command;
    }

    /// <summary><c>--drop-target</c> does not allow the loss of writes since the cut-over: these are still looked
    /// for.</summary>
    /// <exception cref="FaultException"><c>cli.options</c>.</exception>
    private static RollbackRequest Request(bool drops, string? confirm, TargetName target)
    {
        var (name, kind) = (target.Confirmation, target.App is null ? "database" : "app");
        if (confirm is not null && confirm != name)
            OptionProblems.RequireNone([new("--confirm", $"is '{confirm}' and the run's {kind} is '{name}'",
                $"Nothing was done. Type the {kind}'s name.")]);
        if (drops && target.App is null)
            OptionProblems.RequireNone([new("--drop-target", "is for what a run made at Heroku, and this one made "
                + "nothing there", "Leave it out.")]);
        if (drops && confirm is null)
            OptionProblems.RequireNone([new("--drop-target",
                "destroys what the run made at Heroku, with everything in it", $"Add --confirm {name}.")]);
        return new(LosesWrites: confirm is not null && !drops, drops);
    }
}
