using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

internal static class SlotFindings
{
    public static Finding Active(string named) => new("assess.slot_active", Severity.Warning,
        What: $"Replication slots of this database are in use: {named}",
        Why: "replication slots are not moved; "
            + "after the cut-over, changes happen at the target, and readers of these slots no longer get them",
        Remedy: "Find the readers (a warehouse, Debezium, a replica): SELECT * FROM pg_stat_replication; "
            + "Check whether they may read from the target, and plan to point them there.");

    public static Finding Inactive(string named, string statements) => new("assess.slot_inactive", Severity.Warning,
        What: $"Replication slots that nobody reads: {named}",
        Why: "the source keeps its WAL for them until somebody does, and its disk may fill; "
            + "they are not moved to the target",
        Remedy: $"If a reader is gone for good, drop its slot:\n{statements}");

    public static Finding Physical(string named) => new("assess.slot_standby", Severity.Note,
        What: $"Slots of standbys that are not connected: {named}",
        Why: "the source keeps its WAL for them, and its disk may fill",
        Remedy: "");
}
