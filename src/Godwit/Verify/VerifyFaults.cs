using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Verify;

internal static class VerifyFaults
{
    public static Fault Different(string differences, string named, string file) => new(
        "verify.different", FaultKind.Broken,
        What: "The target is not equal to the source",
        Why: $"{differences} differ: {named}",
        Remedy: "Nothing was switched over. If something wrote to either side meanwhile, stop it; then go on with: "
            + $"godwit resume. The report shows every difference, down to the rows, and so does {file}.");

    public static Fault SchemaDifferent(string differences, string named, string file) => new(
        "verify.schema_different", FaultKind.Broken,
        What: "The target holds the same rows as the source, and its schema is another one",
        Why: $"{differences} differ: {named}",
        Remedy: $"Nothing was switched over. The report shows each object as it is on both sides, and so does {file}. "
            + "If your application can live with that: godwit resume --accept verify.schema_different. "
            + "Else remove the cause, and go on with: godwit resume");

    public static Fault NotProven(string named, string file) => new("verify.not_proven", FaultKind.Refused,
        What: "It could not be proven that the target is equal to the source",
        Why: $"no difference was found, but not everything that holds data could be compared: {named}",
        Remedy: "Nothing was switched over. Give the role of --from the right to read it, then go on with: "
            + "godwit resume. If you know that it is equal, or can do without: "
            + $"godwit resume --accept verify.not_proven. All of it is in {file}.");

    public static Fault QueriesDifferent(string named, string file) => new("verify.queries_different", FaultKind.Broken,
        What: "The target holds what the source holds, and your queries give other results there",
        Why: named,
        Remedy: "Nothing was switched over. Rows in another order want an ORDER BY; "
            + "a server of another version or with other "
            + "collations may compute and sort otherwise. "
            + $"The report shows where the results part, and so does {file}. "
            + "If your application can live with that: godwit resume --accept verify.queries_different. "
            + "Else go on with: godwit resume");

    public static Fault QueryFile(string path, string why) => new("verify.query_file", FaultKind.Usage,
        What: $"Cannot run the queries of {path}",
        Why: why,
        Remedy: "Check path and permissions. The file holds SELECT statements alone, each ended by a semicolon: "
            + "no lines that begin with a backslash, which only psql understands.");

    public static Fault VerdictNotWritten(string path, string why) => new(
        "verify.verdict_not_written", FaultKind.Refused,
        What: $"Cannot write the verdict into {path}",
        Why: why,
        Remedy: "Make room there, or give the right to write; then go on with: godwit resume.");

    public static Fault SnapshotGone(string snapshot, string why) => new("verify.snapshot_gone", FaultKind.Refused,
        What: $"The source has no snapshot {snapshot}",
        Why: why,
        Remedy: "A snapshot lives as long as the transaction that exported it: keep that session open until this "
            + "command has ended. Or leave --source-snapshot out, and the source is compared as it is now.");

    public static Fault SideLost(PostgresAddress address) => new("verify.side_lost", FaultKind.Transient,
        What: $"The comparison with {address} was cut off",
        Why: "the session whose moment all others look at was ended, by the server or on the way to it",
        Remedy: "Nothing was changed. Run the command again; "
            + "if it happens again, look into the server's log for who ends sessions.");

    public static Fault SameDatabase(PostgresAddress address) => new("verify.same_database", FaultKind.Usage,
        What: "Cannot compare a database with itself",
        Why: $"source and target are one and the same: {address}",
        Remedy: "Name the copy behind --to. If two variables are meant to lead to two databases, "
            + "look at what they hold.");

    public static Fault RepairNotWritten(string path, string why) => new("verify.repair_not_written", FaultKind.Refused,
        What: $"Cannot write the repair into {path}",
        Why: why,
        Remedy: "Name a file behind --repair-sql in a folder that exists and where you may write, "
            + "with room for all rows that differ. Nothing was changed.");

    public static Fault RepairRefused(PostgresAddress target, string path, int line, string why) => new(
        "verify.repair_refused", FaultKind.Refused,
        What: "The target could not be repaired, and is as it was",
        Why: $"{target} refuses line {line} of {path}: {why}",
        Remedy: "It is one transaction, so nothing of it was done. Change the script, or what stands in its way, and "
            + "run it with: psql --set ON_ERROR_STOP=1 --file FILE. If rows have changed since, verify again first.");
}
