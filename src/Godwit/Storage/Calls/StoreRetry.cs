using Polly;
using Polly.Retry;

namespace Godwit.Storage.Calls;

/// <summary>Retries calls to a store: a bounded number of times, with growing and jittered pauses, and with a stall
/// limit for each attempt.</summary>
internal static class StoreRetry
{
    /// <summary>An attempt that moves no byte for this long is aborted: the connection or the service is
    /// dead.</summary>
    public static readonly TimeSpan StallMax = TimeSpan.FromSeconds(60);

    /// <summary>Attempts of a call that carries no data. Someone waits for the answer, so it gives up early.</summary>
    public const int CallAttemptsMax = 3;

    /// <summary>Attempts of one part before the upload fails. They cover almost a minute without network, because a
    /// dump that starts again keeps the source frozen.</summary>
    public const int PartAttemptsMax = 8;

    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(20);

    /// <summary>Longest pause that a service may ask for; longer means that it is down.</summary>
    private static readonly TimeSpan AskedPauseMax = TimeSpan.FromSeconds(60);

    /// <param name="isPassing">Whether the same call may succeed in a moment.</param>
    /// <exception cref="TimeoutException">In the last attempt, nothing moved for
    /// <paramref name="stallMax"/>.</exception>
    public static async Task<T> RunAsync<T>(
        int attemptsMax, TimeSpan stallMax, Func<Exception, bool> isPassing, TimeProvider clock,
        Func<StoreAttempt, Task<T>> call, CancellationToken ct) =>
        await Retrying(attemptsMax, isPassing, clock).ExecuteAsync(
            async token =>
            {
                using var attempt = new StoreAttempt(stallMax, clock, token);
                return await attempt.RunAsync(() => call(attempt));
            },
            ct);

    private static ResiliencePipeline Retrying(int attemptsMax, Func<Exception, bool> isPassing, TimeProvider clock) =>
        attemptsMax < 2
            ? ResiliencePipeline.Empty
            : new ResiliencePipelineBuilder { TimeProvider = clock }.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(isPassing),
                MaxRetryAttempts = attemptsMax - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = PauseFirst,
                MaxDelay = PauseMax,
                // Null means the pauses configured above.
                DelayGenerator = retry => ValueTask.FromResult(AskedPause(retry.Outcome.Exception)),
            }).Build();

    private static TimeSpan? AskedPause(Exception? e) =>
        e is IAsksToWait { Wait: { } wait } && wait > TimeSpan.Zero
            ? (wait < AskedPauseMax ? wait : AskedPauseMax) : null;
}

/// <summary>A service's error that may say how long to wait before the next try.</summary>
internal interface IAsksToWait
{
    /// <summary>Null when the error does not say.</summary>
    TimeSpan? Wait { get; }
}
