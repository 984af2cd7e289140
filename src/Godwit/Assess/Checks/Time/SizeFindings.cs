using Godwit.Faults;

namespace Godwit.Assess.Checks.Time;

internal static class SizeFindings
{
    /// <summary>Heroku recommends a limit without enforcing it.</summary>
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.very_large"];

    public static Finding Large(long gigabytes) => new("assess.large", Severity.Warning,
        What: $"The source has {gigabytes} GB",
        Why: "Heroku advises its restore for databases up to 20 GB; that of a larger one may time out there",
        Remedy: "Copy it straight instead, without a dump: --route direct. To take the restore all the same, "
            + "rehearse it first, into an add-on of its own (godwit rehearse … --add-on), "
            + "and plan for hours of frozen applications. "
            + "What the applications do not need any more, drop before; vacuum what is bloated: "
            + "a restore carries rows, not gaps.");

    public static Finding VeryLarge(long gigabytes) => new("assess.very_large", Severity.Blocker,
        What: $"The source has {gigabytes} GB",
        Why: "Heroku's guides take this way for databases under 100 GB only, and its restore is made for up to 20 "
            + "GB: beyond, it is likely to time out after hours of frozen applications",
        Remedy: "Copy it straight instead, without a dump, from a machine near both: --route direct, which is what "
            + "happens when nothing is said. If a rehearsal through Heroku's restore went well, add --accept "
            + "assess.very_large.");

    public static Finding ManyLargeObjects(string count) => new("assess.many_large_objects", Severity.Warning,
        What: $"The source has {count} large objects",
        Why: "Heroku's restore makes them one by one, and may time out on many",
        Remedy: "Remove those that nothing refers to any more (the extension lo has vacuumlo for it), or move them "
            + "into a bytea column. Rehearse the restore before you stop anything.");

    public static Finding NoTables() => new("assess.no_tables", Severity.Warning,
        What: "The source has no tables",
        Why: "perhaps the URL names another database than you mean",
        Remedy: "List the databases of the server with: psql -l");
}
