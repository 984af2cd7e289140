using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Godwit.App.Cli;

/// <summary>The real terminal.</summary>
public sealed class TerminalConsole : IConsole
{
    public TextWriter Out { get; } = Console.IsOutputRedirected ? Console.Out : new WrappedWriter(Console.Out, () => Console.WindowWidth);

    public TextWriter Error { get; } = Console.IsErrorRedirected ? Console.Error : new WrappedWriter(Console.Error, () => Console.WindowWidth);

    public Stream? BinaryOut => Console.IsOutputRedirected ? OpenBinaryOut() : null;

    public TextReader In => Console.In;

    public Stream? BinaryIn => Console.IsInputRedirected ? Console.OpenStandardInput() : null;

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

    // The console's own stream hides that nobody reads a pipe any more (EPIPE), and half a dump would look whole. For a file it is
    // the right one: it writes where the shell's redirection stands, and leaves that behind what it wrote.
    private static Stream OpenBinaryOut()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        const int StandardOutput = 1;
#pragma warning disable CA2000 // The handle is not ours to close.
        var pipe = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
#pragma warning restore CA2000
        if (!pipe.CanSeek)
            return pipe;
        pipe.Dispose();
        return Console.OpenStandardOutput();
    }
}
