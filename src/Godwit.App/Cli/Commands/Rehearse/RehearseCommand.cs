using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.App.Cli.Screens;
using Godwit.Migration.Opening;
using Godwit.Requests;
using Godwit.Storage;

namespace Godwit.App.Cli.Commands;

/// <summary>A migration into a copy, without freeze and cut-over.</summary>
internal static class RehearseCommand
{
    public static Command Build(CliEnvironment world)
    {
        var options = new RehearseOptions();
        var json = RunScreen.JsonOption();
        var detach = new DetachFlag();
        var command = new Command("rehearse",
            "Does what migrate would do, into a copy: a local Heroku on this machine, "
            + "or a throw-away database with --add-on. Nothing is frozen and nothing switched; "
            + "it tells how long the writes would have to stop, and what would differ.") { detach.Option, json };
        foreach (var option in options.All)
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            using var outliving = world.Console.OutliveTerminal();
            var settings = options.Read(parsed);
            if (detach.IsAsked(parsed, world))
                return await DetachFlag.StartAsync(world, settings.From, settings.To, parsed.GetValue(json), ct);
            if (settings.Rehearsal == RehearsalKind.AddOn)
                return await GoAsync(world, settings, storeInstead: null, parsed.GetValue(json), ct);
            var folder = LocalRehearsal.NewFolder();
            StoreAddress StoreHere()
            {
                world.Console.Error.WriteLine("Note: the dump goes through a folder on this machine. "
                    + "With --via it takes the way of the migration, and its time counts.");
                return new StoreAddress.Disk(Path.Combine(folder, "store"));
            }

            return await new LocalRehearsal(world, folder).RunAsync(
                inside => GoAsync(inside, settings with { RehearsalFolder = folder }, StoreHere,
                    parsed.GetValue(json), ct), ct);
        });
        return command;
    }

    private static async Task<int> GoAsync(
        CliEnvironment inside, RunSettings settings, Func<StoreAddress>? storeInstead, bool json, CancellationToken ct)
    {
        var parts = await new MigrationOpener(inside.Opening).OpenAsync(settings, storeInstead, ct);
        await using var screen = new RunScreen(inside, parts, json);
        return await screen.RunAsync((run, face, stop) => run.StartAsync(screen.Started, face, stop), ct);
    }
}
