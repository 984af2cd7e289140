using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Reads a state until it is final, the time is over, or too many reads in a row failed.</summary>
/// <param name="what">Completes "Cannot see the state of …".</param>
/// <param name="tooSlow">Makes the fault at the limit from the last state.</param>
internal sealed class Watch(
    HerokuClient heroku, string what, TimeSpan interval, TimeSpan limit, Func<string, Fault> tooSlow)
{
    private readonly long _start = heroku.Clock.GetTimestamp();

    /// <param name="look">Null counts as a failed read: Heroku may not know a new object yet.</param>
    /// <param name="seen">Called after every successful read.</param>
    public async Task<T> UntilAsync<T>(
        Func<Task<T?>> look, Func<T, bool> isOver, Func<T, string> state, Action<T>? seen, CancellationToken ct)
        where T : class
    {
        var (failed, last) = (0, "not to be seen yet");
        while (true)
        {
            var (found, why) = await TryLookAsync(look);
            if (found is not null)
            {
                (failed, last) = (0, state(found));
                seen?.Invoke(found);
                if (isOver(found))
                    return found;
            }
            else if (++failed >= heroku.Options.FailedLooksMax)
            {
                throw new FaultException(HerokuFaults.LostSight(what, failed, why));
            }

            if (heroku.Clock.GetElapsedTime(_start) + interval > limit)
                throw new FaultException(tooSlow(last));
            await Task.Delay(interval, heroku.Clock, ct);
        }
    }

    private static async Task<(T? Found, string Why)> TryLookAsync<T>(Func<Task<T?>> look)
        where T : class
    {
        try
        {
            return (await look(), "Heroku does not know it");
        }
        catch (FaultException e) when (e.Fault.Kind == FaultKind.Transient)
        {
            return (null, e.Fault.Why);
        }
    }
}
