namespace Godwit.Tests.Heroku;

/// <summary>A clock on which every pause is over at once, and which remembers the pauses it was asked for.</summary>
/// <param name="limitsToo">So are the limits on calls; else they are real, as the network is.</param>
public sealed class InstantClock(bool limitsToo = false) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _pauses = [];
    private DateTimeOffset _now = new(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (_lock)
                return [.. _pauses];
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (state is CancellationTokenSource && !limitsToo)
            return System.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
        {
            _pauses.Add(dueTime);
            _now += dueTime;
        }

        // Not inside this call: whoever makes a timer does not expect it to be over before it has it.
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Done();
    }

    private sealed class Done : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
