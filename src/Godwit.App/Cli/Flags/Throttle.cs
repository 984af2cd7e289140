namespace Godwit.App.Cli.Flags;

/// <summary>Lets one call through per interval. Not thread-safe.</summary>
internal sealed class Throttle(TimeSpan interval, TimeProvider clock)
{
    private long? _last;

    public bool IsDue()
    {
        if (_last is { } last && clock.GetElapsedTime(last) < interval)
            return false;
        _last = clock.GetTimestamp();
        return true;
    }
}
