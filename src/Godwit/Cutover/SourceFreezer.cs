using System.Globalization;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Cutover;

/// <summary>Makes the source's sessions read-only, and puts back exactly what was set before.</summary>
/// <remarks>ALTER DATABASE … SET default_transaction_read_only reaches new sessions, so the old ones are ended. It is a default: a
/// session that sets it off by itself can still write, which is why verify counts after the restore.</remarks>
public sealed class SourceFreezer(PostgresAddress source, IRunMemory memory, TimeProvider clock)
{
    private const string Setting = "default_transaction_read_only";
    private const string Unset = "unset";
    internal const string BeforeKey = "freeze.source.before";
    private const string SinceKey = "freeze.source.since";
    private const string DoneKey = "freeze.source.done";
    private const string OffForUs = $"SET {Setting} = off";

    /// <summary>A session that was told to end and is inside a long statement ends at its next safe point.</summary>
    private static readonly TimeSpan EndSessionsMax = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    public async Task<bool> IsFrozenAsync(CancellationToken ct)
    {
        if (memory.Recall(DoneKey) is null)
            return false;
        await using var session = await PostgresSession.OpenAsync(source, ct);
        return await SetNowAsync(session, ct) == "on";
    }

    /// <returns>How many sessions were ended.</returns>
    public async Task<int> FreezeAsync(CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(source, ct);
        await session.ExecuteAsync(OffForUs, ct);
        // After a crash the setting may be ours already: what was before us is only remembered once.
        if (memory.Recall(BeforeKey) is null)
            memory.Remember(BeforeKey, await SetNowAsync(session, ct) ?? Unset);
        // Before the change: a pool that reconnects at once is read-only too, and a thaw has to end it.
        if (memory.Recall(SinceKey) is null)
            memory.Remember(SinceKey, await session.ScalarAsync<string>("SELECT pg_catalog.clock_timestamp()::text", ct));
        await AlterAsync(session, "on", ct);
        var ended = await EndSessionsAsync(session, since: null, ct);
        // Only from here on it counts as frozen: a crash before this line freezes again.
        memory.Remember(DoneKey, "yes");
        await using var probe = await PostgresSession.OpenAsync(source, ct);
        if (await probe.ScalarAsync<string>($"SHOW {Setting}", ct) != "on")
            throw new FaultException(CutoverFaults.FreezeOverridden(source));
        return ended;
    }

    /// <returns>What was put back; null when there was nothing.</returns>
    public async Task<string?> ThawAsync(CancellationToken ct)
    {
        if (memory.Recall(BeforeKey) is not { } before)
            return null;
        await using var session = await PostgresSession.OpenAsync(source, ct);
        await session.ExecuteAsync(OffForUs, ct);
        await AlterAsync(session, before == Unset ? null : before, ct);
        // Sessions opened while it was frozen keep the default they began with: an application's pool would stay read-only.
        var said = await EndReadOnlySessionsAsync(session, ct);
        memory.Remember(DoneKey, null);
        memory.Remember(SinceKey, null);
        memory.Remember(BeforeKey, null);
        return said;
    }

    /// <summary>The setting is back already; a session that may not be ended (an administrator's) is told and keeps nothing from going on.</summary>
    private async Task<string> EndReadOnlySessionsAsync(PostgresSession session, CancellationToken ct)
    {
        const string writable = "the source is writable as before";
        if (memory.Recall(SinceKey) is not { } since)
            return writable;
        try
        {
            await EndSessionsAsync(session, since, ct);
            return writable;
        }
        catch (FaultException e) when (e.Fault.Code is "cutover.cannot_end_session" or "cutover.sessions_stay")
        {
            return $"{writable}, but a session opened meanwhile stays read-only until it reconnects ({e.Fault.What}: {e.Fault.Why})";
        }
    }

    private static async Task<string?> SetNowAsync(PostgresSession session, CancellationToken ct) =>
        (await ServerCatalog.DatabaseSettingsAsync(session, ct)).Where(one => one.Name == Setting).Select(one => one.Value).FirstOrDefault();

    private async Task AlterAsync(PostgresSession session, string? value, CancellationToken ct)
    {
        var database = ServerCatalog.Quote(source.Database);
        try
        {
            await session.ExecuteAsync(value is null ? $"ALTER DATABASE {database} RESET {Setting}" : $"ALTER DATABASE {database} SET {Setting} = {value}", ct);
        }
        catch (FaultException e) when (e.Fault.Code == "postgres.statement")
        {
            throw new FaultException(CutoverFaults.CannotFreeze(source, e.Fault.Why), e);
        }
    }

    /// <summary>Of other people's sessions an ordinary role does not see the type. Autovacuum's workers are among those, but nobody is
    /// logged in there; they write nothing of their own, and only a superuser may end them.</summary>
    private static Task<IReadOnlyList<(int Pid, string Who)>> OthersAsync(PostgresSession session, string? since, CancellationToken ct) =>
        session.RowsAsync($"""
            SELECT pid, pg_catalog.format('%s (pid %s, %s)', usename, pid, COALESCE(NULLIF(application_name, ''), 'no application name'))
            FROM pg_catalog.pg_stat_activity
            WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()
              AND (backend_type = 'client backend' OR backend_type IS NULL) AND usesysid IS NOT NULL
              AND COALESCE(application_name, '') <> 'godwit'
              {(since is null ? "" : "AND (backend_start IS NULL OR backend_start >= $1::text::timestamptz)")}
            """,
            row => (row.GetInt32(0), row.GetString(1)), ct, since is null ? [] : [since]);

    private async Task<int> EndSessionsAsync(PostgresSession session, string? since, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var waiting = await OthersAsync(session, since, ct);
        var count = waiting.Count;
        foreach (var (pid, who) in waiting)
            await EndAsync(session, pid, who, ct);
        while (waiting.Count > 0)
        {
            // Sessions that came since then are read-only from their first moment; only those told to end are waited for.
            var there = (await OthersAsync(session, since, ct)).Select(one => one.Pid).ToHashSet();
            waiting = [.. waiting.Where(one => there.Contains(one.Pid))];
            if (waiting.Count > 0 && clock.GetElapsedTime(started) > EndSessionsMax)
                throw new FaultException(CutoverFaults.SessionsStay(source, string.Join(", ", waiting.Select(one => one.Who))));
            if (waiting.Count > 0)
                await Task.Delay(LookEvery, clock, ct);
        }

        return count;
    }

    private async Task EndAsync(PostgresSession session, int pid, string who, CancellationToken ct)
    {
        try
        {
            await session.ExecuteAsync($"SELECT pg_catalog.pg_terminate_backend({pid.ToString(CultureInfo.InvariantCulture)})", ct);
        }
        catch (FaultException e) when (e.Fault.Code == "postgres.statement")
        {
            throw new FaultException(CutoverFaults.CannotEndSession(source, who, e.Fault.Why), e);
        }
    }
}
