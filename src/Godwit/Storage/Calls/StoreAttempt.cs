namespace Godwit.Storage.Calls;

/// <summary>One attempt of a call. It fails when no byte moves for a while; its total time is not limited.</summary>
internal sealed class StoreAttempt : IDisposable
{
    private readonly TimeSpan _stallMax;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _linked;
    private readonly CancellationToken _outer;

    public StoreAttempt(TimeSpan stallMax, TimeProvider clock, CancellationToken ct)
    {
        _stallMax = stallMax;
        _outer = ct;
        _stalled = new CancellationTokenSource(stallMax, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_stalled.Token, ct);
    }

    public CancellationToken Token => _linked.Token;

    /// <summary>Restarts the stall timer, because something moved.</summary>
    public void Alive() => _stalled.CancelAfter(_stallMax);

    /// <exception cref="TimeoutException">Nothing moved for too long.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (_stalled.IsCancellationRequested && !_outer.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing moved for {_stallMax.TotalSeconds:0} seconds", e);
        }
        catch (OperationCanceledException e) when (!_outer.IsCancellationRequested)
        {
            // The only other limit is the connect timeout, which .NET reports as a cancellation.
            throw new TimeoutException($"no connection within {StoreHttp.ConnectMax.TotalSeconds:0} seconds", e);
        }
    }

    public void Dispose()
    {
        _linked.Dispose();
        _stalled.Dispose();
    }
}
