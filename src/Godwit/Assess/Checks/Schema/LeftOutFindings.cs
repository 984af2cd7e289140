using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class LeftOutFindings
{
    public static Finding EventTriggers(string count, string named) => new("assess.event_triggers", Severity.Warning,
        What: $"{count} will not be moved",
        Why: $"Godwit leaves event triggers out, because only a superuser may create one: {named}",
        Remedy: "Find out what relies on it, such as an audit of changes to tables. "
            + "The function it calls is moved, and left-out.sql has the statement.");

    public static Finding Publications(string count, string named) => new("assess.publications", Severity.Warning,
        What: $"{count} will not be moved",
        Why: "publications belong to the source's replication, "
            + $"and other servers cannot replicate from Heroku: {named}",
        Remedy: "Plan how its readers (replicas, a warehouse, change streams) get their rows after the move; "
            + "until then they see nothing that is written at the target.");

    public static Finding Subscriptions(string count, string named) => new("assess.subscriptions", Severity.Warning,
        What: $"{count} will not be moved",
        Why: "subscriptions fetch rows from another server, "
            + $"and the target's owner may not create one: {named}",
        Remedy: "Plan how these rows reach the target. When nothing needs it any more, drop it at the source, "
            + "so that its slot does not fill the disk of the other server: DROP SUBSCRIPTION name;");

    public static Finding SecurityLabels(string count, string named) => new("assess.security_labels", Severity.Warning,
        What: $"{count} will not be moved",
        Why: $"the module that understands them is not loaded at the target: {named}",
        Remedy: "If they hide something, such as the columns of an anonymised view of the data, "
            + "decide who may see it at the target. left-out.sql has the statements.");

    public static Finding Tablespaces(string count, string named) => new("assess.tablespaces", Severity.Note,
        What: $"{count} moved into the target's default tablespace",
        Why: $"the source has them in {named}",
        Remedy: "");
}
