using System.Runtime.InteropServices;

namespace Godwit.App.Cli;

/// <summary>The real terminal.</summary>
public sealed class TerminalConsole : IConsole
{
    public TextWriter Out => Console.Out;

    public TextWriter Error => Console.Error;

    public TextReader In => Console.In;

    public bool IsTerminal => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    public bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    public bool Ask(string question)
    {
        if (!CanAsk)
            return false;
        Error.Write($"{question} [y/N] ");
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    public IDisposable OnInterrupt(Action<InterruptKind> handler) => new Registrations(handler);

    private sealed class Registrations : IDisposable
    {
        private readonly Action<InterruptKind> _handler;
        private readonly PosixSignalRegistration _interrupt;
        private readonly PosixSignalRegistration _terminate;
        private readonly PosixSignalRegistration _hangUp;

        public Registrations(Action<InterruptKind> handler)
        {
            _handler = handler;
            _interrupt = On(PosixSignal.SIGINT, InterruptKind.Keyboard);
            _terminate = On(PosixSignal.SIGTERM, InterruptKind.Termination);
            _hangUp = On(PosixSignal.SIGHUP, InterruptKind.Termination);
        }

        public void Dispose()
        {
            _interrupt.Dispose();
            _terminate.Dispose();
            _hangUp.Dispose();
        }

        private PosixSignalRegistration On(PosixSignal signal, InterruptKind kind) => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            _handler(kind);
        });
    }
}
