using System.Collections.Concurrent;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Verify;

#pragma warning disable CA2000 // A session that is opened here belongs to the side, which disposes all of them.
/// <summary>One database at one moment: sessions that share a snapshot, only read, and write values alike on every server.</summary>
internal sealed class Side : IAsyncDisposable
{
    /// <summary>For the transaction only: behind a pooler the next one may go to another server process. What a value looks like must not hang on a
    /// role's or a database's own settings; and how much a server does at once is ours to say, so it starts no workers of its own.</summary>
    private const string Alike = """
        SET LOCAL search_path = ''; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = postgres;
        SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = hex; SET LOCAL xmloption = content; SET LOCAL lc_monetary = 'C';
        SET LOCAL row_security = off; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL enable_tidscan = on;
        SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL quote_all_identifiers = off; SET LOCAL standard_conforming_strings = on
        """;

    /// <summary>Settings that only some servers have.</summary>
    private const string WhereKnown = "SELECT pg_catalog.set_config(name, '0', true) FROM pg_catalog.pg_settings WHERE name = 'transaction_timeout'";

    /// <summary>A database whose texts have no encoding holds any bytes: they are taken as they are.</summary>
    private const string NoEncoding = "SQL_ASCII";

    /// <summary>How long the sessions may take to close. A server that cannot be reached does not answer that they may.</summary>
    private static readonly TimeSpan CloseMax = TimeSpan.FromSeconds(10);

    private readonly ConcurrentBag<PostgresSession> _idle = [];
    private readonly SemaphoreSlim _free;
    private readonly PostgresSession _holder;
    private readonly string _snapshot;
    private readonly bool _isOwn;

    // Whether the snapshot is our first session's, and not somebody else's.
    private Side(PostgresSession holder, string snapshot, bool isOwn, string encoding, int sessionsMax)
    {
        (_holder, _snapshot, _isOwn, Encoding, SessionsMax) = (holder, snapshot, isOwn, encoding, sessionsMax);
        _free = new SemaphoreSlim(sessionsMax);
    }

    public PostgresAddress Address => _holder.Address;

    public int Major => _holder.ServerMajor;

    /// <summary>In which the database keeps its texts.</summary>
    public string Encoding { get; }

    /// <summary>How many statements run at once.</summary>
    public int SessionsMax { get; }

    /// <summary>hash_record_extended came with PostgreSQL 14.</summary>
    public bool HashesRecords => Major >= 14;

    /// <summary>An SQL expression of a text that we can read: bytes that are no letters in any encoding are written as <c>\377</c>.</summary>
    public string Shown(string text) => Encoding == NoEncoding ? $"pg_catalog.encode(pg_catalog.textsend({text}), 'escape')" : text;

    /// <param name="snapshot">Of a session that is still open, as <c>pg_export_snapshot()</c> names it; null: the side as it is now.</param>
    /// <param name="sessionsMax">Connections, beside the one that holds the snapshot.</param>
    /// <exception cref="FaultException">It cannot be reached; or the snapshot is gone (<c>verify.snapshot_gone</c>).</exception>
    public static async Task<Side> OpenAsync(PostgresAddress address, string? snapshot, int sessionsMax, CancellationToken ct)
    {
        var first = await PostgresSession.OpenAsync(address, ct);
        try
        {
            var encoding = await first.ScalarAsync<string>("SHOW server_encoding", ct);
            await PrepareAsync(first, snapshot, isOwn: false, encoding!, ct);
            return new(first, snapshot ?? (await first.ScalarAsync<string>("SELECT pg_catalog.pg_export_snapshot()", ct))!, snapshot is null, encoding!, sessionsMax);
        }
        catch
        {
            await first.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks over a session that nobody else uses meanwhile. A server with no connection left is asked over those it gave.</summary>
    public async Task<T> AskAsync<T>(Func<PostgresSession, Task<T>> ask, CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        try
        {
            var session = await TakeAsync(ct);
            try
            {
                var answer = await ask(session);
                // What was read stays locked to the end of its transaction, and a server has room for some thousand locks.
                await session.ExecuteAsync("ROLLBACK TO SAVEPOINT godwit_side", ct);
                _idle.Add(session);
                return answer;
            }
            catch
            {
                // Its transaction is broken, and answers nobody any more; the snapshot is held by a session that is asked nothing.
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
        await Task.WhenAny(Task.WhenAll(_idle.Append(_holder).Select(session => session.DisposeAsync().AsTask())), Task.Delay(CloseMax, TimeProvider.System));
        _free.Dispose();
    }

    private async Task<PostgresSession> TakeAsync(CancellationToken ct)
    {
        while (true)
        {
            if (_idle.TryTake(out var idle))
                return idle;
            try
            {
                var session = await PostgresSession.OpenAsync(Address, ct);
                try
                {
                    await PrepareAsync(session, _snapshot, _isOwn, Encoding, ct);
                    await session.ExecuteAsync("SAVEPOINT godwit_side", ct);
                    return session;
                }
                catch
                {
                    await session.DisposeAsync();
                    throw;
                }
            }
            catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.TooManyConnections) && _free.CurrentCount < SessionsMax - 1)
            {
                // The permit stays taken: from now on one statement less runs at once.
                await _free.WaitAsync(ct);
            }
        }
    }

    private static async Task PrepareAsync(PostgresSession session, string? snapshot, bool isOwn, string encoding, CancellationToken ct)
    {
        await session.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ct);
        if (snapshot is not null)
        {
            try
            {
                await session.ExecuteAsync($"SET TRANSACTION SNAPSHOT '{snapshot.Replace("'", "''", StringComparison.Ordinal)}'", ct);
            }
            catch (FaultException e) when (PostgresSession.StateOf(e) is not null && e.Fault.Kind != FaultKind.Transient)
            {
                throw new FaultException(isOwn ? VerifyFaults.SideLost(session.Address) : VerifyFaults.SnapshotGone(snapshot, e.Fault.Why), e);
            }
        }

        await session.ExecuteAsync(Alike, ct);
        await session.ExecuteAsync(WhereKnown, ct);
        if (encoding == NoEncoding)
            await session.ExecuteAsync("SET LOCAL client_encoding = 'SQL_ASCII'", ct);
    }
}
