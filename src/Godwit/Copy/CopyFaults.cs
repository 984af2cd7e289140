using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

internal static class CopyFaults
{
    public static Fault TargetNotEmpty(string target, string some) => new("copy.target_not_empty", FaultKind.Refused,
        What: $"The target {target} is not empty",
        Why: $"it has {some}, and what comes would mix with them",
        Remedy: "Name an empty database, or make one: CREATE DATABASE name; Heroku's is emptied, with everything in "
            + "it, by: heroku pg:reset DATABASE --app APP");

    public static Fault TablesMissing(string target, string tables) => new("copy.tables_missing", FaultKind.Refused,
        What: $"The target {target} has not all tables whose rows are to be copied",
        Why: $"these are missing: {tables}",
        Remedy: "Make them first, or leave them out with --exclude-table; without --data-only the copy makes them "
            + "itself, in an empty database.");

    public static Fault TablesNotEmpty(string target, string tables) => new("copy.tables_not_empty", FaultKind.Refused,
        What: $"Tables of the target {target} have rows already",
        Why: $"those of the source would mix with them: {tables}",
        Remedy: "Empty them (TRUNCATE) if nobody needs these rows, or leave the tables out with --exclude-table-data.");

    public static Fault ReferencesInCircle(string tables) => new("copy.references_in_circle", FaultKind.Refused,
        What: "Foreign keys of the target lead in a circle",
        Why: $"none of these tables can be filled before the others: {tables}",
        Remedy: "Drop one of these constraints at the target, copy the rows, and add it again; without --data-only "
            + "the copy adds all of them behind the rows.");

    public static Fault SameDatabase(string source) => new("copy.same_database", FaultKind.Refused,
        What: "Source and target are one and the same database",
        Why: $"both lead to {source}",
        Remedy: "Name another target with --to.");

    public static Fault TargetPooled(PostgresAddress target) => new("copy.target_pooled", FaultKind.Refused,
        What: $"A pooler stands before the target {target}",
        Why: "sessions at the target are prepared before they are used, and behind a pooler every statement may meet "
            + "another one",
        Remedy: "Name the server's own port, without the pooler.");

    public static Fault EarlierCopy(string target) => new("copy.unfinished", FaultKind.Refused,
        What: $"An earlier copy or restore into {target} did not finish",
        Why: "its ledger, the schema godwit_copy, is still there, beside what came with it",
        Remedy: "Go on with it: the command that began it, with --resume. Or make the target empty and begin anew: "
            + "DROP DATABASE name; CREATE DATABASE name;");

    public static Fault NothingToResume(string target) => new("copy.nothing_to_resume", FaultKind.Refused,
        What: $"There is no copy in {target} to go on with",
        Why: "the schema godwit_copy, in which an unfinished copy keeps what is done, is not there",
        Remedy: "Copy without --resume, into an empty database.");

    public static Fault RestoreUnfinished(string source, string target) => new(
        "copy.restore_unfinished", FaultKind.Refused,
        What: $"What is unfinished in {target} is a restore, and no copy",
        Why: $"rows of an archive, which are of the time it was made, would mix with those that {source} has now",
        Remedy: "Go on with the restore: `godwit restore ARCHIVE --to TARGET --resume`. Or make the target empty "
            + "and copy anew.");

    public static Fault DefinitionsChanged(string source) => new("copy.definitions_changed", FaultKind.Refused,
        What: "Cannot go on with the copy",
        Why: $"{source} has other tables, types or functions than when it began, or is told apart by other flags or "
            + "another pg_dump",
        Remedy: "Give the same flags as then. If the schema was changed, make the target empty and copy anew.");

    public static Fault SourceChanged(string source, string tables) => new("copy.source_changed", FaultKind.Refused,
        What: "Cannot go on with the copy: its parts would be of two moments",
        Why: $"somebody has written to the server of {source} since it began; what is at the target, whole or in "
            + $"part, is of that time: {tables}",
        Remedy: "If it was another database of that server, or its autovacuum, and nobody has written to this one: "
            + "--resume --frozen. Else these tables must be copied again: stop the writers, make the target empty "
            + "and copy anew.");

    public static Fault DefinitionRefused(string title, string why) => new("copy.definition_refused", FaultKind.Refused,
        What: $"The target refused {title}",
        Why: why,
        Remedy: "Remove the cause, or leave the object out: a copy by --exclude-schema or --exclude-table, an "
            + "archive by `godwit archive filter`. Then begin anew with an empty target.");

    public static Fault Orphans(string title, string why) => new("copy.orphans", FaultKind.Refused,
        What: $"Rows without a counterpart are in the way of {title}",
        Why: $"they are in the source, or in its archive, though the constraint forbids them: {why}",
        Remedy: "Delete or repair them at the source and begin anew; or take the constraint over unproven, as NOT "
            + "VALID: with --keep-orphans, or, in a migration, by making it NOT VALID at the source.");

    public static Fault PartitionedOrphans(string title, string why) => new(
        "copy.partitioned_orphans", FaultKind.Refused,
        What: $"Rows without a counterpart are in the way of {title}",
        Why: "the source has them too, though its constraint forbids them, and a partitioned table's cannot be made "
            + $"NOT VALID: {why}",
        Remedy: "Delete or repair these rows at the source and copy again, or drop the constraint there.");

    public static Fault OrderInOneSession(string source, string tables, string why) => new(
        "copy.order_in_one_session", FaultKind.Refused,
        What: $"The rows of {source} come in an order that the target's foreign keys do not allow",
        Why: $"{why}; one session reads the tables one after another, and these come before tables that they refer "
            + $"to: {tables}",
        Remedy: "Copy from the primary, or install the standby's newest minor release. Or copy without --data-only "
            + "into an empty database: the foreign keys are then added behind the rows.");

