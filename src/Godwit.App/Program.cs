using System.Runtime.InteropServices;
using Godwit.App;
using Godwit.App.Cli;
using Godwit.Postgres;

NativeHeap.GiveBackLargePieces();

// SIGXFSZ, on Linux and macOS. A limit on file sizes (ulimit -f) would kill the process in the middle of a run, with
// the source frozen. With the signal handled, the write fails instead, which becomes a fault.
const PosixSignal FileTooLarge = (PosixSignal)25;
using var taken =
    OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(FileTooLarge, context => context.Cancel = true);

#pragma warning disable RS0030 // This is the one place that names the system's clock.
var clock = TimeProvider.System;
#pragma warning restore RS0030
var background = BackgroundConsole.FromEnvironment();
return await GodwitCommand.RunAsync(args, new CliEnvironment
{
    Console = background ?? (IConsole)new TerminalConsole(Environment.GetEnvironmentVariable("GODWIT_CALLED_AS")),
    Background = background,
    Environment = Environment.GetEnvironmentVariable,
    Clock = clock,
    Processes = new ProcessRunner(clock),
});
