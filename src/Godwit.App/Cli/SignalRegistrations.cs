using System.Runtime.InteropServices;

namespace Godwit.App.Cli;

/// <summary>For signals that ask a command to stop. While this exists, none of them ends the process.</summary>
internal sealed class SignalRegistrations : IDisposable
{
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _hangUp;

    /// <param name="ignoresHangUp">Called for each SIGHUP.</param>
    public SignalRegistrations(Action<InterruptKind> handler, Func<bool> ignoresHangUp)
    {
        _interrupt = On(PosixSignal.SIGINT, () => handler(InterruptKind.Keyboard));
        _terminate = On(PosixSignal.SIGTERM, () => handler(InterruptKind.Termination));
        _hangUp = On(PosixSignal.SIGHUP, () =>
        {
            if (!ignoresHangUp())
                handler(InterruptKind.Termination);
        });
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _hangUp.Dispose();
    }

    /// <summary>Until disposed, the signal only runs <paramref name="action"/>.</summary>
    public static PosixSignalRegistration On(PosixSignal signal, Action action) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            action();
        });
}
