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
        What: $"{source} has open prepared transactions: {named}",
        Why: "COMMIT PREPARED writes even to a read-only database, and no dump contains their rows",
        Remedy: "Let the application that prepared them finish, then run the command again. Or first end each one "
            + $"yourself, connected to this database as the transaction's owner:\n{statements}");

    public static Fault Subscriptions(PostgresAddress source, string named, string statements) => new(
        "cutover.subscriptions", FaultKind.Refused,
        What: $"Subscriptions write into {source}: {named}",
        Why: "logical replication writes even to a read-only database, and its workers are not sessions that Godwit "
            + "can end",
        Remedy: "Disable them with these lines, then run the command again. After the move, run the lines with ENABLE "
            + $"instead of DISABLE:\n{statements}");

    public static Fault FreezeOverridden(PostgresAddress source, string roles, string statements, string back) => new(
        "cutover.freeze_overridden", FaultKind.Refused,
        What: $"{source} does not become read-only for {roles}",
        Why: "a setting of the role (ALTER ROLE … SET default_transaction_read_only = off) overrides the database's",
        Remedy: "Run the lines below as an administrator, then run the command again: "
            + $"new sessions of these roles cannot write from then on. After the move, restore the setting with {back} "
            + $"If these roles only read, you can add --accept cutover.freeze_overridden instead.\n{statements}");

    public static Fault WriteNotRefused(PostgresAddress source, string happened) => new(
        "cutover.write_not_refused", FaultKind.Refused,
        What: $"{source} is not read-only, although its default_transaction_read_only is on",
        Why: $"a new session tried to create a table, and {happened}",
        Remedy: "Check whether the --from address sets options, or its role has settings of its own (\\drds in psql). "
            + "Or stop all writers yourself and use --freeze none.");

    public static Fault StillWritten(PostgresAddress source, string who, string way) => new(
        "cutover.still_written", FaultKind.Refused,
        What: $"Somebody still writes to {source}: {who}",
        Why: $"{way} although the source is read-only and its sessions were ended; "
            + "a session can still write after SET default_transaction_read_only = off or BEGIN READ WRITE",
        Remedy: "Stop that program, or lock out its role with --freeze revoke (which does not stop superusers); "
            + "then run the command again. "
            + "If the program is the provider's own and writes none of your data, add --accept cutover.still_written.");

    public static Fault WrittenSince(PostgresAddress source, string who, string way) => new(
        "cutover.written_since", FaultKind.Refused,
        What: $"Somebody wrote to {source} while it was frozen: {who}",
        Why: $"{way} since the freeze, so the dump may lack rows",
        Remedy: "Stop that program. Then run `godwit resume`: it freezes and copies again.");

    public static Fault Thawed(PostgresAddress source, string why) => new("cutover.thawed", FaultKind.Refused,
        What: $"{source} is no longer frozen",
        Why: why,
        Remedy: "Run `godwit resume`: it freezes and copies again, because others may have written since.");

    public static Fault CannotRevoke(PostgresAddress source, string rights) => new(
        "cutover.cannot_revoke", FaultKind.Refused,
        What: $"Cannot keep others out of {source}",
        Why: $"the right to connect was revoked, but other roles still have it: {rights}",
        Remedy: "Use --freeze read-only, or revoke those grants yourself.");

    public static Fault CannotGrantAs(PostgresAddress source, string grantor, string grant, string why) => new(
        "cutover.grant_of_another", FaultKind.Refused,
        What: $"Will not revoke the right to connect to {source}: it could not be restored exactly",
        Why: $"{grant} was granted by {grantor}, and only that role can repeat this grant: {why}",
        Remedy: $"Let an administrator GRANT {ServerCatalog.Quote(grantor)} to the user of --from, "
            + "or use --freeze read-only.");

    public static Fault CannotPutBackGrants(PostgresAddress source, string before, string after) => new(
        "cutover.grants_differ", FaultKind.Refused,
        What: $"Will not revoke the right to connect to {source}: it could not be restored exactly",
        Why: $"the rights on the database are {before}, and after the restore they would be {after}",
        Remedy: "Use --freeze read-only.");

    public static Fault GrantsNotPutBack(PostgresAddress source, string state, string why, string statements) => new(
        "cutover.grants_not_put_back", FaultKind.Broken,
        What: $"The rights to connect to {source} are not restored",
        Why: $"{state}, but the rights could not be given back: {why}",
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
        Why: $"they were terminated and are still there: {who}",
        Remedy: "Stop those programs; then run the command again.");
}
