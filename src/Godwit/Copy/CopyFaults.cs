using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

internal static class CopyFaults
{
    public static Fault TargetNotEmpty(string target, string some) => new("copy.target_not_empty", FaultKind.Refused,
        What: $"The target {target} is not empty",
        Why: $"it has {some}, and the new data would mix with them",
        Remedy: "Name an empty database, or create one: CREATE DATABASE name; To delete everything in a Heroku "
            + "database: heroku pg:reset DATABASE --app APP");

    public static Fault TablesMissing(string target, string tables) => new("copy.tables_missing", FaultKind.Refused,
        What: $"The target {target} lacks tables whose rows are to be copied",
        Why: $"these are missing: {tables}",
        Remedy: "Create them first, or leave them out with --exclude-table. Without --data-only, the copy creates "
            + "them itself in an empty database.");

    public static Fault TablesNotEmpty(string target, string tables) => new("copy.tables_not_empty", FaultKind.Refused,
        What: $"Tables of the target {target} already have rows",
        Why: $"the source's rows would mix with them: {tables}",
        Remedy: "Empty them (TRUNCATE) if nobody needs these rows, or leave the tables out with --exclude-table-data.");

    public static Fault ReferencesInCircle(string tables) => new("copy.references_in_circle", FaultKind.Refused,
        What: "Foreign keys of the target form a cycle",
        Why: $"none of these tables can be filled before the others: {tables}",
        Remedy: "Drop one of these foreign keys at the target, copy the rows, and add it again. Without "
            + "--data-only, the copy adds all foreign keys after the rows.");

    public static Fault SameDatabase(string source) => new("copy.same_database", FaultKind.Refused,
        What: "Source and target are the same database",
        Why: $"both point to {source}",
        Remedy: "Name another target with --to.");

    public static Fault TargetPooled(PostgresAddress target) => new("copy.target_pooled", FaultKind.Refused,
        What: $"The target {target} is behind a connection pooler",
        Why: "the copy sets up each session before it uses it, and a pooler may send every statement to another "
            + "session",
        Remedy: "Name the server's own port instead of the pooler's.");

    public static Fault EarlierCopy(string target) => new("copy.unfinished", FaultKind.Refused,
        What: $"An earlier copy or restore into {target} did not finish",
        Why: "its ledger, the schema godwit_copy, is still there, and so is the data that it copied",
        Remedy: "To resume it, run the command that began it with --resume. Or empty the target and start over: "
            + "DROP DATABASE name; CREATE DATABASE name;");

    public static Fault NothingToResume(string target) => new("copy.nothing_to_resume", FaultKind.Refused,
        What: $"There is no unfinished copy in {target} to resume",
        Why: "the schema godwit_copy, in which an unfinished copy records its progress, does not exist",
        Remedy: "Copy without --resume, into an empty database.");

    public static Fault RestoreUnfinished(string source, string target) => new(
        "copy.restore_unfinished", FaultKind.Refused,
        What: $"The target {target} holds an unfinished restore, not a copy",
        Why: $"rows from the time of the archive would mix with the rows that {source} has now",
        Remedy: "Resume the restore: `godwit restore ARCHIVE --to TARGET --resume`. Or empty the target and copy "
            + "again.");

    public static Fault DefinitionsChanged(string source) => new("copy.definitions_changed", FaultKind.Refused,
        What: "Cannot resume the copy",
        Why: $"{source} has other tables, types or functions than when the copy began, or the flags or the pg_dump "
            + "are different",
        Remedy: "Use the same flags and pg_dump as before. If the schema was changed, empty the target and copy "
            + "again.");

    public static Fault SourceChanged(string source, string tables) => new("copy.source_changed", FaultKind.Refused,
        What: "Cannot resume the copy: its parts would come from two points in time",
        Why: $"the server of {source} was written to after the copy began; already copied, whole or in part: "
            + $"{tables}",
        Remedy: "If only autovacuum or another database of that server wrote, and nobody wrote to this one: "
            + "--resume --frozen. Otherwise these tables must be copied again: stop the writers, empty the target "
            + "and copy again.");

    public static Fault DefinitionRefused(string title, string why) => new("copy.definition_refused", FaultKind.Refused,
        What: $"The target refused {title}",
        Why: why,
        Remedy: "Fix the cause, or leave the object out: in a copy with --exclude-schema or --exclude-table, in an "
            + "archive with `godwit archive filter`. Then start over with an empty target.");

    public static Fault Orphans(string title, string why) => new("copy.orphans", FaultKind.Refused,
        What: $"Cannot add {title}, because rows refer to missing rows",
        Why: $"the source, or its archive, has such rows although the constraint forbids them: {why}",
        Remedy: "Delete or repair these rows at the source and start over. Or add the constraint unchecked, as NOT "
            + "VALID: with --keep-orphans, or, in a migration, by making it NOT VALID at the source.");

    public static Fault PartitionedOrphans(string title, string why) => new(
        "copy.partitioned_orphans", FaultKind.Refused,
        What: $"Cannot add {title}, because rows refer to missing rows",
        Why: "the source has such rows although its constraint forbids them, and Godwit cannot add that of a "
            + $"partitioned table as NOT VALID: {why}",
        Remedy: "Delete or repair these rows at the source and copy again, or drop the constraint there.");

    public static Fault OrderInOneSession(string source, string tables, string why) => new(
        "copy.order_in_one_session", FaultKind.Refused,
        What: $"The rows of {source} come in an order that the target's foreign keys do not allow",
        Why: $"{why}, so one session reads the tables one after another; these come before tables that they refer "
            + $"to: {tables}",
        Remedy: "Copy from the primary, or install the newest minor release on the standby. Or copy without "
            + "--data-only into an empty database: the foreign keys are then added after the rows.");

