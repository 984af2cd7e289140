namespace Godwit.App.Cli.Screens;

/// <summary>Ctrl-C asks once. A second Ctrl-C, a SIGTERM, or no terminal to ask at stops the run at once, which undoes
/// it.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly IConsole _console;
    private readonly CancellationTokenSource _stop;
    private readonly IPausable? _pausable;
    private readonly IDisposable _registration;
    private int _presses;
    private volatile bool _isAsking;

    public Interrupts(IConsole console, CancellationTokenSource stop, IPausable? pausable)
    {
        _console = console;
        _stop = stop;
        _pausable = pausable;
        _registration = console.OnInterrupt(Take);
    }

    public void Dispose() => _registration.Dispose();

    private void Take(InterruptKind kind)
    {
        if (_stop.IsCancellationRequested)
        {
            Say("Undoing; please wait. (kill -9 would leave it half undone: godwit rollback finishes it then.)");
            return;
        }

        var press = Interlocked.Increment(ref _presses);
        if (kind == InterruptKind.Termination || !_console.CanAsk || press > 1)
        {
            Stop();
            return;
        }

        // The signal handler must not wait for the answer.
        _ = Task.Run(() =>
        {
            _pausable?.Pause();
            _console.Error.WriteLine();
            _isAsking = true;
            var isStopped = _console.Ask("Stop this run, and put everything back? It goes on meanwhile.");
            _isAsking = false;
            if (isStopped)
                Stop();
            Interlocked.Exchange(ref _presses, 0);
            _pausable?.Resume();
        });
    }

    private void Stop()
    {
        if (_stop.IsCancellationRequested)
            return;
        // Before writing: a closed terminal refuses text, and that must not prevent the undo.
        _stop.Cancel();
        Say("Stopping, and putting back what was changed …");
    }

    private void Say(string text)
    {
        _pausable?.Say(text);
        if (_pausable is not null && !_isAsking)
            return;

        try
        {
            _console.Error.WriteLine(text);
        }
        catch (IOException)
        {
            // The terminal was closed.
        }
    }
}
