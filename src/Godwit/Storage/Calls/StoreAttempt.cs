using Godwit.Faults;

namespace Godwit.Storage.Calls;

/// <summary>Fails when no byte moves for a while; the total time is not limited.</summary>
internal sealed class StoreAttempt : IDisposable
{
    private readonly TimeSpan _stallMax;
    private readonly TimeLimit _stalled;
    private readonly CancellationToken _outer;

    public StoreAttempt(TimeSpan stallMax, TimeProvider clock, CancellationToken ct)
    {
        _stallMax = stallMax;
        _outer = ct;
        _stalled = new TimeLimit(stallMax, clock, ct);
    }

    public CancellationToken Token => _stalled.Token;

    public void Alive() => _stalled.Renew(_stallMax);

    /// <exception cref="TimeoutException">Nothing moved for too long.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (_stalled.IsOver && !_outer.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing moved for {_stallMax.TotalSeconds:0} seconds", e);
        }
        catch (OperationCanceledException e) when (!_outer.IsCancellationRequested)
        {
            // The only other limit is the connect timeout, which .NET reports as a cancellation.
            throw new TimeoutException($"no connection within {StoreHttp.ConnectMax.TotalSeconds:0} seconds", e);
        }
    }

    public void Dispose() => _stalled.Dispose();
}
