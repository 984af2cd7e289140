using System.CommandLine;
using Godwit.App.Cli.Screens;
using Godwit.App.Demo;

namespace Godwit.App.Cli.Commands;

/// <summary>A whole migration on this machine.</summary>
internal static class DemoCommand
{
    public static Command Build(CliEnvironment world)
    {
        var keep = new Option<bool>("--keep")
        {
            Description = "Leave the local Heroku running afterwards, with the migrated database in it.",
        };
        var json = RunScreen.JsonOption();
        var command = new Command("demo",
            "Migrates a sample database of some 380,000 rows on this machine: "
            + "a real PostgreSQL, a local Heroku, no account. Everything is removed afterwards but the report.")
        {
            keep, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(keep) && result.GetValue(json))
                result.AddError("--keep tells a person how to go on, and --json talks to programs: use one of them.");
        });
        command.SetAction((parsed, ct) =>
            new DemoRun(world, parsed.GetValue(json)).RunAsync(parsed.GetValue(keep), ct));
        return command;
    }
}
