using System.Runtime.InteropServices;
using Godwit.App.Cli.Screens;
using Microsoft.Win32.SafeHandles;

namespace Godwit.App.Cli;

/// <param name="calledAs">The program's name as typed; null: <c>godwit</c>.</param>
public sealed class TerminalConsole(string? calledAs) : IConsole
{
    private int _outliving;

    public TextWriter Out { get; } =
        CalledAsWriter.Over(Console.IsOutputRedirected ? Console.Out : Terminal(Console.Out, Console.SetOut), calledAs);

    public TextWriter Error { get; } =
        CalledAsWriter.Over(Console.IsErrorRedirected ? Console.Error : Terminal(Console.Error, Console.SetError),
            calledAs);

    public Stream? BinaryOut => Console.IsOutputRedirected ? OpenBinaryOut() : null;

    public TextReader In => Console.In;

    public Stream? BinaryIn => Console.IsInputRedirected ? Console.OpenStandardInput() : null;

    public bool IsTerminal =>
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    public bool PrintsToTerminal => !Console.IsOutputRedirected;

    public bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    public bool Ask(string question) => Prompt($"{question} [y/N] ") is "y" or "Y" or "yes";

    public string? Prompt(string question)
    {
        if (!CanAsk)
            return null;
        Error.Write(question);
        try
        {
            return Console.In.ReadLine()?.Trim();
        }
        catch (IOException)
        {
            // The terminal was closed before an answer.
            return null;
        }
    }

    public IDisposable OnInterrupt(Action<InterruptKind> handler) =>
        new SignalRegistrations(handler, () => Volatile.Read(ref _outliving) > 0);

    public IDisposable OutliveTerminal()
    {
        Interlocked.Increment(ref _outliving);
        return new Outliving(this);
    }

    private sealed class Outliving(TerminalConsole console) : IDisposable
    {
        private readonly PosixSignalRegistration _hangUp = SignalRegistrations.On(PosixSignal.SIGHUP, () => { });

        public void Dispose()
        {
            Interlocked.Decrement(ref console._outliving);
            _hangUp.Dispose();
        }
    }

    // Replaces the console's writer: Spectre.Console uses it too.
    private static WrappedWriter Terminal(TextWriter terminal, Action<TextWriter> replace)
    {
#pragma warning disable CA2000 // It lives as long as the process.
        var lasting = new LastingWriter(terminal);
#pragma warning restore CA2000
        replace(lasting);
        return new WrappedWriter(lasting, () => Console.WindowWidth);
    }

    // For a pipe, the console's own stream hides that the reader is gone (EPIPE), so half a dump would look whole. For
    // a file it is right: it writes at the position of the shell's redirection, and moves that position.
    private static Stream OpenBinaryOut()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        const int StandardOutput = 1;
#pragma warning disable CA2000 // The handle is not ours to close.
        var pipe = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false),
            FileAccess.Write, bufferSize: 0);
#pragma warning restore CA2000
        if (!pipe.CanSeek)
            return pipe;
        pipe.Dispose();
        return Console.OpenStandardOutput();
    }
}
