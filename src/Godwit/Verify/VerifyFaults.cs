using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Verify;

internal static class VerifyFaults
{
    public static Fault Different(string differences, string named, string file) => new(
        "verify.different", FaultKind.Broken,
        What: "The target is not equal to the source",
        Why: $"{differences} differ: {named}",
        Remedy: "Nothing was switched over. If something wrote to either side during the run, stop it; then go on "
            + $"with: godwit resume. The report and {file} show every difference, down to the rows.");

    public static Fault SchemaDifferent(string differences, string named, string file) => new(
        "verify.schema_different", FaultKind.Broken,
        What: "The target has the same rows as the source, but a different schema",
        Why: $"{differences} differ: {named}",
        Remedy: $"Nothing was switched over. The report and {file} show each object as it is on both sides. "
            + "If your application works with these differences: godwit resume --accept verify.schema_different. "
            + "Otherwise fix the cause, and go on with: godwit resume");

    public static Fault NotProven(string named, string file) => new("verify.not_proven", FaultKind.Refused,
        What: "Godwit could not prove that the target is equal to the source",
        Why: $"no difference was found, but not everything that holds data could be compared: {named}",
        Remedy: "Nothing was switched over. Grant the role of --from the right to read these, then go on with: "
            + "godwit resume. If you know that they are equal, or do not need the proof: "
            + $"godwit resume --accept verify.not_proven. The full list is in {file}.");

    public static Fault QueriesDifferent(string named, string file) => new("verify.queries_different", FaultKind.Broken,
        What: "The target has the same data as the source, but your queries give other results there",
        Why: named,
        Remedy: $"Nothing was switched over. The report and {file} show where the results differ. "
            + "If only the order of rows differs, the query needs an ORDER BY. "
            + "Another server version or other collations may compute and sort differently. "
            + "If your application works with that: godwit resume --accept verify.queries_different. "
            + "Otherwise fix the cause, and go on with: godwit resume");

    public static Fault QueryFile(string path, string why) => new("verify.query_file", FaultKind.Usage,
        What: $"Cannot run the queries of {path}",
        Why: why,
        Remedy: "Check path and permissions. The file may hold only SELECT statements, each ended by a semicolon, "
            + "and no lines that begin with a backslash, which only psql understands.");

    public static Fault VerdictNotWritten(string path, string why) => new(
        "verify.verdict_not_written", FaultKind.Refused,
        What: $"Cannot write the verdict into {path}",
        Why: why,
        Remedy: "Free disk space there, or give Godwit the right to write; then go on with: godwit resume.");

    public static Fault SnapshotGone(string snapshot, string why) => new("verify.snapshot_gone", FaultKind.Refused,
        What: $"The source has no snapshot {snapshot}",
        Why: why,
        Remedy: "A snapshot lives as long as the transaction that exported it: keep that session open until this "
            + "command has ended. Or leave --source-snapshot out, and the source is compared as it is now.");

    public static Fault SideLost(PostgresAddress address) => new("verify.side_lost", FaultKind.Transient,
        What: $"The comparison lost its snapshot at {address}",
        Why: "the server or the network ended the session that held the snapshot for all others",
        Remedy: "Run the command again; if it happens again, check in the server's log what ends sessions. "
            + "Nothing was changed.");

    public static Fault SameDatabase(PostgresAddress address) => new("verify.same_database", FaultKind.Usage,
        What: "Cannot compare a database with itself",
        Why: $"source and target are the same: {address}",
        Remedy: "Name the copy with --to. If two variables are meant to name two databases, check their values.");

    public static Fault RepairNotWritten(string path, string why) => new("verify.repair_not_written", FaultKind.Refused,
        What: $"Cannot write the repair into {path}",
        Why: why,
        Remedy: "Name a file with --repair-sql in a folder that exists and where you may write, "
            + "with space for all rows that differ. Nothing was changed.");

    public static Fault RepairRefused(PostgresAddress target, string path, int line, string why) => new(
        "verify.repair_refused", FaultKind.Refused,
        What: "The target could not be repaired, and is unchanged",
        Why: $"{target} refused line {line} of {path}: {why}",
        Remedy: "Fix the script or the cause, and run it with: psql --set ON_ERROR_STOP=1 --file FILE. If rows have "
            + "changed since, verify again first. The script is one transaction, and it was rolled back.");
}
