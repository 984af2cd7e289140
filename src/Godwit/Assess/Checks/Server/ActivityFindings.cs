using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

internal static class ActivityFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.freeze_overridden",
        "assess.prepared_transactions", "assess.subscriptions_write"];

    public static Finding Prepared(string named, string statements) => new(
        "assess.prepared_transactions", Severity.Blocker,
        What: $"Prepared transactions wait at the source: {named}",
        Why: "what they hold is in no dump, and the freeze cannot end them: "
            + "committed later, their rows would be missing at the target",
        Remedy: "Let the application that prepared them finish, or decide each yourself, "
            + $"connected to this database as its owner. COMMIT PREPARED keeps its rows; to drop them:\n{statements}");

    public static Finding SubscriptionsWrite(string named, string statements) => new(
        "assess.subscriptions_write", Severity.Blocker,
        What: $"Subscriptions write into the source: {named}",
        Why: "rows that come through logical replication are written even when the freeze has made the database "
            + "read-only, and no session of theirs can be ended",
        Remedy: "Right before the move, and until it is over, stop them (ENABLE in place of DISABLE takes it back):\n"
            + $"{statements}");

    public static Finding FreezeOverridden(string roles, string back, string statements) => new(
        "assess.freeze_overridden", Severity.Blocker,
        What: $"The freeze does not make the source read-only for {roles}",
        Why: "a setting of the role (ALTER ROLE … SET default_transaction_read_only = off) overrides the database's",
        Remedy: "Keep these roles out with --freeze revoke, if they are no superusers; or, right before the move, "
            + "run the lines below as an administrator: new sessions of these roles cannot write from then on. "
            + $"When the move is over, take it back with {back}\n{statements}");

    public static Finding Locked(string named, string statements) => new("assess.locked_tables", Severity.Warning,
        What: $"Tables are locked even against reading: {named}",
        Why: "a VACUUM FULL, ALTER TABLE, TRUNCATE or the like runs or waits there; "
            + "a dump has to wait for it, and gives up after a while",
        Remedy: $"Let it finish first, or end it:\n{statements}");

    public static Finding Unendable(string user, string named, string quoted) => new(
        "assess.unendable_sessions", Severity.Warning,
        What: $"The user {user} may not end these sessions: {named}",
        Why: "they belong to other roles, and the freeze ends every session so that none of them goes on writing; "
            + "it stops at the first that it may not end",
        Remedy: $"Close them before the move, or let an administrator run GRANT pg_signal_backend TO {quoted}; "
            + "a superuser's session can be closed only by its owner or another superuser.");

    public static Finding LongTransaction(string named, string statements) => new(
        "assess.long_transactions", Severity.Warning,
        What: $"Long transactions are open: {named}",
        Why: "the freeze ends them, and what they have done until then is lost; "
            + "while they are open, they also keep the server from cleaning up",
        Remedy: $"Let them finish before the move, or end them yourself:\n{statements}");

    public static Finding Writers(string named) => new("assess.writers", Severity.Note,
        What: $"Applications write at this moment: {named}",
        Why: "the freeze makes the source read-only and ends their sessions; "
            + "from then on they fail until they reach the target",
        Remedy: "");

    public static Finding Hidden(string user, string named, string quoted) => new(
        "assess.hidden_activity", Severity.Note,
        What: $"How long these sessions' transactions run is hidden from the user {user}: {named}",
        Why: "a server shows that to the same role only and to members of pg_read_all_stats, "
            + "so a long transaction among them was not found",
        Remedy: $"To have them looked at as well, let an administrator run GRANT pg_read_all_stats TO {quoted}; "
            + "then run the command again.");
}
