namespace Godwit.Postgres;

/// <param name="bytesPerSecond">Null: no limit.</param>
internal sealed class RateGate(long? bytesPerSecond, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _next = clock.GetUtcNow();

    public Task WaitAsync(long bytes, CancellationToken ct)
    {
        if (bytesPerSecond is not { } rate)
            return Task.CompletedTask;
        TimeSpan wait;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var begins = _next > now ? _next : now;
            _next = begins + TimeSpan.FromSeconds((double)bytes / rate);
            wait = begins - now;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, clock, ct) : Task.CompletedTask;
    }
}
