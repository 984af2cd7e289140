using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

internal static class CopyFaults
{
    public static Fault TargetNotEmpty(string target, string some) => new("copy.target_not_empty", FaultKind.Refused,
        What: $"The target {target} is not empty",
        Why: $"it has {some}, and a copy would mix with them",
        Remedy: "Name an empty database, or make one: CREATE DATABASE name;");

    public static Fault SameDatabase(string source) => new("copy.same_database", FaultKind.Refused,
        What: "Source and target are one and the same database",
        Why: $"both lead to {source}",
        Remedy: "Name another target with --to.");

    public static Fault TargetPooled(PostgresAddress target) => new("copy.target_pooled", FaultKind.Refused,
        What: $"A pooler stands before the target {target}",
        Why: "a copy prepares its sessions at the target, and behind a pooler every statement may meet another one",
        Remedy: "Name the server's own port, without the pooler.");

    public static Fault EarlierCopy(string target) => new("copy.unfinished", FaultKind.Refused,
        What: $"An earlier copy into {target} did not come to its end",
        Why: "its ledger, the schema godwit_copy, is still there, beside what was copied then",
        Remedy: "Go on with it: the same command with --resume. Or make the target empty and begin anew: DROP DATABASE name; CREATE DATABASE name;");

    public static Fault NothingToResume(string target) => new("copy.nothing_to_resume", FaultKind.Refused,
        What: $"There is no copy in {target} to go on with",
        Why: "the schema godwit_copy, in which an unfinished copy keeps what is done, is not there",
        Remedy: "Copy without --resume, into an empty database.");

    public static Fault DefinitionsChanged(string source) => new("copy.definitions_changed", FaultKind.Refused,
        What: "Cannot go on with the copy",
        Why: $"{source} has other definitions than when it began, or is told apart by other flags or another pg_dump",
        Remedy: "Give the same flags as then. If the schema was changed, make the target empty and copy anew.");

    public static Fault SourceChanged(string source, string tables) => new("copy.source_changed", FaultKind.Refused,
        What: "Cannot go on with the copy: its parts would be of two moments",
        Why: $"somebody has written to the server of {source} since it began, and {tables} of that time are at the target, whole or in part",
        Remedy: "If it was another database of that server, and nobody has written to this one: --resume --frozen. Else stop the writers, make the target empty and copy anew.");

    public static Fault DefinitionRefused(string title, string why) => new("copy.definition_refused", FaultKind.Refused,
        What: $"The target refused {title}",
        Why: why,
        Remedy: "Remove the cause at source or target, or leave the object out (--exclude-schema, --exclude-table); then begin anew with an empty target.");

    public static Fault Orphans(string title, string why) => new("copy.orphans", FaultKind.Refused,
        What: $"Rows without a counterpart are in the way of {title}",
        Why: $"the source has them too, though its constraint forbids them: {why}",
        Remedy: "Delete or repair them at the source and copy again; or take the constraint over unproven, as NOT VALID, with --keep-orphans.");

    public static Fault Unreadable(string table, string why) => new("copy.unreadable", FaultKind.Refused,
        What: $"The rows of {table} cannot be read at the source",
        Why: why,
        Remedy: "Give the role the right to read them, or leave the table out with --exclude-table-data.");

    public static Fault RowsRefused(string table, string why) => new("copy.rows_refused", FaultKind.Refused,
        What: $"The target refused rows of {table}",
        Why: why,
        Remedy: "Remove the cause at source or target and copy again; --exclude-table-data leaves the rows of a table out.");

    public static Fault SourceLost(string what, string why) => new("copy.source_lost", FaultKind.Transient,
        What: $"The connection to the source broke while {what} was copied",
        Why: why,
        Remedy: "Look at the source's log and its limits, then copy again.");

    public static Fault TargetLost(string what, string why) => new("copy.target_lost", FaultKind.Transient,
        What: $"The connection to the target broke while {what} was copied",
        Why: why,
        Remedy: "Look at the target's log and its limits, then copy again.");

    public static Fault Stopped(string target) => new("copy.stopped", FaultKind.Broken,
        What: $"The copy into {target} was stopped",
        Why: "you asked for it, or the program was ended",
        Remedy: "The target holds what was copied so far. Go on with the same command and --resume, as long as nobody writes to the source.");

    public static Fault Unexpected(string type, string message) => new("copy.unexpected", FaultKind.Broken,
        What: "The copy broke off for a reason that Godwit does not know",
        Why: $"{type}: {message}",
        Remedy: "Please report this with the two lines above. The target holds what was copied so far; the same command with --resume goes on, as long as nobody writes to the source.");
}