    public static Fault HoldLost(string target, string who) => new("copy.hold_lost", FaultKind.Broken,
        What: $"Another command now writes to {target}",
        Why: "the session that held Godwit's lock there was ended, and the other command took the lock before this "
            + $"one could take it again: {who}",
        Remedy: "Wait until the other command has ended, then empty the target and start over. This command writes "
            + "nothing more there.");

    public static Fault TargetLocked(string title, string why) => new("copy.target_locked", FaultKind.Transient,
        What: $"Another session at the target blocks {title}",
        Why: $"the lock was not granted in time: {why}",
        Remedy: "The notes above name it. Wait for it, or end it with SELECT pg_terminate_backend(pid); then "
            + "resume: with --resume, or, in a migration, with `godwit resume`.");

    public static Fault Unreadable(string table, string why) => new("copy.unreadable", FaultKind.Refused,
        What: $"The rows of {table} cannot be read at the source",
        Why: why,
        Remedy: "Grant the role the right to read them (`godwit assess` prints the statements), or leave the table "
            + "out with --exclude-table-data.");

    /// <param name="waited">For example <c>10 minutes</c>.</param>
    public static Fault SourceLocked(string table, string waited) => new("copy.source_locked", FaultKind.Transient,
        What: $"Cannot read the rows of {table}",
        Why: $"another session at the source has held, or waited for, an exclusive lock for {waited}",
        Remedy: "Find that session: SELECT a.pid, l.relation::regclass, l.granted, a.state, a.query FROM "
            + "pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.mode = 'AccessExclusiveLock'; wait for it or "
            + "end it, then resume: with --resume, or, in a migration, with `godwit resume`.");

    public static Fault LocksLost() => new("copy.locks_lost", FaultKind.Transient,
        What: "The locks on the source's tables were lost",
        Why: "the session that held them was ended before the last row was read, so a table may have changed unnoticed",
        Remedy: "Check that the source still runs and that nobody ends its sessions, then resume: with --resume, "
            + "which checks whether anybody has written since, or, in a migration, with `godwit resume`. The target "
            + "keeps the rows that arrived.");

    public const string RowsRefusedCode = "copy.rows_refused";

    public static Fault RowsRefused(string table, string why) => new("copy.rows_refused", FaultKind.Refused,
        What: $"The target refused rows of {table}",
        Why: why,
        Remedy: "Fix the cause and start over. Or leave this table's rows out: in a copy with "
            + "--exclude-table-data, in an archive with `godwit archive filter`.");

    public static Fault RowsMissing(string table, long sent, long rows) => new("copy.rows_missing", FaultKind.Broken,
        What: $"Not every row of {table} arrived",
        Why: $"{Phrase.Number(sent)} were sent, but the target inserted {Phrase.Number(rows)}",
        Remedy: "Check whether something at the target acts on new rows (an event trigger, an extension), then "
            + "start over with an empty target. No row of this table was kept.");

    public static Fault SourceLost(string what, string why) => new("copy.source_lost", FaultKind.Transient,
        What: $"The connection to the source broke while {what} was copied",
        Why: why,
        Remedy: "Check the source's log and its limits, then resume: with --resume, or, in a migration, with "
            + "`godwit resume`.");

    public static Fault TargetLost(string what, string why) => new("copy.target_lost", FaultKind.Transient,
        What: $"The connection to the target broke at {what}",
        Why: why,
        Remedy: "Check the target's log and its limits, then resume: with --resume, or, in a migration, with "
            + "`godwit resume`.");

    public static Fault TargetGone(string target) => new("copy.target_gone", FaultKind.Refused,
        What: $"There is no database at {target} to copy into",
        Why: "it existed before, and is not found any more",
        Remedy: "Check `heroku addons` of the app; if somebody has destroyed the database, start a new run. Nothing "
            + "was switched over.");

    public static Fault TargetBusy(string target, string who) => new("copy.target_busy", FaultKind.Refused,
        What: $"Another copy, restore or migration works on {target}",
        Why: $"it holds Godwit's lock in that database: {who}",
        Remedy: "Wait for it to end, or stop it; then run the command again.");

    public static Fault TargetFilled(string target, string howToGiveUp, string some) => new(
        "copy.target_filled", FaultKind.Refused,
        What: $"{target} was empty when this run first saw it, and is not any more",
        Why: $"it has {some}, which this run did not copy, and which it would delete",
        Remedy: $"{howToGiveUp}, then: godwit resume.");

    public static Fault LeftSessions(string target, string sessions) => new("copy.left_sessions", FaultKind.Transient,
        What: $"An earlier attempt still works on {target}",
        Why: $"{sessions} of it did not end when asked to",
        Remedy: "Wait a minute, then resume: with --resume, or, in a migration, with `godwit resume`. `SELECT pid, "
            + "state, query FROM pg_stat_activity WHERE application_name = 'godwit';` shows what they do.");

    public static Fault Stopped(string target) => new("copy.stopped", FaultKind.Broken,
        What: $"The copy into {target} was stopped",
        Why: "you stopped it, or the program was terminated",
        Remedy: "Run the same command with --resume, which works as long as nobody writes to the source. The target "
            + "keeps what was copied so far.");

    public static Fault Unexpected(Unforeseen met) => new("copy.unexpected", FaultKind.Broken,
        What: "The copy failed with an error that Godwit does not know",
        Why: $"{met.Type}: {met.Message}",
        Remedy: "Run the same command with --resume, which works as long as nobody writes to the source. "
            + "The target keeps what was copied so far. "
            + $"Report this error. {met.WhatToSend}");
}
