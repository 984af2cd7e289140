using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Migration.Opening;

namespace Godwit.App.Cli.Commands;

internal static class MigrateCommand
{
    public static Command Build(CliEnvironment world)
    {
        var options = new MigrateOptions();
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Print the plan, look at source, store, target and apps, and change nothing.",
        };
        var json = RunScreen.JsonOption();
        var detach = new DetachFlag();
        var command = new Command("migrate",
            "Moves a database to Heroku Postgres, or to any other PostgreSQL: the whole guide, one command. "
                + "Can be resumed and rolled back.")
        {
            dryRun, detach.Option, json,
        };
        foreach (var option in options.All)
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            using var outliving = world.Console.OutliveTerminal();
            var settings = options.Read(parsed);
            if (parsed.GetValue(detach.Option) && parsed.GetValue(dryRun))
                OptionProblems.RequireNone([new("--detach", "has nothing to run in the background with --dry-run",
                    "Leave one of the two out.")]);
            if (detach.IsAsked(parsed, world))
                return await DetachFlag.StartAsync(world, settings.From, settings.To, parsed.GetValue(json), ct);
            var parts = await new MigrationOpener(world.Opening).OpenAsync(settings, storeInstead: null, ct);
            await using var screen = new RunScreen(world, parts, parsed.GetValue(json));
            return parsed.GetValue(dryRun)
                ? await screen.PlanAsync(ct)
                : await screen.RunAsync((run, face, stop) => run.StartAsync(screen.Started, face, stop), ct);
        });
        return command;
    }
}
