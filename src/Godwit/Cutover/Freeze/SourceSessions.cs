using System.Globalization;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Cutover.Freeze;

/// <summary>Finds and ends sessions of others at the source.</summary>
internal sealed class SourceSessions(PostgresSession session, TimeProvider clock)
{
    // A session inside a long statement ends at the statement's next interrupt check.
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);

    /// <summary>Over a row a of <c>pg_stat_activity</c>: a session of Godwit itself, which the freeze does not
    /// end.</summary>
    internal const string IsOwn = $"(COALESCE(a.application_name, '') = '{PostgresAddress.ApplicationName}' "
        + "AND a.usename = session_user)";

    // A backend exits this soon after its client disconnects.
    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    // Ordinary roles cannot see type and start of other roles' sessions. They recognize autovacuum workers by the
    // missing user: these write no data of their own, and only a superuser may end them. A session with a transaction
    // ID has written, which shows in pg_locks for every role.
    private static string Others(string condition) => $"""
        SELECT a.pid, pg_catalog.format('%s (pid %s, %s)', a.usename, a.pid,
            COALESCE(NULLIF(a.application_name, ''), 'no application name')),
               EXISTS (SELECT FROM pg_catalog.pg_locks l
                   WHERE l.pid = a.pid AND l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted)
        FROM pg_catalog.pg_stat_activity a
        WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
          AND (a.backend_type = 'client backend' OR a.backend_type IS NULL) AND a.usesysid IS NOT NULL
          AND NOT {IsOwn}
          {condition}
        ORDER BY a.pid
        """;

    public Task<IReadOnlyList<SourceSession>> AllAsync(CancellationToken ct) => session.RowsAsync(Others(""), Read, ct);

    /// <summary>Sessions that began during the freeze and have its default.</summary>
    public Task<IReadOnlyList<SourceSession>> SinceAsync(string since, CancellationToken ct) =>
        session.RowsAsync(Others("AND (a.backend_start IS NULL OR a.backend_start >= $1::text::timestamptz)"),
            Read, ct, since);

    /// <summary>Sessions that began before the freeze and may have missed it, if their start is visible.</summary>
    public Task<IReadOnlyList<SourceSession>> BeforeAsync(string moment, CancellationToken ct) =>
        session.RowsAsync(Others("AND a.backend_start < $1::text::timestamptz"), Read, ct, moment);

    /// <summary>Terminates the sessions and waits for their end. A session that we may not terminate may be closing by
    /// itself: its process stays visible for a moment.</summary>
    public async Task EndAsync(IReadOnlyList<SourceSession> sessions, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var refused = new Dictionary<int, FaultException>();
        foreach (var one in sessions)
        {
            if (await TellAsync(one, ct) is { } why)
                refused[one.Pid] = why;
        }

        for (var waiting = sessions; waiting.Count > 0;)
        {
            // New sessions are read-only from their start, so only the terminated ones are waited for.
            var there = (await AllAsync(ct)).Select(one => one.Pid).ToHashSet();
            waiting = [.. waiting.Where(one => there.Contains(one.Pid))];
            var took = clock.GetElapsedTime(started);
            if (took > LeaveMax && waiting.FirstOrDefault(one => refused.ContainsKey(one.Pid)) is { } stays)
                throw refused[stays.Pid];
            if (waiting.Count > 0 && took > EndMax)
                throw new FaultException(FreezeFaults.SessionsStay(session.Address,
                    string.Join(", ", waiting.Select(one => one.Who))));
            if (waiting.Count > 0)
                await Task.Delay(LookEvery, clock, ct);
        }
    }

    /// <returns>Why it may not be terminated; null: it was.</returns>
    private async Task<FaultException?> TellAsync(SourceSession one, CancellationToken ct)
    {
        try
        {
            await session.ExecuteAsync(
                $"SELECT pg_catalog.pg_terminate_backend({one.Pid.ToString(CultureInfo.InvariantCulture)})", ct);
            return null;
        }
        catch (FaultException e) when (PostgresSession.IsRefused(e))
        {
            return new FaultException(FreezeFaults.CannotEndSession(session.Address, one.Who, e.Fault.Why), e);
        }
    }

    private static SourceSession Read(System.Data.Common.DbDataReader row) =>
        new(row.GetInt32(0), row.GetString(1), row.GetBoolean(2));
}

/// <param name="Who">User, pid, application.</param>
/// <param name="Writes">Its transaction has written, or may have.</param>
internal sealed record SourceSession(int Pid, string Who, bool Writes);
