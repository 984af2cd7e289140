using System.Collections.Concurrent;

namespace Godwit.HerokuLocal;

/// <summary>Work that outlives the request that asked for it, ended with the server.</summary>
internal sealed class Background : IAsyncDisposable
{
    /// <summary>Work told to stop kills its programs, which takes milliseconds; the server's end does not wait for
    /// more.</summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly CancellationTokenSource _end = new();
    private bool _isDisposed;

    /// <param name="work">Reports its own failures through the state; one that escapes ends only itself.</param>
    public void Run(Func<CancellationToken, Task> work)
    {
        var task = Task.Run(() => work(_end.Token));
        _running[task] = 0;
        _ = task.ContinueWith(t => _running.TryRemove(t, out var _), TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        // An orderly stop ends it before the server's own disposing does.
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _end.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_running.Keys), Task.Delay(StopMax));
        _end.Dispose();
    }
}