    public static Fault HoldLost(string target, string who) => new("copy.hold_lost", FaultKind.Broken,
        What: $"Another command fills {target} now",
        Why: "the session that kept others out of it was ended, and before it could be opened again its lock was "
            + $"taken by {who}",
        Remedy: "Nothing more was written there by this one. When the other has ended, make the target empty and "
            + "begin anew.");

    public static Fault TargetLocked(string title, string why) => new("copy.target_locked", FaultKind.Transient,
        What: $"Somebody at the target keeps {title} waiting",
        Why: $"the lock was not given in time: {why}",
        Remedy: "The notes above name who holds it. Let that session end, or end it with SELECT "
            + "pg_terminate_backend(pid); then go on with --resume.");

    public static Fault Unreadable(string table, string why) => new("copy.unreadable", FaultKind.Refused,
        What: $"The rows of {table} cannot be read at the source",
        Why: why,
        Remedy: "Give the role the right to read them (`godwit assess` has the statements), or leave the table out "
            + "with --exclude-table-data.");

    /// <param name="waited">For example <c>10 minutes</c>.</param>
    public static Fault SourceLocked(string table, string waited) => new("copy.source_locked", FaultKind.Transient,
        What: $"Cannot get at the rows of {table}",
        Why: $"another session of the source holds or waits for an exclusive lock, and did not give up within {waited}",
        Remedy: "See who, and what for: SELECT a.pid, l.relation::regclass, l.granted, a.state, a.query FROM "
            + "pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.mode = 'AccessExclusiveLock'; wait for it or "
            + "end it, then go on: with --resume, or, in a migration, with `godwit resume`.");

    public static Fault LocksLost() => new("copy.locks_lost", FaultKind.Transient,
        What: "The locks on the source's tables were lost",
        Why: "the session that held them was ended before the last row was read, so a table may have changed unnoticed",
        Remedy: "What has arrived is still at the target. See that the source still runs and nobody ends its "
            + "sessions, then go on: with --resume, which looks whether anybody has written since, or, in a "
            + "migration, with `godwit resume`.");

    public const string RowsRefusedCode = "copy.rows_refused";

    public static Fault RowsRefused(string table, string why) => new("copy.rows_refused", FaultKind.Refused,
        What: $"The target refused rows of {table}",
        Why: why,
        Remedy: "Remove the cause and begin anew. The rows of a table are left out of a copy by "
            + "--exclude-table-data, and out of an archive by `godwit archive filter`.");

    public static Fault RowsMissing(string table, long sent, long rows) => new("copy.rows_missing", FaultKind.Broken,
        What: $"Not every row of {table} arrived",
        Why: $"{Phrase.Number(sent)} were sent, and the target has taken {Phrase.Number(rows)}",
        Remedy: "Nothing of this table was kept. See whether something at the target acts on new rows (an event "
            + "trigger, an extension), and begin anew with an empty target.");

    public static Fault SourceLost(string what, string why) => new("copy.source_lost", FaultKind.Transient,
        What: $"The connection to the source broke while {what} was copied",
        Why: why,
        Remedy: "Look at the source's log and its limits, then copy again.");

    public static Fault TargetLost(string what, string why) => new("copy.target_lost", FaultKind.Transient,
        What: $"The connection to the target broke at {what}",
        Why: why,
        Remedy: "Look at the target's log and its limits, then go on: with --resume, or, in a migration, with "
            + "`godwit resume`.");

    public static Fault TargetGone(string target) => new("copy.target_gone", FaultKind.Refused,
        What: $"There is no database at {target} to copy into",
        Why: "it was there before, and is not found any more",
        Remedy: "Nothing was switched over. Look at `heroku addons` of the app; if somebody has destroyed it, begin "
            + "a new run.");

    public static Fault TargetBusy(string target, string who) => new("copy.target_busy", FaultKind.Refused,
        What: $"Another copy, restore or migration works on {target}",
        Why: $"it holds Godwit's lock in that database: {who}",
        Remedy: "Wait for it to end, or stop it; then give the command again.");

    public static Fault TargetFilled(string target, string howToGiveUp, string some) => new(
        "copy.target_filled", FaultKind.Refused,
        What: $"{target} was empty when this run found it, and is not any more",
        Why: $"it has {some}, which this run has not brought, and which would be deleted",
        Remedy: $"{howToGiveUp}, then: godwit resume.");

    public static Fault LeftSessions(string target, string sessions) => new("copy.left_sessions", FaultKind.Transient,
        What: $"An earlier attempt still works on {target}",
        Why: $"{sessions} of it were told to end, and have not",
        Remedy: "Wait a minute, then go on: with --resume, or, in a migration, with `godwit resume`. `SELECT pid, "
            + "state, query FROM pg_stat_activity WHERE application_name = 'godwit';` shows what they do.");

    public static Fault Stopped(string target) => new("copy.stopped", FaultKind.Broken,
        What: $"The copy into {target} was stopped",
        Why: "you asked for it, or the program was ended",
        Remedy: "The target holds what was copied so far. Go on with the same command and --resume, as long as "
            + "nobody writes to the source.");

    public static Fault Unexpected(Unforeseen met) => new("copy.unexpected", FaultKind.Broken,
        What: "The copy broke off for a reason that Godwit does not know",
        Why: $"{met.Type}: {met.Message}",
        Remedy: "The target holds what was copied so far. "
            + "The same command with --resume goes on, as long as nobody writes to the source. " +
            $"Please report it. {met.WhatToSend}");
}
