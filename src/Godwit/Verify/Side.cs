using System.Threading.Channels;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Verify;

/// <summary>One database at one moment: read-only sessions that share a snapshot and print values the same on every
/// server.</summary>
internal sealed class Side : IAsyncDisposable
{
    /// <summary>Settings of roles and databases must not change how a value is printed. Parallel workers are off:
    /// <see cref="SessionsMax"/> limits the load. Texts of an SQL_ASCII database may hold any bytes, so they are read
    /// unconverted.</summary>
    internal const string Alike = """
        SET LOCAL search_path = ''; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD';
        SET LOCAL IntervalStyle = postgres;
        SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = hex; SET LOCAL xmloption = content;
        SET LOCAL lc_monetary = 'C';
        SET LOCAL row_security = off; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0;
        SET LOCAL enable_tidscan = on;
        SET LOCAL quote_all_identifiers = off; SET LOCAL standard_conforming_strings = on;
        SELECT pg_catalog.set_config('client_encoding', 'SQL_ASCII', true)
        WHERE pg_catalog.current_setting('server_encoding') = 'SQL_ASCII'
        """;

    private const string NoEncoding = "SQL_ASCII";

    private const string Save = "SAVEPOINT godwit_side";

    private const string Restore = "ROLLBACK TO SAVEPOINT godwit_side";

    // For a rollback to the savepoint; a server that responds needs only an instant.
    private static readonly TimeSpan SaveMax = TimeSpan.FromSeconds(30);

    // Most statements about a small database take less time than a login, for both sides. So another session is opened
    // only if none becomes idle within this time.
    private static readonly TimeSpan IdleWaitMax = TimeSpan.FromMilliseconds(50);

    private readonly Channel<PostgresSession> _idle;
    private readonly SemaphoreSlim _free;
    private readonly HeldSnapshot _moment;

    // Being opened, in use or idle; the one that holds the snapshot does not count.
    private int _joined;

    private Side(HeldSnapshot moment, int sessionsMax)
    {
        (_moment, SessionsMax) = (moment, moment.Sharing.MayShare ? sessionsMax : 1);
        _free = new SemaphoreSlim(SessionsMax);
        _idle = Channel.CreateBounded<PostgresSession>(SessionsMax);
    }

    public PostgresAddress Address => _moment.First.Address;

    public TimeProvider Clock => _moment.Clock;

    public int Major => _moment.First.ServerMajor;

    public string Encoding => _moment.Encoding;

    /// <summary>When the snapshot was taken; rows of unlogged tables are missing.</summary>
    public bool IsStandby => _moment.Sharing.IsInRecovery;

    /// <summary>Null: a primary.</summary>
    public Task<StandbyFacts?> StandbyAsync(CancellationToken ct) =>
        AskAsync(session => StandbyFacts.FindAsync(session, _moment.Sharing, ct), ct);

    /// <summary>Statements that run at once.</summary>
    public int SessionsMax { get; }

    /// <summary>hash_record_extended came with PostgreSQL 14.</summary>
    public bool HashesRecords => Major >= 14;

    /// <summary>For an SQL text expression: without an encoding, non-ASCII bytes become <c>\377</c>.</summary>
    public string Shown(string text) =>
        Encoding == NoEncoding ? $"pg_catalog.encode(pg_catalog.textsend({text}), 'escape')" : text;

    /// <param name="snapshot">From <c>pg_export_snapshot()</c> in a session that is still open; null: the present
    /// state.</param>
    /// <param name="sessionsMax">Beside the one that holds the snapshot.</param>
    /// <exception cref="FaultException">The server cannot be reached; or the snapshot is gone
    /// (<c>verify.snapshot_gone</c>).</exception>
    public static async Task<Side> OpenAsync(
        PostgresAddress address, string? snapshot, int sessionsMax, TimeProvider clock, CancellationToken ct)
    {
        try
        {
#pragma warning disable CA2000 // The side it becomes part of disposes it.
            var side = new Side(await HeldSnapshot.TakeAsync(address, new(Alike, IsBulk: false), snapshot, clock, ct),
                sessionsMax);
#pragma warning restore CA2000
            if (!side._moment.Sharing.MayShare)
                await side.AskFirstAsync(ct);
            return side;
        }
        catch (FaultException e) when (HeldSnapshot.IsGone(e))
        {
            throw new FaultException(VerifyFaults.SnapshotGone(snapshot!, e.Fault.Why), e);
        }
    }

