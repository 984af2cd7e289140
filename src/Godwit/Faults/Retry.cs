using Polly;
using Polly.Retry;

namespace Godwit.Faults;

/// <summary>How often and when to repeat a call that failed in passing. Half of each pause is random, so that not all
/// clients return from an outage at the same moment.</summary>
/// <param name="AttemptsMax">The first included.</param>
/// <param name="PauseFirst">Upper end of the first pause, which doubles with every attempt.</param>
/// <param name="PauseMax">Upper end of every pause. What a service asks for comes on top.</param>
public sealed record Retry(int AttemptsMax, TimeSpan PauseFirst, TimeSpan PauseMax)
{
    /// <summary>A service that asks for a longer pause is as good as down: the call fails.</summary>
    public static readonly TimeSpan AskedMax = TimeSpan.FromMinutes(2);

    /// <summary>For deadlocks and lock timeouts: the server itself has waited already.</summary>
    public static Retry Soon { get; } = new(5, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1));

    /// <summary>True: the failed attempt made progress, and attempts are counted anew from it.</summary>
    public Func<bool> HasGotOn { get; init; } = () => false;

    /// <summary>Called for each failure that another attempt follows.</summary>
    public Action<Exception> Failed { get; init; } = _ => { };

    /// <param name="isTransient">Whether the same call may succeed in a moment.</param>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, Func<Exception, bool> isTransient, TimeProvider clock,
        CancellationToken ct)
    {
        var attempt = 0;
        return await new ResiliencePipelineBuilder { TimeProvider = clock }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = tried => ValueTask.FromResult(tried.Outcome.Exception is { } e && IsWorthAnother(e)),
            // Counted here.
            MaxRetryAttempts = int.MaxValue,
            OnRetry = tried =>
            {
                Failed(tried.Outcome.Exception!);
                return ValueTask.CompletedTask;
            },
            DelayGenerator = tried =>
                ValueTask.FromResult<TimeSpan?>(Asked(tried.Outcome.Exception!) + Pause(attempt)),
        }).Build().ExecuteAsync(async token => await call(token), ct);

        bool IsWorthAnother(Exception e)
        {
            attempt = HasGotOn() ? 1 : attempt + 1;
            return attempt < AttemptsMax && isTransient(e) && Asked(e) <= AskedMax;
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(
        Func<CancellationToken, Task> call, Func<Exception, bool> isTransient, TimeProvider clock,
        CancellationToken ct) =>
        RunAsync(async token =>
        {
            await call(token);
            return true;
        }, isTransient, clock, ct);

    private static TimeSpan Asked(Exception e) =>
        e is IAsksToWait { Wait: { } wait } && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

    private TimeSpan Pause(int attempt)
    {
        var upper = Math.Min(PauseMax.TotalSeconds, PauseFirst.TotalSeconds * Math.Pow(2, attempt - 1));
#pragma warning disable CA5394 // It spreads callers in time; nobody gains from guessing it.
        return TimeSpan.FromSeconds(upper * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
    }
}

/// <summary>A failure that may say when to come again.</summary>
public interface IAsksToWait
{
    /// <summary>Null: it does not say.</summary>
    TimeSpan? Wait { get; }
}
