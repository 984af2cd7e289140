using Godwit.Faults;

namespace Godwit.Storage.Calls;

internal static class StoreRetry
{
    /// <summary>An attempt is aborted if no byte moves for this long: the connection or the service is dead.</summary>
    public static readonly TimeSpan StallMax = TimeSpan.FromSeconds(60);

    /// <summary>Attempts of a call that carries no data. Someone waits for the answer, so it gives up early.</summary>
    public const int CallAttemptsMax = 3;

    /// <summary>Attempts of one part before the upload fails. They cover almost a minute without network, because a
    /// dump that starts again keeps the source frozen.</summary>
    public const int PartAttemptsMax = 8;

    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(750);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(24);

    /// <param name="isTransient">Whether the same call may succeed in a moment.</param>
    /// <exception cref="TimeoutException">Nothing moved for <paramref name="stallMax"/>, in the last attempt
    /// too.</exception>
    public static Task<T> RunAsync<T>(
        int attemptsMax, TimeSpan stallMax, Func<Exception, bool> isTransient, TimeProvider clock,
        Func<StoreAttempt, Task<T>> call, CancellationToken ct) =>
        new Retry(attemptsMax, PauseFirst, PauseMax).RunAsync(async token =>
        {
            using var attempt = new StoreAttempt(stallMax, clock, token);
            return await attempt.RunAsync(() => call(attempt));
        }, isTransient, clock, ct);
}
