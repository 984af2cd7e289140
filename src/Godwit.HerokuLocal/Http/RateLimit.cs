namespace Godwit.HerokuLocal.Http;

/// <summary>Heroku's bucket of calls: 4500 per account, refilled by 75 a minute.</summary>
internal sealed class RateLimit(TimeProvider clock)
{
    private const double Full = 4500;
    private const double PerMinute = 75;

    private readonly Lock _lock = new();
    private double _left = Full;
    private DateTimeOffset _asOf = clock.GetUtcNow();

    /// <returns>What is left after this call; negative: refuse it.</returns>
    public int Take()
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            _left = Math.Min(Full, _left + ((now - _asOf).TotalMinutes * PerMinute));
            _asOf = now;
            if (_left < 1)
                return -1;
            _left--;
            return (int)_left;
        }
    }
}
