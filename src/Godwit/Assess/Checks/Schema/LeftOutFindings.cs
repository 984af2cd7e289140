using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class LeftOutFindings
{
    public static Finding EventTriggers(string count, string named) => new("assess.event_triggers", Severity.Warning,
        What: $"{count} will not be there any more",
        Why: $"only a superuser may create one, and the target's owner is none: {named}",
        Remedy: "See what relies on it, such as an audit of changes to tables. "
            + "The function it calls is moved, and left-out.sql has the statement.");

    public static Finding Publications(string count, string named) => new("assess.publications", Severity.Warning,
        What: $"{count} will not be there any more",
        Why: "publications belong to the replication of this server, "
            + $"and the target is none that others can follow: {named}",
        Remedy: "Plan how its readers (replicas, a warehouse, change streams) get their rows after the move; "
            + "until then they see nothing that is written at the target.");

    public static Finding Subscriptions(string count, string named) => new("assess.subscriptions", Severity.Warning,
        What: $"{count} will not be there any more",
        Why: "subscriptions fetch rows from another server into this one, "
            + $"and the target's owner may have none: {named}",
        Remedy: "Plan how these rows reach the target. Once nothing needs it any more, drop it here, "
            + "so that its slot does not fill the disk of the other server: DROP SUBSCRIPTION name;");

    public static Finding SecurityLabels(string count, string named) => new("assess.security_labels", Severity.Warning,
        What: $"{count} will not be there any more",
        Why: $"the module that understands them is not loaded at the target: {named}",
        Remedy: "If they hide something, such as the columns of an anonymised view of the data, "
            + "decide who may see it at the target. left-out.sql has the statements.");

    public static Finding Tablespaces(string count, string named) => new("assess.tablespaces", Severity.Note,
        What: $"{count} moved into the target's only tablespace",
        Why: $"here they are in others: {named}",
        Remedy: "");
}
