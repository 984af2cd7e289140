namespace Godwit.Faults;

/// <summary>A token that ends with another one, or when its time is up.</summary>
public sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _either;

    public TimeLimit(TimeSpan max, TimeProvider clock, CancellationToken ct = default)
    {
        _time = new CancellationTokenSource(max, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, ct);
    }

    public CancellationToken Token => _either.Token;

    public bool IsOver => _time.IsCancellationRequested;

#pragma warning disable RS0030 // The source keeps the clock that it was made with.
    public void Renew(TimeSpan max) => _time.CancelAfter(max);
#pragma warning restore RS0030

    public void Dispose()
    {
        _either.Dispose();
        _time.Dispose();
    }
}
