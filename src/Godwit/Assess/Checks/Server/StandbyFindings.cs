using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

internal static class StandbyFindings
{
    public static Finding OneSession(PostgresAddress source, string why) => new(
        "assess.standby_one_session", Severity.Warning,
        What: $"One session reads {source}, whatever --jobs says",
        Why: why,
        Remedy: "Dump, copy and comparison are right, and take longer. To have several sessions, read the primary, "
            + "or install the standby's newest minor release (14.25, 15.20, 16.16, 17.12, 18.6 or later).");

    public static Finding NoMoment(PostgresAddress source, string why) => new(
        "assess.standby_no_moment", Severity.Blocker,
        What: $"Cannot hold one moment of {source} for the dump and for the comparison",
        Why: why,
        Remedy: "Stop its replay for the time of the rehearsal, so that it stays as it is: "
            + "SELECT pg_wal_replay_pause(); and continue it afterwards: SELECT pg_wal_replay_resume(); "
            + "Or rehearse from the primary, or install the standby's newest minor release.");

    public static Finding Paused(PostgresAddress source, string age) => new("assess.standby_paused", Severity.Warning,
        What: $"The replay of {source} is paused",
        Why: age,
        Remedy: "What is read is of that time. If it should be newer, continue the replay: "
            + "SELECT pg_wal_replay_resume();");

    public static Finding Unlogged(string tables) => new("assess.standby_unlogged", Severity.Warning,
        What: $"A standby has no rows of unlogged tables: {tables}",
        Why: "what is written into unlogged tables is in no log, and so reaches no standby",
        Remedy: "A dump and a copy have their definitions and no rows, "
            + "and the comparison says that they were not compared. To have the rows, read the primary; "
            + "or make the tables logged there: ALTER TABLE name SET LOGGED; to leave them out altogether: "
            + "--exclude-table.");

    public static Finding MayEndReads(PostgresAddress source, string delay) => new(
        "assess.standby_conflicts", Severity.Note,
        What: $"{source} may end sessions that read for a long time",
        Why: "it is a standby with hot_standby_feedback off, "
            + $"and its replay waits for reads no longer than max_standby_streaming_delay ({delay})",
        Remedy: "Prevent it at the standby. Either: ALTER SYSTEM SET hot_standby_feedback = on; "
            + "SELECT pg_reload_conf(); "
            + "or: ALTER SYSTEM SET max_standby_streaming_delay = -1; SELECT pg_reload_conf(); "
            + "or stop the replay meanwhile: SELECT pg_wal_replay_pause();");
}
