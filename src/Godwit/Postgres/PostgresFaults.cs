using Godwit.Faults;

namespace Godwit.Postgres;

internal static class PostgresFaults
{
    public static Fault ProgramNotStarted(string program, string why) => new("process.not_started", FaultKind.Refused,
        What: $"Cannot start {program}",
        Why: why,
        Remedy: "Install it, or set GODWIT_PG_BIN to the folder that holds PostgreSQL's programs.");

    public static Fault ToolsMissing(string program, string why) => new("postgres.tools_missing", FaultKind.Refused,
        What: $"Cannot find {program} on this machine",
        Why: why,
        Remedy: "Install PostgreSQL's programs (Debian: apt-get install postgresql-15), or set GODWIT_PG_BIN to the "
            + "folder that holds them.");

    /// <param name="remedy">Null: explain the form of a URL.</param>
    public static Fault Url(string from, string why, string? remedy = null) => new("postgres.url", FaultKind.Usage,
        What: $"{from} does not hold a PostgreSQL URL that can be used",
        Why: why,
        Remedy: remedy ?? ("Write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=require, with special "
            + "characters percent-encoded."));

    /// <param name="meant">A likely correction.</param>
    public static Fault NoReference(string option, string meant) => new("postgres.no_reference", FaultKind.Usage,
        What: $"{option} names no database",
        Why: "it is neither a URL nor env:NAME, file:PATH or service:NAME",
        Remedy: $"Did you mean {option} {meant}?");

    public static Fault UrlForVariable(string option, string kind) => new("postgres.url_for_name", FaultKind.Usage,
        What: $"{option} {kind}: takes a name, but a URL was given",
        Why: "the shell has inserted the variable's value, and every user of this machine can see it",
        Remedy: $"Write the variable's name, without a $: {option} env:SOURCE_URL");

    /// <param name="meant">The likely reference, also if the name is written as in a shell.</param>
    public static Fault NoVariable(string option, string name, string? meant) => new(
        "postgres.no_variable", FaultKind.Usage,
        What: $"{option} env:{name} has no value",
        Why: name.Length == 0 ? "no name follows env:"
            : $"the environment variable {name} is not set here, or is empty",
        Remedy: meant is null || meant == $"env:{name}"
            ? $"Set it to the database's URL: export {name}='postgres://…'"
            : $"Did you mean {option} {meant}?");

    public static Fault FileUnreadable(string option, string path, string why) => new(
        "postgres.file_unreadable", FaultKind.Usage,
        What: $"{option} names a file that cannot be read",
        Why: $"{path}: {why}",
        Remedy: "Check path and permissions. The file holds one line, the URL.");

    public static Fault ServiceIncomplete(string name, string why) => new("postgres.service", FaultKind.Usage,
        What: $"The service '{name}' cannot be used",
        Why: why,
        Remedy: "Add it there (host=, port=, user=, dbname=, one per line), or set PGSERVICEFILE to the right file.");

    public static Fault Statement(PostgresAddress address, string sqlState, string message) => new(
        "postgres.statement", FaultKind.Broken,
        What: $"{address} refused a statement",
        Why: $"{message} (SQLSTATE {sqlState})",
        Remedy: "If the message names a missing right, grant it to the user of the URL; then run the command again.");

    public static Fault Locked(PostgresAddress address, string message) => new("postgres.locked", FaultKind.Broken,
        What: $"Another session's lock blocks a statement at {address}",
        Why: $"{message} (SQLSTATE 55P03)",
        Remedy: "Find that session: SELECT a.pid, l.relation::regclass, l.granted, a.state, a.query FROM "
            + "pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.mode = 'AccessExclusiveLock'; wait for it or "
            + "end it, then run the command again. Commands that read tables wait longer with --lock-wait 30m.");

    public static Fault ConnectionLost(PostgresAddress address, string message) => new(
        "postgres.connection_lost", FaultKind.Transient,
        What: $"The connection to {address} broke",
        Why: message,
        Remedy: "Check that the server still runs, then run the command again; a migration goes on with `godwit "
            + "resume`.");

    public static Fault SnapshotUnsafe(PostgresAddress address, string snapshot, string why) => new(
        "postgres.snapshot_unsafe", FaultKind.Refused,
        What: $"The snapshot {snapshot} of {address} cannot be used",
        Why: why,
        Remedy: "Leave the snapshot out: the source is then read as it is now, in one session. Or use the primary, "
            + "or install the newest minor release on the standby.");

    public static Fault RecoveryConflict(PostgresAddress address, string message) => new(
        "postgres.recovery_conflict", FaultKind.Transient,
        What: $"The standby {address} ended a session that was reading",
        Why: $"{message}; the primary has removed row versions or taken a lock, and the standby had to replay that",
        Remedy: "Prevent it at the standby, then run the command again. "
            + "Either keep the row versions at the primary: ALTER SYSTEM SET hot_standby_feedback = on; "
            + "SELECT pg_reload_conf(); "
            + "or let the replay wait for reads: ALTER SYSTEM SET max_standby_streaming_delay = -1; "
            + "SELECT pg_reload_conf(); "
            + "or stop the replay before the command: SELECT pg_wal_replay_pause(); "
            + "and continue it afterwards: SELECT pg_wal_replay_resume();");

    public static Fault StandbyLost(PostgresAddress address, string message) => new(
        "postgres.standby_lost", FaultKind.Transient,
        What: $"The connection to the standby {address} broke",
        Why: $"{message}; a standby ends sessions that block its replay, and does not always report why",
        Remedy: "Check the standby's log. "
            + "If it does not say 'due to conflict with recovery', check that the server still runs. "
            + "If it does, prevent such conflicts at the standby, then run the command again. "
            + "Either keep the row versions at the primary: ALTER SYSTEM SET hot_standby_feedback = on; "
            + "SELECT pg_reload_conf(); "
            + "or let the replay wait for reads: ALTER SYSTEM SET max_standby_streaming_delay = -1; "
            + "SELECT pg_reload_conf(); "
            + "or stop the replay before the command: SELECT pg_wal_replay_pause(); "
            + "and continue it afterwards: SELECT pg_wal_replay_resume();");

    public static Fault SnapshotGone(PostgresAddress address, string snapshot, string why) => new(
        "postgres.snapshot_gone", FaultKind.Transient,
        What: $"{address} has no snapshot {snapshot} any more",
        Why: why,
        Remedy: "Run the command again: it takes a new snapshot. The server or the network ended the session that "
            + "held the old one; if it happens again, check in the server's log what ends sessions.");

    public static Fault NoSuchView(
        PostgresAddress address, IReadOnlyCollection<string> names, IReadOnlyCollection<string> views) =>
        new("postgres.no_such_view", FaultKind.Usage,
            What: $"--accept-view names no materialized view: {Phrase.List(names)}",
            Why: views.Count == 0
                ? $"{address} has no materialized view"
                : $"the materialized views of {address} are {Phrase.List(views)}",
            Remedy: "Write each as SCHEMA.NAME, for example --accept-view public.totals, or leave the option out. "
                + "A run keeps its options: start a new run with migrate instead of resume.");
}
