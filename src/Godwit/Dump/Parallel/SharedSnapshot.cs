// Dump.Parallel: the archive that pg_dump would write, made by several workers at once.
//
// pg_dump knows every version's catalogs, and writes its table of contents before any data: that is taken from it, in a snapshot of ours,
// and pg_dump is stopped. The data comes from our own sessions in the same snapshot. What differs from pg_dump's archive is the place of the
// bytes, not what pg_restore makes of them.
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump.Parallel;

#pragma warning disable CA2000 // A session that is opened here belongs to the snapshot, which disposes all of them.
/// <summary>Sessions at the source that all see it at the same moment.</summary>
internal sealed class SharedSnapshot : IAsyncDisposable
{
    /// <summary>As pg_dump sets them, so that the same rows give the same bytes; and nothing that would change the order of rows or cost time
    /// per range (a compiled plan, parallel workers of the server's own).</summary>
    /// <remarks>setup_connection in PostgreSQL's <c>pg_dump.c</c>.</remarks>
    private const string AsPgDump = """
        SET search_path = ''; SET DateStyle = ISO; SET IntervalStyle = postgres; SET extra_float_digits = 3; SET synchronize_seqscans = off;
        SET row_security = off; SET jit = off; SET max_parallel_workers_per_gather = 0; SET enable_tidscan = on
        """;

    /// <summary>Left to the application and to whoever looks after the server while we dump.</summary>
    private const int ConnectionsSpared = 2;

    private readonly PostgresAddress _source;
    private readonly List<PostgresSession> _sessions;

    private SharedSnapshot(PostgresAddress source, PostgresSession first, string id, string encoding) =>
        (_source, _sessions, Id, Encoding) = (source, [first], id, encoding);

    /// <summary>For <c>SET TRANSACTION SNAPSHOT</c> and <c>pg_dump --snapshot</c>, as long as the first session lives.</summary>
    public string Id { get; }

    /// <summary>The database's own: no text is converted on its way, so none can fail to be.</summary>
    public string Encoding { get; }

    public IReadOnlyList<PostgresSession> Sessions => _sessions;

    /// <summary>The one that exported the snapshot.</summary>
    public PostgresSession First => _sessions[0];

    public static async Task<SharedSnapshot> TakeAsync(PostgresAddress source, CancellationToken ct)
    {
        var first = await PostgresSession.OpenForBulkReadingAsync(source, ct);
        try
        {
            var encoding = await first.ScalarAsync<string>("SHOW server_encoding", ct);
            await PrepareAsync(first, encoding!, ct);
            var id = await first.ScalarAsync<string>("SELECT pg_catalog.pg_export_snapshot()", ct);
            return new(source, first, id!, encoding!);
        }
        catch
        {
            await first.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many sessions may join beside the first, so that the server keeps some for others.</summary>
    public async Task<int> FreeAsync(CancellationToken ct)
    {
        // numbackends counts the server's own workers too: rather too careful than in an application's way.
        var free = await First.ScalarAsync<long>("""
            SELECT least(
                current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint
                    - coalesce(current_setting('reserved_connections', true), '0')::bigint
                    - (SELECT sum(numbackends) FROM pg_catalog.pg_stat_database),
                (SELECT nullif(datconnlimit, -1)::bigint - pg_catalog.pg_stat_get_db_numbackends(oid)
                 FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()),
                (SELECT nullif(rolconnlimit, -1)::bigint - (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE usename = current_user)
                 FROM pg_catalog.pg_roles WHERE rolname = current_user))::bigint
            """, ct);
        return (int)Math.Clamp(free - ConnectionsSpared, 0, int.MaxValue);
    }

    /// <summary>Locks tables in one of the sessions that join. False: the server has no room for so many locks.</summary>
    /// <exception cref="FaultException">The server has no connection left, or somebody holds one of the tables.</exception>
    public async Task<bool> TryLockAsync(uint[] oids, CancellationToken ct)
    {
        // Not in the first session: the driver closes one whose server ran out of memory, and the snapshot would be gone.
        var holder = await JoinAsync(ct);
        if (await TableLocks.TryTakeAsync(holder, oids, ct))
            return true;
        _sessions.Remove(holder);
        await holder.DisposeAsync();
        return false;
    }

    /// <summary>One more session in the snapshot. False: the server has no connection left for it.</summary>
    public async Task<bool> TryJoinAsync(CancellationToken ct)
    {
        try
        {
            await JoinAsync(ct);
            return true;
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.TooManyConnections))
        {
            return false;
        }
    }

    private async Task<PostgresSession> JoinAsync(CancellationToken ct)
    {
        var session = await PostgresSession.OpenForBulkReadingAsync(_source, ct);
        _sessions.Add(session);
        await PrepareAsync(session, Encoding, ct);
        await session.ExecuteAsync($"SET TRANSACTION SNAPSHOT '{Id}'", ct);
        return session;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
            await session.DisposeAsync();
    }

    private static async Task PrepareAsync(PostgresSession session, string encoding, CancellationToken ct)
    {
        await session.ExecuteAsync(AsPgDump, ct);
        await session.ExecuteAsync($"SET client_encoding = '{encoding}'", ct);
        if (session.ServerMajor >= 17)
            await session.ExecuteAsync("SET transaction_timeout = 0", ct);
        await session.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ct);
    }
}
