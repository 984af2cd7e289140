using Godwit.App.Cli;
using Godwit.Postgres;

return await GodwitCommand.RunAsync(args, new Surroundings
{
    Console = new TerminalConsole(),
    Environment = Environment.GetEnvironmentVariable,
    Clock = TimeProvider.System,
    Processes = new ProcessRunner(),
});
