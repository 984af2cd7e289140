using System.Collections.Concurrent;

namespace Godwit.HerokuLocal;

/// <summary>Runs work that outlives its request, and ends it with the server.</summary>
internal sealed class Background : IAsyncDisposable
{
    // Cancelled work kills its programs, which takes milliseconds.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly CancellationTokenSource _end = new();
    private bool _isDisposed;

    /// <param name="work">Reports its failures through the state; an exception that escapes ends only this
    /// work.</param>
    public void Run(Func<CancellationToken, Task> work)
    {
        var task = Task.Run(() => work(_end.Token));
        _running[task] = 0;
        _ = task.ContinueWith(t => _running.TryRemove(t, out var _), TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        // StopAsync disposes it before the server does.
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _end.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_running.Keys), Task.Delay(StopMax));
        _end.Dispose();
    }
}
