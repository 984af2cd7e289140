namespace Godwit.App.Cli.Screens;

/// <summary>Handles Ctrl-C while another process's run is shown. The run does not notice it; the answer decides whether
/// the run is asked to stop. A second Ctrl-C, a SIGTERM, or no terminal to ask at leaves the run running.</summary>
internal sealed class FollowInterrupts : IDisposable
{
    private readonly CliEnvironment _world;
    private readonly string _runId;
    private readonly CancellationTokenSource _left;
    private readonly IPausable? _pausable;
    private readonly IDisposable _registration;
    private int _presses;

    /// <param name="left">Cancelled when the user leaves.</param>
    public FollowInterrupts(CliEnvironment world, string runId, CancellationTokenSource left, IPausable? pausable)
    {
        (_world, _runId, _left, _pausable) = (world, runId, left, pausable);
        _registration = world.Console.OnInterrupt(Take);
    }

    public void Dispose() => _registration.Dispose();

    private void Take(InterruptKind kind)
    {
        if (kind == InterruptKind.Termination || !_world.Console.CanAsk || Interlocked.Increment(ref _presses) > 1)
            _left.Cancel();
        else
            // The signal handler must not wait for the answer.
            _ = Task.Run(Ask);
    }

    private void Ask()
    {
        _pausable?.Pause();
        _world.Console.Error.WriteLine();
        var answer = _world.Console.Prompt("Leave the run running, or stop it and put everything back? [leave/stop] ");
        _pausable?.Resume();
        if (answer is not "stop")
        {
            _left.Cancel();
            return;
        }

        Interlocked.Exchange(ref _presses, 0);
        Say(_world.Runs.ProcessOf(_runId)?.AskToStop() == true
            ? "The run was asked to stop. It puts back what it changed …"
            : "The run cannot be stopped from here: "
                + "its process is gone, of another machine or container, or of another user.");
    }

    private void Say(string text)
    {
        if (_pausable is not null)
            _pausable.Say(text);
        else
            _world.Console.Error.WriteLine(text);
    }
}
