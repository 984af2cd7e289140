using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

internal static class SlotFindings
{
    public static Finding Active(string named) => new("assess.slot_active", Severity.Warning,
        What: $"Somebody follows the changes of this database: {named}",
        Why: "replication slots do not move; "
            + "after the cut-over the changes happen at the target, and whoever reads here sees no more of them",
        Remedy: "Find out who reads (a warehouse, Debezium, a replica), whether the target lets it read there, "
            + "and plan to point it there. Who it is shows: SELECT * FROM pg_stat_replication;");

    public static Finding Inactive(string named, string statements) => new("assess.slot_inactive", Severity.Warning,
        What: $"Replication slots that nobody reads: {named}",
        Why: "the source keeps its log for them until somebody does, and its disk may fill; "
            + "they do not move to the target",
        Remedy: $"Where the reader is gone for good, drop its slot:\n{statements}");

    public static Finding Physical(string named) => new("assess.slot_standby", Severity.Note,
        What: $"Slots of standbys that are not connected: {named}",
        Why: "the source keeps its log for them, and its disk may fill",
        Remedy: "");
}
