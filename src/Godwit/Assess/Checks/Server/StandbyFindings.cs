using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

internal static class StandbyFindings
{
    public static Finding OneSession(PostgresAddress source, string why) => new(
        "assess.standby_one_session", Severity.Warning,
        What: $"One session reads {source}, whatever --jobs says",
        Why: why,
        Remedy: "Dump, copy and comparison are correct, but slower. To use several sessions, read from the primary, "
            + "or install the standby's newest minor release (14.25, 15.20, 16.16, 17.12, 18.6 or later).");

    public static Finding NoMoment(PostgresAddress source, string why) => new(
        "assess.standby_no_moment", Severity.Blocker,
        What: $"Cannot hold one snapshot of {source} for the dump and the comparison",
        Why: why,
        Remedy: "Pause its replay during the rehearsal, so that its data does not change: "
            + "SELECT pg_wal_replay_pause(); and resume it afterwards: SELECT pg_wal_replay_resume(); "
            + "Or rehearse from the primary, or install the standby's newest minor release.");

    public static Finding Paused(PostgresAddress source, string age) => new("assess.standby_paused", Severity.Warning,
        What: $"The replay of {source} is paused",
        Why: age,
        Remedy: "Godwit reads the data as of that time. For newer data, resume the replay: "
            + "SELECT pg_wal_replay_resume();");

    public static Finding Unlogged(string tables) => new("assess.standby_unlogged", Severity.Warning,
        What: $"A standby has no rows of unlogged tables: {tables}",
        Why: "rows of unlogged tables are not in the WAL, and so reach no standby",
        Remedy: "A dump and a copy contain only their definitions, "
            + "and the comparison reports them as not compared. To have the rows, read from the primary; "
            + "or make the tables logged there: ALTER TABLE name SET LOGGED; to leave them out altogether: "
            + "--exclude-table.");

    public static Finding MayEndReads(PostgresAddress source, string delay) => new(
        "assess.standby_conflicts", Severity.Note,
        What: $"{source} may end sessions that read for a long time",
        Why: "it is a standby with hot_standby_feedback off, "
            + $"and its replay waits for reads no longer than max_standby_streaming_delay ({delay})",
        Remedy: "Prevent this at the standby. Either: ALTER SYSTEM SET hot_standby_feedback = on; "
            + "SELECT pg_reload_conf(); "
            + "or: ALTER SYSTEM SET max_standby_streaming_delay = -1; SELECT pg_reload_conf(); "
            + "or pause the replay during the run: SELECT pg_wal_replay_pause();");
}
