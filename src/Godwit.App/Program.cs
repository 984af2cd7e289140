using Godwit.App.Cli;
using Godwit.Postgres;

HttpClient.DefaultProxy = new DirectToLoopback(HttpClient.DefaultProxy);
return await GodwitCommand.RunAsync(args, new Surroundings
{
    Console = new TerminalConsole(),
    Environment = Environment.GetEnvironmentVariable,
    Clock = TimeProvider.System,
    Processes = new ProcessRunner(),
});
