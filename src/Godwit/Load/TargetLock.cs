using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Load;

/// <summary>Keeps two runs, on whatever machines, from one target: an advisory lock in the target's database for as long as the run lives.</summary>
/// <remarks>https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS</remarks>
public sealed class TargetLock : IAsyncDisposable
{
    /// <summary>"godwit" in ASCII; any number that nobody else uses will do.</summary>
    private const long LockNumber = 0x676F64776974;

    private PostgresSession? _session;

    /// <summary>Taking it twice in one run is taking it once.</summary>
    /// <exception cref="FaultException"><c>load.target_locked</c>.</exception>
    public async Task TakeAsync(PostgresAddress target, CancellationToken ct)
    {
        if (_session is not null)
            return;
        var session = await PostgresSession.OpenAsync(target, ct);
        if (await session.ScalarAsync<bool>("SELECT pg_catalog.pg_try_advisory_lock($1)", ct, LockNumber))
        {
            _session = session;
            return;
        }

        var who = await session.ScalarAsync<string>("""
            SELECT pg_catalog.format('%s since %s', a.usename, a.backend_start::timestamptz(0))
            FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32) + l.objid::bigint = $1
            """, ct, LockNumber);
        await session.DisposeAsync();
        throw new FaultException(LoadFaults.TargetLocked(target, who ?? "it has just ended"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
            await _session.DisposeAsync();
        _session = null;
    }
}
