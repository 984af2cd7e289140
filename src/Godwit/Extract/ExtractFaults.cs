using System.Globalization;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Extract;

internal static class ExtractFaults
{
    public static Fault SourceNewer(int serverMajor, string found) => new("extract.source_newer", FaultKind.Refused,
        What: $"Cannot read a PostgreSQL {serverMajor} server with the pg_dump on this machine",
        Why: $"pg_dump refuses servers newer than itself, and the one found is {found}",
        Remedy: $"Install postgresql-client-{serverMajor}, or set GODWIT_PG_BIN_{serverMajor} to a folder that holds "
            + "its pg_dump.");

    public static Fault ProgramUnusable(string program, string said) => new(
        "extract.program_unusable", FaultKind.Refused,
        What: $"Cannot use {program}",
        Why: $"it does not print its version: {said}",
        Remedy: $"Try it yourself: {program} --version. Repair that installation, or set GODWIT_PG_BIN to the folder "
            + "of one that works.");

    public static Fault SnapshotNotShared(PostgresAddress source, string why) => new(
        "extract.snapshot_not_shared", FaultKind.Transient,
        What: $"A different server now answers at {source}",
        Why: $"several sessions have to share one snapshot, and now {why}",
        Remedy: "Give the address of one server, not that of a load balancer or of a name that changes its server; "
            + "then run the command again. Nothing was kept.");

    public static Fault Failed(PostgresAddress source, int code, string said) => new("extract.failed", FaultKind.Broken,
        What: $"pg_dump could not read {source} to the end",
        Why: $"it ended with code {code.ToString(CultureInfo.InvariantCulture)} and said: {said}",
        Remedy: "Remove the cause that pg_dump names, then run the command again, or godwit resume for a migration. "
            + "Nothing was kept.");

    public static Fault NoTableMatches(string patterns) => new("extract.no_table", FaultKind.Usage,
        What: $"No table matches {patterns}",
        Why: "pg_dump found no such table at the source",
        Remedy: "Check the spelling and the schema, e.g. --table shop.orders; give each pattern its own --table. A "
            + "name with capitals needs its quotes: --table '\"Orders\"'.");

    public static Fault NoSchemaMatches(string patterns) => new("extract.no_schema", FaultKind.Usage,
        What: $"No schema matches {patterns}",
        Why: "pg_dump found no such schema at the source",
        Remedy: "Check the spelling; give each pattern its own --schema. A name with capitals needs its quotes: "
            + "--schema '\"Shop\"'.");

    public static Fault Forbidden(string user, string denied, string grant) => new(
        "extract.forbidden", FaultKind.Refused,
        What: $"{user} may not read everything that is to be dumped",
        Why: $"the server says: {denied}",
        Remedy: $"As its owner or a superuser, run: {grant} "
            + "On PostgreSQL 14 or newer, this grants everything at once: GRANT pg_read_all_data "
            + $"TO {ServerCatalog.Quote(user)}; Or leave it out: --exclude-table, --exclude-schema.");

    public static Fault ContentsNotUnderstood(string program, string why) => new(
        "extract.contents_not_understood", FaultKind.Broken,
        What: $"{program} wrote a table of contents that Godwit does not understand",
        Why: why,
        Remedy: "Report this. Until it is fixed, let pg_dump itself make the dump: --engine pg_dump. "
            + "Nothing was kept.");

    public static Fault TableGone(string said) => new("extract.table_gone", FaultKind.Transient,
        What: "A table was dropped or renamed between the snapshot and its lock",
        Why: $"the server says: {said}",
        Remedy: "Run the command again while nobody changes the schema. Nothing was kept.");

    public static Fault TableReplaced(string table) => new("extract.table_replaced", FaultKind.Transient,
        What: $"Cannot read {table}",
        Why: "it was emptied, rewritten or replaced (TRUNCATE, ALTER TABLE, VACUUM FULL, CLUSTER, RENAME) between "
            + "the snapshot and its lock, so the rows of the snapshot are gone",
        Remedy: "Run the command again while nobody does that. Nothing was kept.");

    public static Fault TablesLocked(PostgresAddress source, string? table = null) => new(
        "extract.tables_locked", FaultKind.Transient,
        What: $"Cannot lock the tables of {source} against changes",
        Why: $"another session has held, or waited for, an exclusive lock on {table ?? "one of them"} "
            + $"for {source.LockWaitWords}",
        Remedy: "Find that session: SELECT a.pid, l.relation::regclass, l.granted, a.state, a.query FROM "
            + "pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.mode = 'AccessExclusiveLock'; wait for it or "
            + "end it, then run the command again. Or wait longer: --lock-wait 30m.");

    public static Fault LocksExhausted(int tables) => new("extract.locks_exhausted", FaultKind.Refused,
        What: $"Cannot lock {Phrase.Count(tables, "table")} of the source against changes",
        Why: "the server's memory for locks is full",
        Remedy: "Raise max_locks_per_transaction at the source and restart it, or dump it in parts with --schema; "
            + "then run the command again.");

    public static Fault LocksLost() => new("extract.locks_lost", FaultKind.Transient,
        What: "The locks on the source's tables were lost",
        Why: "the session that held them was ended before the last row was read, so a table may have changed unnoticed",
        Remedy: "Check that the source runs and that nobody ends its sessions, then run the command again. "
            + "Nothing was kept.");

    public static Fault ListNotWritten(string path, string why) => new("extract.list_not_written", FaultKind.Broken,
        What: $"Cannot write {path}",
        Why: why,
        Remedy: "Check the folder's disk and its permissions; then run the same command again, or godwit resume for a "
            + "migration. The file lists what was left out, and Godwit sends and writes nothing without it.");
}
