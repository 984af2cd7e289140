using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>Keeps other runs, on any machine, off a database by an advisory lock.
/// https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS</summary>
public sealed class RunLock(TimeProvider clock) : IAsyncDisposable
{
    // "godwit" in ASCII; any number that no other program uses.
    private const long LockNumber = 0x676F64776974;

    // The server notices a killed client sooner; a live run holds its lock far longer.
    private const string PatienceMax = "3s";

    // With these keepalives the server detects a dead client machine or network after half a minute, and releases the
    // lock half a minute later.
    private const string Settings = $"""
        SELECT pg_catalog.set_config('lock_timeout', '{PatienceMax}', false),
               pg_catalog.set_config('tcp_keepalives_idle', '30', false),
               pg_catalog.set_config('tcp_keepalives_interval', '10', false),
                   pg_catalog.set_config('tcp_keepalives_count', '3', false)
        """;

    // A server that takes longer counts as lost; the next check finds out.
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _turn = new(1);
    private PostgresAddress? _address;
    private PostgresSession? _session;

    /// <summary>The lock must be kept.</summary>
    public bool IsTaken => _address is not null;

    /// <summary>Null: not taken.</summary>
    public PostgresAddress? Address => _address;

    /// <summary>Takes the lock, or checks that it is still ours. A lock whose session ended (a server restart) is taken
    /// again. Null: the lock is ours; else its holder, for people.</summary>
    public async Task<string?> TakeAsync(PostgresAddress address, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_session is { } held && await IsAliveAsync(held, ct))
                return null;
            await CloseAsync();
            return await TakeAnewAsync(address, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The same for a lock taken before; null if there was none.</summary>
    public Task<string?> KeepAsync(CancellationToken ct) =>
        _address is { } address ? TakeAsync(address, ct) : Task.FromResult<string?>(null);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _turn.Dispose();
    }

    private async Task<string?> TakeAnewAsync(PostgresAddress address, CancellationToken ct)
    {
        var isOurs = false;
        _session = await PostgresSession.OpenAsync(address, ct);
        try
        {
            // Behind a pooler the lock would stay with a session that goes to another client.
            isOurs = _session.IsPooled || await IsGivenAsync(_session, ct);
            if (!isOurs)
                return await HolderAsync(_session, ct) ?? "it has just ended";
            _address = address;
            return null;
        }
        finally
        {
            if (!isOurs)
                await CloseAsync();
        }
    }

    private static async Task<bool> IsGivenAsync(PostgresSession session, CancellationToken ct)
    {
        await session.ExecuteAsync(Settings, ct);
        try
        {
            await session.ExecuteAsync("SELECT pg_catalog.pg_advisory_lock($1)", ct, LockNumber);
            return true;
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable))
        {
            return false;
        }
    }

    private static Task<string?> HolderAsync(PostgresSession session, CancellationToken ct) =>
        session.ScalarAsync<string>("""
            SELECT pg_catalog.format('%s (pid %s) since %s', a.usename, a.pid, a.backend_start::timestamptz(0))
            FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32) + l.objid::bigint = $1
              AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
            """, ct, LockNumber);

    private async Task<bool> IsAliveAsync(PostgresSession session, CancellationToken ct)
    {
        using var limit = new TimeLimit(AnswerMax, clock, ct);
        try
        {
            await session.ExecuteAsync("SELECT 1", limit.Token);
            return true;
        }
        catch (Exception e)
            when (e is FaultException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task CloseAsync()
    {
        if (_session is not null)
            await _session.DisposeAsync();
        _session = null;
    }
}
