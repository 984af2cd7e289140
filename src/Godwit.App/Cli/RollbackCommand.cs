using System.CommandLine;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Load;

namespace Godwit.App.Cli;

/// <summary><c>godwit rollback [RUN]</c>: the way back.</summary>
internal static class RollbackCommand
{
    public static Command Build(Surroundings world)
    {
        var run = RunArgument.Optional("The run's id. Without it: the newest unfinished one.");
        var from = ResumeCommand.SourceOption();
        var confirm = new Option<string?>("--confirm") { Description = "The app's name: go back although it has cut over.", HelpName = "APP" };
        var json = RunScreen.JsonOption();
        var command = new Command("rollback", "Puts back what a run changed: source writable, app in service, dump deleted.") { run, from, confirm, json };
        command.SetAction(async (parsed, ct) =>
        {
            var story = ResumeCommand.Unfinished(world, parsed.GetValue(run), "roll back");
            var app = HerokuTargetName.Parse(story.Settings.To).App;
            var hasCutOver = story.Memory.ContainsKey(RunStory.CutOverKey);
            if (hasCutOver && parsed.GetValue(confirm) != app)
                throw new FaultException(CliFaults.CutOverAlready(story.RunId, app));
            var parts = new MigrationOpener(world).Open(story.Settings, ResumeCommand.SourceOf(story, parsed.GetValue(from)));
            await using var screen = new RunScreen(world, parts, parsed.GetValue(json));
            return await screen.RunAsync(
                (one, face, stop) =>
                {
                    screen.Started(story.RunId);
                    return one.RollBackAsync(story.RunId, face, stop);
                }, ct);
        });
        return command;
    }
}
