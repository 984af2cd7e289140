using System.Collections.Concurrent;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Verify;

/// <summary>One database at one moment: sessions that share a snapshot, only read, and write values alike on every
/// server.</summary>
internal sealed class Side : IAsyncDisposable
{
    /// <summary>What a value looks like must not hang on a role's or a database's own settings; and how much a server
    /// does at once is ours to say, so it starts no workers of its own. A database whose texts have no encoding holds
    /// any bytes: they are taken as they are.</summary>
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

    /// <summary>How long a session may take to get back to its savepoint; a server that answers does so at
    /// once.</summary>
    private static readonly TimeSpan SaveMax = TimeSpan.FromSeconds(30);

    private readonly ConcurrentBag<PostgresSession> _idle = [];
    private readonly SemaphoreSlim _free;
    private readonly HeldSnapshot _moment;

    private Side(HeldSnapshot moment, int sessionsMax)
    {
        (_moment, SessionsMax) = (moment, moment.Sharing.MayShare ? sessionsMax : 1);
        _free = new SemaphoreSlim(SessionsMax);
    }

    public PostgresAddress Address => _moment.First.Address;

    public TimeProvider Clock => _moment.Clock;

    public int Major => _moment.First.ServerMajor;

    /// <summary>In which the database keeps its texts.</summary>
    public string Encoding => _moment.Encoding;

    /// <summary>It was a standby when its moment was taken, and has no rows of unlogged tables.</summary>
    public bool IsStandby => _moment.Sharing.IsInRecovery;

    /// <summary>What is to be known of a standby; null: it is a primary.</summary>
    public Task<StandbyFacts?> StandbyAsync(CancellationToken ct) =>
        AskAsync(session => StandbyFacts.FindAsync(session, _moment.Sharing, ct), ct);

    /// <summary>How many statements run at once.</summary>
    public int SessionsMax { get; }

    /// <summary>hash_record_extended came with PostgreSQL 14.</summary>
    public bool HashesRecords => Major >= 14;

    /// <summary>An SQL expression of a text that we can read: bytes that are no letters in any encoding are written as
    /// <c>\377</c>.</summary>
    public string Shown(string text) =>
        Encoding == NoEncoding ? $"pg_catalog.encode(pg_catalog.textsend({text}), 'escape')" : text;

    /// <param name="snapshot">Of a session that is still open, as <c>pg_export_snapshot()</c> names it; null: the side
    /// as it is now.</param>
    /// <param name="sessionsMax">Connections, beside the one that holds the snapshot.</param>
    /// <exception cref="FaultException">It cannot be reached; or the snapshot is gone
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

    /// <summary>Asks over a session that nobody else uses meanwhile. A server with no connection left is asked over
    /// those it gave.</summary>
    public async Task<T> AskAsync<T>(Func<PostgresSession, Task<T>> ask, CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        try
        {
            var session = await TakeAsync(ct);
            try
            {
                var answer = await ask(session);
                // What was read stays locked to the end of its transaction, and a server has room for some
                // thousand locks.
                await session.ExecuteAsync(Restore, ct);
                _idle.Add(session);
                return answer;
            }
            catch
            {
                if (session == _moment.First)
                    await SaveFirstAsync();
                else
                    // Its transaction is broken, and answers nobody any more; the snapshot is held by a session that is
                    // asked nothing.
                    await session.DisposeAsync();
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
        await _moment.CloseAsync(_idle);
        _free.Dispose();
    }

    private async Task<PostgresSession> TakeAsync(CancellationToken ct)
    {
        while (true)
        {
            if (_idle.TryTake(out var idle))
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
                // The permit stays taken: from now on one statement less runs at once.
                await _free.WaitAsync(ct);
            }
            catch (FaultException e) when (HeldSnapshot.IsGone(e))
            {
                throw new FaultException(_moment.IsOwn
                    ? VerifyFaults.SideLost(Address) : VerifyFaults.SnapshotGone(_moment.Id, e.Fault.Why), e);
            }
        }
    }

    /// <summary>Where no session may join the moment, the one that holds it is asked.</summary>
    private async Task AskFirstAsync(CancellationToken ct)
    {
        try
        {
            await _moment.First.ExecuteAsync(Save, ct);
            _idle.Add(_moment.First);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Behind a statement that failed, or was stopped: the transaction goes on from its savepoint, and with it
    /// the moment. If it cannot, the side is lost, and whoever asks next is told so.</summary>
    private async Task SaveFirstAsync()
    {
        using var limit = new TimeLimit(SaveMax, Clock);
        try
        {
            await _moment.First.ExecuteAsync(Restore, limit.Token);
            _idle.Add(_moment.First);
        }
        catch (Exception e) when (e is FaultException or OperationCanceledException)
        {
            // Why the statement failed is thrown by the caller, and says more.
        }
    }

    private async Task<PostgresSession> JoinAsync(CancellationToken ct)
    {
        var session = await _moment.JoinAsync(ct);
        try
        {
            await session.ExecuteAsync(Save, ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
