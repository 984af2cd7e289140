using System.Globalization;
using Godwit.Faults;

namespace Godwit.Postgres;

/// <param name="IsReplayPaused">The data stays unchanged until the replay is resumed.</param>
/// <param name="LastReplayed">Commit time, at the primary, of the last replayed transaction; null: unknown.</param>
/// <param name="Age">Since then, by the standby's clock.</param>
/// <param name="Unlogged">Quoted and qualified: unlogged tables have no rows at a standby.</param>
/// <param name="IsFeedbackOn"><c>hot_standby_feedback</c>: the primary keeps row versions that the standby
/// reads.</param>
/// <param name="DelayMax"><c>max_standby_streaming_delay</c> as the server prints it: how long replay waits before it
/// ends conflicting sessions.</param>
public sealed record StandbyFacts(
    SnapshotSharing Sharing, bool IsReplayPaused, DateTimeOffset? LastReplayed, TimeSpan? Age,
    IReadOnlyList<string> Unlogged, bool IsFeedbackOn, string DelayMax)
{
    /// <summary>Replay may end sessions that read for hours.</summary>
    public bool MayEndReads => !IsReplayPaused && !IsFeedbackOn && DelayMax != "-1";

    // Before PostgreSQL 14 a requested pause and an active one look alike. After a promotion the function raises an
    // error; the CASE avoids it.
    private static string Paused(PostgresSession session) => session.ServerMajor >= 14
        ? "CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_get_wal_replay_pause_state() = 'paused' "
            + "ELSE false END"
        : "CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_is_wal_replay_paused() ELSE false END";

    private const string Unlog = """
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence = 'u' AND n.nspname !~ '^pg_' ORDER BY 1
        """;

    /// <summary>Null: the server is a primary.</summary>
    /// <param name="session">Outside of a transaction.</param>
    public static async Task<StandbyFacts?> FindAsync(PostgresSession session, CancellationToken ct) =>
        await FindAsync(session, await SnapshotSharing.FindAsync(session, ct), ct);

    /// <summary>Null: the server is a primary.</summary>
    /// <param name="session">In a transaction, the caller must roll back to a savepoint afterwards.</param>
    public static async Task<StandbyFacts?> FindAsync(
        PostgresSession session, SnapshotSharing sharing, CancellationToken ct)
    {
        if (!sharing.IsInRecovery)
            return null;
        var unlogged = await session.RowsAsync(Unlog, row => row.GetString(0), ct);
        try
        {
            return (await session.RowsAsync($"""
                SELECT {Paused(session)}, pg_catalog.pg_last_xact_replay_timestamp(),
                       pg_catalog.now() - pg_catalog.pg_last_xact_replay_timestamp(),
                       pg_catalog.current_setting('hot_standby_feedback')::bool,
                           pg_catalog.current_setting('max_standby_streaming_delay')
                """, row => new StandbyFacts(sharing, row.GetBoolean(0),
                    row.IsDBNull(1) ? null : new DateTimeOffset(row.GetDateTime(1), TimeSpan.Zero),
                    row.IsDBNull(2) ? null : row.GetFieldValue<TimeSpan>(2), unlogged, row.GetBoolean(3),
                    row.GetString(4)), ct))[0];
        }
        catch (FaultException e) when (PostgresSession.StateOf(e) is not null && e.Fault.Kind != FaultKind.Transient)
        {
            // If the role may not read the replay's state, the standby is still readable, without notes on the replay.
            return new(sharing, IsReplayPaused: false, null, null, unlogged, IsFeedbackOn: true, "");
        }
    }

    public static async Task<bool> IsPausedAsync(PostgresSession session, CancellationToken ct) =>
        await session.ScalarAsync<bool>($"SELECT {Paused(session)}", ct);

    /// <summary>The LSN, of all databases together. Null: the server is a primary.</summary>
    public static Task<string?> ReplayedToAsync(PostgresSession session, CancellationToken ct) =>
        session.ScalarAsync<string>(
            "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()::text END", ct);

    /// <summary>A clause, for a standby with paused replay.</summary>
    public string AgeInWords => LastReplayed is { } at && Age is { } age
        ? "the last transaction it shows was committed at "
            + $"{at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, {InWords(age)} ago"
        : "it does not say when the last transaction that it shows was committed";

    /// <param name="reads">What is read, for people: <c>the source</c>.</param>
    /// <param name="hasRows">False: only definitions are read.</param>
    /// <param name="without">A clause: what becomes of rows of unlogged tables.</param>
    public IEnumerable<Finding> Notes(string reads, bool hasRows, string without)
    {
        if (Sharing.WhyNot is { } why)
        {
            yield return new("standby.one_session", Severity.Note,
                $"One session reads {reads}, whatever --jobs says", why,
                "It takes longer. The primary, and a standby with the minor releases of 2026-11-12 or later (14.25, "
                + "15.20, 16.16, 17.12, 18.6), are read by several.");
        }

        if (IsReplayPaused)
        {
            yield return new("standby.replay_paused", Severity.Warning, $"The replay of {reads} is paused", AgeInWords,
                "What is read is of that time. If it should be newer, continue the replay before: "
                + "SELECT pg_wal_replay_resume();");
        }

        if (hasRows && Unlogged.Count > 0)
        {
            yield return new("standby.unlogged", Severity.Warning,
                $"{Phrase.Count(Unlogged.Count, "unlogged table")} of {reads} {(Unlogged.Count == 1 ? "has" : "have")} "
                + $"no rows at a standby: {Phrase.List(Unlogged)}",
                without,
                "To have the rows, read the primary. Or make the tables logged there: ALTER TABLE name SET LOGGED;");
        }
    }

    private static string InWords(TimeSpan age) => age.TotalMinutes < 2 ? Phrase.Count((long)age.TotalSeconds, "second")
        : age.TotalHours < 2 ? Phrase.Count((long)age.TotalMinutes, "minute") : age.TotalDays < 2
        ? Phrase.Count((long)age.TotalHours, "hour") : Phrase.Count((long)age.TotalDays, "day");
}
