using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Migration;

/// <summary>One run per source and per target at a time, across machines: a lock in each database, checked during the
/// whole run.</summary>
/// <param name="target">Taken by the step that finds the target, and here if the target is known.</param>
/// <param name="findTarget">Returns null while there is no target.</param>
internal sealed class RunLocks(
    PostgresAddress source, RunLock target, Func<CancellationToken, Task<PostgresAddress?>> findTarget,
    TimeProvider clock) : IRunGuard, IAsyncDisposable
{
    // The longest time that another run can work beside this one unnoticed, during a step.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    // A server that restarts is usually back within a minute. A run that had its lock waits for it.
    private static readonly TimeSpan ReachMax = TimeSpan.FromMinutes(1);

    // ReachMax ends the attempts, not their number.
    private static readonly Retry Reaching = new(120, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    private readonly RunLock _source = new(clock);
    private readonly CancellationTokenSource _end = new();
    private Task _watching = Task.CompletedTask;

    public Fault? Lost { get; private set; }

    public async Task RequireAsync(IStep step, CancellationToken ct)
    {
        // Such a step explains better why the source cannot be reached.
        if (step.Traits.HasFlag(StepTraits.ReachesSource))
            return;
        var started = clock.GetTimestamp();
        await Reaching.RunAsync(async token =>
        {
            if ((await LookAsync(_source, source, token) ?? await KeepTargetAsync(token)) is { } fault)
                throw new FaultException(fault);
        }, e => e is FaultException { Fault.Kind: FaultKind.Transient } && _source.IsTaken
            && clock.GetElapsedTime(started) < ReachMax, clock, ct);
    }

    /// <summary>For a run that skips the step that takes the target's lock. A database that cannot be reached counts as
    /// free.</summary>
    /// <returns>Why nothing may be changed: another run has a database. Null: none has.</returns>
    public async Task<Fault?> TakeBothAsync(CancellationToken ct) =>
        await TryAsync(() => LookAsync(_source, source, ct))
        ?? await TryAsync(async () =>
            await findTarget(ct) is { } address ? await LookAsync(target, address, ct) : null);

    /// <summary>Cancels <paramref name="run"/> when another run has taken one of the databases.</summary>
    public void Watch(CancellationTokenSource run) => _watching = WatchAsync(run);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        await _source.DisposeAsync();
    }

    private async Task WatchAsync(CancellationTokenSource run)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(_end.Token))
        {
            // Null also if a database was not reached: the next look, or the next step, tries again.
            if (await TryAsync(() => KeepAsync(_end.Token)) is not { } lost)
                continue;
            Lost = lost;
            await run.CancelAsync();
            return;
        }
    }

    private async Task<Fault?> KeepAsync(CancellationToken ct) =>
        await _source.KeepAsync(ct) is { } who ? MigrationFaults.LockLost(source, who) : await KeepTargetAsync(ct);

    private async Task<Fault?> KeepTargetAsync(CancellationToken ct) =>
        await target.KeepAsync(ct) is { } who ? MigrationFaults.LockLost(target.Address!, who) : null;

    private static async Task<Fault?> LookAsync(RunLock one, PostgresAddress address, CancellationToken ct)
    {
        var hadIt = one.IsTaken;
        return await one.TakeAsync(address, ct) is not { } who ? null
            : hadIt ? MigrationFaults.LockLost(address, who)
            : MigrationFaults.Locked(address, who);
    }

    private static async Task<Fault?> TryAsync(Func<Task<Fault?>> look)
    {
        try
        {
            return await look();
        }
        catch (FaultException)
        {
            return null;
        }
    }
}
