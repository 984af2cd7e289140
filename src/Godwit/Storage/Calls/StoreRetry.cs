using Polly;
using Polly.Retry;

namespace Godwit.Storage.Calls;

/// <summary>How every call to a store is repeated: with growing and jittered pauses, a bounded number of times, and
/// each attempt given up when nothing moves any more.</summary>
internal static class StoreRetry
{
    /// <summary>An attempt that moved no byte for so long is given up: the connection is dead, or the service
    /// is.</summary>
    public static readonly TimeSpan StallMax = TimeSpan.FromSeconds(60);

    /// <summary>Attempts of a call that carries no data. Someone waits for the answer, so it gives up early.</summary>
    public const int CallAttemptsMax = 3;

    /// <summary>Attempts of one part of an upload, before the upload is given up. It rides out almost a minute without
    /// network: a source stays frozen for a dump that has to begin again.</summary>
    public const int PartAttemptsMax = 8;

    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(20);

    /// <summary>A service that asks for more than this is as good as down.</summary>
    private static readonly TimeSpan AskedPauseMax = TimeSpan.FromSeconds(60);

    /// <param name="isPassing">Whether the same call may succeed in a moment.</param>
    /// <exception cref="TimeoutException">Nothing moved for <paramref name="stallMax"/>, in the last attempt
    /// too.</exception>
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
                // Null: as above.
                DelayGenerator = retry => ValueTask.FromResult(AskedPause(retry.Outcome.Exception)),
            }).Build();

    private static TimeSpan? AskedPause(Exception? e) =>
        e is IAsksToWait { Wait: { } wait } && wait > TimeSpan.Zero
            ? (wait < AskedPauseMax ? wait : AskedPauseMax) : null;
}

/// <summary>A refusal that may say when to come again.</summary>
internal interface IAsksToWait
{
    /// <summary>Null: it does not say.</summary>
    TimeSpan? Wait { get; }
}
