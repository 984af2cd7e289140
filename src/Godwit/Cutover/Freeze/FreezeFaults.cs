using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Cutover.Freeze;

internal static class FreezeFaults
{
    /// <summary>Codes that <c>--accept</c> takes.</summary>
    public const string Prepared = "cutover.prepared_transactions", Subscribed = "cutover.subscriptions", Overridden =
        "cutover.freeze_overridden", Written = "cutover.still_written";

    public static Fault CannotFreeze(PostgresAddress source, string why) => new(
        "cutover.cannot_freeze", FaultKind.Refused,
        What: $"Cannot change whether {source} is read-only, or who may connect to it",
        Why: why,
        Remedy: "Use the database owner's login in --from, or stop all writers yourself and use --freeze none.");

    public static Fault PreparedTransactions(PostgresAddress source, string named, string statements) => new(
        "cutover.prepared_transactions", FaultKind.Refused,
        What: $"Prepared transactions wait at {source}: {named}",
        Why: "COMMIT PREPARED writes even when the database is read-only, and what they hold is in no dump",
        Remedy: "Let the application that prepared them finish, or decide each yourself, "
            + $"connected to this database as its owner, then run the command again:\n{statements}");

    public static Fault Subscriptions(PostgresAddress source, string named, string statements) => new(
        "cutover.subscriptions", FaultKind.Refused,
        What: $"Subscriptions write into {source}: {named}",
        Why: "rows that come through logical replication are written even when the database is read-only, "
            + "and no session of theirs can be ended",
        Remedy: "Stop them for the time of the move, and run the command again (ENABLE in place of DISABLE takes it "
            + $"back):\n{statements}");

    public static Fault FreezeOverridden(PostgresAddress source, string roles, string statements, string back) => new(
        "cutover.freeze_overridden", FaultKind.Refused,
        What: $"{source} does not become read-only for {roles}",
        Why: "a setting of the role (ALTER ROLE … SET default_transaction_read_only = off) overrides the database's",
        Remedy: "Run the lines below as an administrator, then the command again: "
            + $"new sessions of these roles cannot write from then on. When the move is over, take it back with {back} "
            + $"Roles that only look may stay as they are: --accept cutover.freeze_overridden.\n{statements}");

    public static Fault WriteNotRefused(PostgresAddress source, string happened) => new(
        "cutover.write_not_refused", FaultKind.Refused,
        What: $"{source} is not read-only, although its default is set so",
        Why: $"a new session tried to make a table, and {happened}",
        Remedy: "Look whether the address itself sets options, or the role of --from has settings of its own (\\drds "
            + "in psql); or stop all writers yourself and use --freeze none.");

    public static Fault StillWritten(PostgresAddress source, string who, string way) => new(
        "cutover.still_written", FaultKind.Refused,
        What: $"Somebody still writes to {source}: {who}",
        Why: $"{way} although the source is read-only and its sessions were ended; "
            + "whoever sets default_transaction_read_only off, or begins a transaction READ WRITE, is not held by it",
        Remedy: "Stop that program, or keep its role out with --freeze revoke (which does not hold superusers), "
            + "then run the command again. "
            + "If it is the provider's own, and writes nothing of yours: --accept cutover.still_written.");

    public static Fault WrittenSince(PostgresAddress source, string who, string way) => new(
        "cutover.written_since", FaultKind.Refused,
        What: $"Somebody wrote to {source} while it was frozen: {who}",
        Why: $"{way} since the freeze, so the dump may lack rows",
        Remedy: "Stop that program. Then go on with `godwit resume`: it freezes and copies again.");

    public static Fault Thawed(PostgresAddress source, string why) => new("cutover.thawed", FaultKind.Refused,
        What: $"{source} is not frozen any more",
        Why: why,
        Remedy: "Somebody else has put it back, and may have written since. Go on with `godwit resume`: "
            + "it freezes and copies again.");

    public static Fault CannotRevoke(PostgresAddress source, string rights) => new(
        "cutover.cannot_revoke", FaultKind.Refused,
        What: $"Cannot keep others out of {source}",
        Why: $"the right to connect was revoked, and others still have it: {rights}",
        Remedy: "Use --freeze read-only, or revoke those grants yourself.");

    public static Fault CannotGrantAs(PostgresAddress source, string grantor, string grant, string why) => new(
        "cutover.grant_of_another", FaultKind.Refused,
        What: $"Will not take the right to connect to {source} away: it could not be given back as it was",
        Why: $"{grant} was granted by {grantor}, and only that role can grant it so again: {why}",
        Remedy: $"Let an administrator GRANT {ServerCatalog.Quote(grantor)} to the user of --from, "
            + "or use --freeze read-only.");

    public static Fault CannotPutBackGrants(PostgresAddress source, string before, string after) => new(
        "cutover.grants_differ", FaultKind.Refused,
        What: $"Will not take the right to connect to {source} away: it could not be given back as it was",
        Why: $"the rights on the database are {before}, and would come back as {after}",
        Remedy: "Use --freeze read-only.");

    public static Fault GrantsNotPutBack(PostgresAddress source, string why, string statements) => new(
        "cutover.grants_not_put_back", FaultKind.Broken,
        What: $"{source} is writable again, but not all who may connect to it can",
        Why: why,
        Remedy: $"Run `godwit rollback` again, or let an administrator run:\n{statements}");

    public static Fault CannotEndSession(PostgresAddress source, string who, string why) => new(
        "cutover.cannot_end_session", FaultKind.Refused,
        What: $"Cannot end a session at {source}: {who}",
        Why: why,
        Remedy: "Stop that program yourself, or GRANT pg_signal_backend to the user of --from; "
            + "then run the command again.");

    public static Fault SessionsStay(PostgresAddress source, string who) => new(
        "cutover.sessions_stay", FaultKind.Refused,
        What: $"Sessions at {source} do not end",
        Why: $"they were told to and are still there: {who}",
        Remedy: "Stop those programs; then run the command again.");
}
