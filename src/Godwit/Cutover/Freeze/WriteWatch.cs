using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Cutover.Freeze;

/// <summary>Watches whether anybody writes in this database. The WAL belongs to the whole server, so when it advances,
/// the writer is looked for.</summary>
internal sealed class WriteWatch(PostgresSession session, TimeProvider clock)
{
    private static readonly TimeSpan StillFor = TimeSpan.FromMilliseconds(300);

    // A session reports what it wrote once a second at most (PGSTAT_MIN_INTERVAL), and when it ends. Before 15, the
    // server counts it up to half a second later still (PGSTAT_STAT_INTERVAL).
    private static readonly TimeSpan CountedLate = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    // A session that writes all the time reports its counters once a second (PGSTAT_MIN_INTERVAL).
    private static readonly TimeSpan WatchMax = TimeSpan.FromSeconds(3);

    // One second in all to find the writer's name.
    private const int NameLooksMax = 40;

    private static readonly TimeSpan NameEvery = TimeSpan.FromMilliseconds(25);

    // A writer has both a transaction ID and a write lock on a table. With only one of them, a session tried to write
    // or only took an ID. The server's own workers have no user.
    private const string Writers = """
        SELECT DISTINCT pg_catalog.format('%s (pid %s, %s)', a.usename, a.pid,
            COALESCE(NULLIF(a.application_name, ''), 'no application name'))
        FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_locks n ON n.pid = a.pid
             JOIN pg_catalog.pg_locks t ON t.pid = a.pid
        WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
            AND a.usesysid IS NOT NULL
          AND n.locktype = 'transactionid' AND n.mode = 'ExclusiveLock' AND n.granted
          AND t.locktype = 'relation' AND t.mode NOT IN ('AccessShareLock', 'RowShareLock') AND t.granted
          AND t.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        ORDER BY 1
        """;

    // The freeze does not end Godwit's own sessions. One that ends by itself may only then report what it wrote before;
    // once it is no longer listed, it has reported everything.
    private const string Own = $"""
        SELECT a.pid FROM pg_catalog.pg_stat_activity a
        WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
          AND {SourceSessions.IsOwn}
        """;

    /// <summary>Ends as soon as the WAL stops, or advances without a transaction; else after
    /// <see cref="WatchMax"/>.</summary>
    public async Task<WriteWatchResult> WatchAsync(CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        if (session.ServerMajor < 15)
            await Task.Delay(CountedLate, clock, ct);
        var own = await OwnAsync(ct);
        var first = await WriteMark.TakeAsync(session, ct);
        var from = first;
        await Task.Delay(StillFor, clock, ct);
        while (true)
        {
            var left = await OwnAsync(ct);
            var now = await WriteMark.TakeAsync(session, ct);
            var writers = await WritersAsync(ct);
            var isQuiet = IsQuiet(from, now);
            // While the server is quiet, moved counters are late ones.
            var hasMoved = !isQuiet && now.HasMovedSince(from);
            if (writers.Count == 0 && hasMoved && own.Except(left).Any())
                (hasMoved, from) = (false, now);
            if (writers.Count > 0 || hasMoved)
                return new(first, now, await NamedAsync(writers, ct), IsOthers: false);
            if (isQuiet)
                return new(first, now, Writers: null, IsOthers: false);
            if (clock.GetElapsedTime(started) > WatchMax)
                return new(first, now, Writers: null, IsOthers: true);
            // Before 15 the counters of an ended session arrive half a second after it was listed last.
            own = session.ServerMajor < 15 ? own : left;
            await Task.Delay(LookEvery, clock, ct);
        }
    }

    /// <summary>Waits for late counters if there was a transaction, here or in another database.</summary>
    public async Task<WriteWatchResult> CompareAsync(WriteMark before, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var now = await WriteMark.TakeAsync(session, ct);
            var writers = await WritersAsync(ct);
            // Without a new transaction ID nothing was written, even if counters arrive late.
            var isNew = now.NextTransaction > before.NextTransaction;
            if (writers.Count > 0 || (isNew && now.HasMovedSince(before)))
                return new(before, now, await NamedAsync(writers, ct), IsOthers: false);
            if (!isNew || clock.GetElapsedTime(started) > CountedLate)
                return new(before, now, Writers: null, IsOthers: isNew);
            await Task.Delay(LookEvery, clock, ct);
        }
    }

    private static bool IsQuiet(WriteMark first, WriteMark now) =>
        (now.Lsn is not null && now.Lsn == first.Lsn)
        || (!first.IsAnyOpen && !now.IsAnyOpen && now.NextTransaction == first.NextTransaction);

    private Task<IReadOnlyList<int>> OwnAsync(CancellationToken ct) =>
        session.RowsAsync(Own, row => row.GetInt32(0), ct);

    private Task<IReadOnlyList<string>> WritersAsync(CancellationToken ct) =>
        session.RowsAsync(Writers, row => row.GetString(0), ct);

    // The writer may have disconnected and may return, so it is waited for. If it is not seen writing, it is one of the
    // sessions seen here.
    private async Task<string> NamedAsync(IReadOnlyList<string> writers, CancellationToken ct)
    {
        var sessions = new SourceSessions(session, clock);
        IReadOnlyList<SourceSession> here = [];
        for (var look = 0; writers.Count == 0 && look < NameLooksMax; look++)
        {
            await Task.Delay(NameEvery, clock, ct);
            if (await sessions.AllAsync(ct) is { Count: > 0 } now)
                here = now;
            writers = await WritersAsync(ct);
        }

        return writers.Count > 0 ? FreezeObstacles.Some(writers) : here.Count switch
        {
            0 => "a session that is gone already",
            1 => here[0].Who,
            _ => "one of " + FreezeObstacles.Some([.. here.Select(one => one.Who)]),
        };
    }
}

/// <param name="Writers">The writers, for people; null: nobody wrote in this database.</param>
/// <param name="IsOthers">Only other databases of the server were written to.</param>
internal sealed record WriteWatchResult(WriteMark First, WriteMark Last, string? Writers, bool IsOthers)
{
    /// <summary>A clause for the evidence.</summary>
    public string Evidence => (First.Lsn, Last.Lsn) switch
    {
        (null, _) or (_, null) =>
            $"the server does not tell where its WAL ends; no transaction wrote in this database{OfOthers}",
        _ when First.Lsn == Last.Lsn => $"WAL stands still at {Last.Lsn}",
        _ when !IsOthers => $"WAL went from {First.Lsn} to {Last.Lsn} by the server's own work, no transaction wrote",
        _ => $"WAL went from {First.Lsn} to {Last.Lsn}, none of it by this database{OfOthers}",
    };

    /// <summary>How far the WAL or the counters advanced, for a fault.</summary>
    public string Movement => (First.Lsn, Last.Lsn) switch
    {
        (null, _) or (_, null) => $"the counters of this database went from {ServerCatalog.Number(First.Rows)} to "
            + $"{Phrase.Count(Last.Rows, "row")}",
        _ => $"WAL went from {First.Lsn} to {Last.Lsn}",
    };

    private string OfOthers => IsOthers ? ": other databases of the server do" : "";
}
