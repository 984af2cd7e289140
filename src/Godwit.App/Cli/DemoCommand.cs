using System.CommandLine;
using Godwit.App.Demo;

namespace Godwit.App.Cli;

/// <summary><c>godwit demo</c>: the whole way on this machine.</summary>
internal static class DemoCommand
{
    public static Command Build(Surroundings world)
    {
        var json = RunScreen.JsonOption();
        var command = new Command("demo",
            "Migrates a sample database of 46 tables on this machine: a real PostgreSQL, a local Heroku, no account. Everything is removed afterwards but the report.")
        {
            json,
        };
        command.SetAction((parsed, ct) => new DemoRun(world, parsed.GetValue(json)).RunAsync(ct));
        return command;
    }
}
