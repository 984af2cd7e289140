using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Keeps other commands from filling the target, by the lock that migrations take.</summary>
internal sealed class TargetHold : IAsyncDisposable
{
    // The longest time that another command could work on the target unnoticed.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly RunLock _lock;
    private readonly PostgresAddress _target;
    private readonly TimeProvider _clock;

    // The new holder of the lock, if it was lost.
    private volatile string? _other;

    private TargetHold(PostgresAddress target, TimeProvider clock)
    {
        (_target, _clock) = (target, clock);
        _lock = new RunLock(clock);
    }

    /// <param name="resumes">Ends the earlier attempt's sessions, which may still work there.</param>
    /// <exception cref="FaultException"><c>copy.target_busy</c>; or a session of that attempt does not end.</exception>
    public static async Task<TargetHold> TakeAsync(
        PostgresAddress target, bool resumes, TimeProvider clock, CancellationToken ct)
    {
        var hold = new TargetHold(target, clock);
        try
        {
            if (await hold._lock.TakeAsync(target, ct) is { } who)
                throw new FaultException(CopyFaults.TargetBusy($"{target}", who));
            if (resumes && await HasLedgerAsync(target, ct))
                await LeftSessions.EndAsync(target, clock, ct);
            return hold;
        }
        catch
        {
            await hold.DisposeAsync();
            throw;
        }
    }

    /// <summary>Works while the lock is held. If its session died (server restart, terminated), the lock is taken
    /// again.</summary>
    /// <exception cref="FaultException"><c>copy.hold_lost</c>: another command got the lock; the work
    /// stops.</exception>
    public async Task<T> KeptAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var end = new CancellationTokenSource();
        var watching = WatchAsync(run.CancelAsync, end.Token);
        try
        {
            return await work(run.Token);
        }
        catch (Exception e) when (_other is { } who && !ct.IsCancellationRequested)
        {
            throw new FaultException(CopyFaults.HoldLost($"{_target}", who), e);
        }
        finally
        {
            await end.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask DisposeAsync() => _lock.DisposeAsync();

    private async Task WatchAsync(Func<Task> stop, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(LookEvery, _clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                if (await _lock.KeepAsync(ct) is not { } who)
                    continue;
                _other = who;
                await stop();
                return;
            }
            catch (FaultException)
            {
                // Not reachable: the next check will succeed, or the work fails too.
            }
        }
    }

    private static async Task<bool> HasLedgerAsync(PostgresAddress target, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(target, ct);
        return await CopyLedger.FindAsync(session, ct) is not null;
    }
}
