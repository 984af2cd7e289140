using System.CommandLine;

namespace Godwit.App.Cli;

/// <summary><c>godwit migrate</c>: the whole guide.</summary>
internal static class MigrateCommand
{
    public static Command Build(Surroundings world)
    {
        var options = new MigrateOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the plan, look at source and store, and change nothing." };
        var json = RunScreen.JsonOption();
        var command = new Command("migrate", "Moves a database to Heroku Postgres: the whole guide, one command. Can be resumed and rolled back.") { dryRun, json };
        foreach (var option in options.All)
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            var settings = options.Read(parsed);
            var parts = await new MigrationOpener(world).OpenAsync(settings, storeInstead: null, ct);
            await using var screen = new RunScreen(world, parts, parsed.GetValue(json));
            return parsed.GetValue(dryRun)
                ? await screen.PlanAsync(ct)
                : await screen.RunAsync((run, face, stop) => run.StartAsync(screen.Started, face, stop), ct);
        });
        return command;
    }
}
