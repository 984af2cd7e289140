using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

internal static class WritableFindings
{
    public static Finding Standby(PostgresAddress source, string instead) => new("assess.standby", Severity.Blocker,
        What: $"Cannot freeze {source}",
        Why: "it is a standby (a read replica), and writes can be stopped only at the primary",
        Remedy: $"Use {instead} in --from, or stop the writes yourself and use --no-freeze.");

    public static Finding ReadOnly(PostgresAddress source, string where, string remedy) => new(
        "assess.read_only", Severity.Warning,
        What: $"New sessions of {source} are read-only already",
        Why: $"default_transaction_read_only is on, set {where}; "
            + "the freeze finds the setting on, and undo and rollback leave it on",
        Remedy: $"Applications cannot write even now. If that is not on purpose, lift the setting. {remedy}");
}