    /// <summary>In a session of its own. Waits for an open session if the server has no connection left.</summary>
    public async Task<T> AskAsync<T>(Func<PostgresSession, Task<T>> ask, CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        try
        {
            var session = await TakeAsync(ct);
            try
            {
                var answer = await ask(session);
                // Otherwise locks on read tables last until the transaction ends, and a server has room for some
                // thousand.
                await session.ExecuteAsync(Restore, ct);
                _idle.Writer.TryWrite(session);
                return answer;
            }
            catch
            {
                if (session == _moment.First)
                    await SaveFirstAsync();
                else
                    // The transaction is aborted. The snapshot survives: an idle session holds it.
                    await CloseAsync(session);
                throw;
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        var idle = new List<PostgresSession>();
        while (_idle.Reader.TryRead(out var session))
            idle.Add(session);
        await _moment.CloseAsync(idle);
        _free.Dispose();
    }

    private async Task<PostgresSession> TakeAsync(CancellationToken ct)
    {
        while (true)
        {
            if (await FindIdleAsync(ct) is { } idle)
                return idle;
            if (!_moment.Sharing.MayShare)
                throw new FaultException(VerifyFaults.SideLost(Address));
            try
            {
                return await JoinAsync(ct);
            }
            catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.TooManyConnections)
                && _free.CurrentCount < SessionsMax - 1)
            {
                // The permit is never released: one statement less runs at once.
                await _free.WaitAsync(ct);
            }
            catch (FaultException e) when (HeldSnapshot.IsGone(e))
            {
                throw new FaultException(_moment.IsOwn
                    ? VerifyFaults.SideLost(Address) : VerifyFaults.SnapshotGone(_moment.Id, e.Fault.Why), e);
            }
        }
    }

    private async Task<PostgresSession?> FindIdleAsync(CancellationToken ct)
    {
        if (_idle.Reader.TryRead(out var idle) || Volatile.Read(ref _joined) == 0)
            return idle;
        using var limit = new TimeLimit(IdleWaitMax, Clock, ct);
        try
        {
            return await _idle.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    // If other sessions cannot join the snapshot, its own session runs the statements.
    private async Task AskFirstAsync(CancellationToken ct)
    {
        try
        {
            await _moment.First.ExecuteAsync(Save, ct);
            _idle.Writer.TryWrite(_moment.First);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    // Rolls back to the savepoint after a failed or cancelled statement, to keep the snapshot. If that fails, the next
    // caller gets verify.side_lost.
    private async Task SaveFirstAsync()
    {
        using var limit = new TimeLimit(SaveMax, Clock);
        try
        {
            await _moment.First.ExecuteAsync(Restore, limit.Token);
            _idle.Writer.TryWrite(_moment.First);
        }
        catch (Exception e) when (e is FaultException or OperationCanceledException)
        {
            // The caller throws the statement's own error, which says more.
        }
    }

    private async Task<PostgresSession> JoinAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref _joined);
        PostgresSession? session = null;
        try
        {
            session = await _moment.JoinAsync(ct);
            await session.ExecuteAsync(Save, ct);
            return session;
        }
        catch
        {
            await CloseAsync(session);
            throw;
        }
    }

    private async Task CloseAsync(PostgresSession? session)
    {
        Interlocked.Decrement(ref _joined);
        if (session is not null)
            await session.DisposeAsync();
    }
}
