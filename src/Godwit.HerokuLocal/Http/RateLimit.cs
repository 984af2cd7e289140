namespace Godwit.HerokuLocal.Http;

/// <summary>A bucket of calls, full at first and refilled continuously.</summary>
/// <param name="full">Calls in a full bucket, which an hour refills.</param>
internal sealed class RateLimit(int full, TimeProvider clock)
{
    private const double MinutesToRefill = 60;

    private readonly Lock _lock = new();
    private double _left = full;
    private DateTimeOffset _asOf = clock.GetUtcNow();

    /// <summary>Calls left after this one; negative: refuse it.</summary>
    public int Take()
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            _left = Math.Min(full, _left + ((now - _asOf).TotalMinutes * full / MinutesToRefill));
            _asOf = now;
            if (_left < 1)
                return -1;
            _left--;
            return (int)_left;
        }
    }
}
