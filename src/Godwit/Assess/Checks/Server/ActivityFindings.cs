using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

internal static class ActivityFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.freeze_overridden",
        "assess.prepared_transactions", "assess.subscriptions_write"];

    public static Finding Prepared(string named, string statements) => new(
        "assess.prepared_transactions", Severity.Blocker,
        What: $"The source has prepared transactions: {named}",
        Why: "a dump does not contain their rows, and the freeze cannot end them: "
            + "rows that are committed later would be missing at the target",
        Remedy: "Let the application that prepared them finish them, or end each yourself, connected to this database "
            + $"as the transaction's owner. COMMIT PREPARED keeps its rows; to discard them:\n{statements}");

    public static Finding SubscriptionsWrite(string named, string statements) => new(
        "assess.subscriptions_write", Severity.Blocker,
        What: $"Subscriptions write into the source: {named}",
        Why: "logical replication writes rows even after the freeze has made the database read-only, "
            + "and the freeze cannot end its workers",
        Remedy: "Right before the move, disable them until it is over (ENABLE in place of DISABLE reverses it):\n"
            + $"{statements}");

    public static Finding FreezeOverridden(string roles, string back, string statements) => new(
        "assess.freeze_overridden", Severity.Blocker,
        What: $"The freeze does not make the source read-only for {roles}",
        Why: "a setting of the role (ALTER ROLE … SET default_transaction_read_only = off) overrides the database's",
        Remedy: "If these roles are not superusers, lock them out with --freeze revoke. Or run the lines below as an "
            + "administrator right before the move: new sessions of these roles are then read-only. "
            + $"When the move is over, reverse it with {back}\n{statements}");

    public static Finding Locked(string named, string statements) => new("assess.locked_tables", Severity.Warning,
        What: $"Tables are locked, even for reads: {named}",
        Why: "a VACUUM FULL, ALTER TABLE, TRUNCATE or similar statement holds or waits for an exclusive lock; "
            + "a dump waits for it, and fails after a time limit",
        Remedy: $"Let these sessions finish first, or end them:\n{statements}");

    public static Finding Unendable(string user, string named, string quoted) => new(
        "assess.unendable_sessions", Severity.Warning,
        What: $"The user {user} may not end these sessions: {named}",
        Why: "they belong to other roles; the freeze ends every session so that none keeps writing, "
            + "and fails if one that it may not end stays",
        Remedy: $"Close them before the move, or let an administrator run GRANT pg_signal_backend TO {quoted}; "
            + "a superuser's session can be closed only by its owner or another superuser.");

    public static Finding LongTransaction(string named, string statements) => new(
        "assess.long_transactions", Severity.Warning,
        What: $"Long transactions are open: {named}",
        Why: "the freeze ends them, which rolls back their changes; "
            + "while they are open, they also keep vacuum from removing old row versions",
        Remedy: $"Let them finish before the move, or end them yourself:\n{statements}");

    public static Finding Writers(string named) => new("assess.writers", Severity.Note,
        What: $"Applications write at this moment: {named}",
        Why: "the freeze makes the source read-only and ends their sessions; "
            + "their writes then fail until they use the target",
        Remedy: "");

    public static Finding Hidden(string user, string named, string quoted) => new(
        "assess.hidden_activity", Severity.Note,
        What: $"The user {user} may not see how long these sessions' transactions have run: {named}",
        Why: "the server shows this only to the same role and to members of pg_read_all_stats, "
            + "so long transactions among them were not found",
        Remedy: $"To have them checked too, let an administrator run GRANT pg_read_all_stats TO {quoted}; "
            + "then run the command again.");
}
