using Godwit.Faults;

namespace Godwit.Assess.Checks.Time;

internal static class SizeFindings
{
    /// <summary>Heroku recommends a limit without enforcing it.</summary>
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.very_large"];

    public static Finding Large(long gigabytes) => new("assess.large", Severity.Warning,
        What: $"The source has {gigabytes} GB",
        Why: "Heroku advises its restore for databases up to 20 GB; the restore of a larger one may time out",
        Remedy: "Copy directly instead, without a dump: --route direct. To use the restore all the same, "
            + "rehearse it first, into a separate add-on (godwit rehearse … --add-on), "
            + "and plan for hours of frozen applications. "
            + "First drop data that the applications no longer need. Vacuum bloated tables: bloat counts in this "
            + "size, but a restore carries only rows.");

    public static Finding VeryLarge(long gigabytes) => new("assess.very_large", Severity.Blocker,
        What: $"The source has {gigabytes} GB",
        Why: "Heroku's guides use its restore for databases under 100 GB only, and Heroku advises it for up to 20 "
            + "GB: beyond, it is likely to time out after hours of frozen applications",
        Remedy: "Copy directly instead, without a dump, from a machine near both servers: --route direct, the default "
            + "for this size. If a rehearsal through Heroku's restore went well, add --accept "
            + "assess.very_large.");

    public static Finding ManyLargeObjects(string count) => new("assess.many_large_objects", Severity.Warning,
        What: $"The source has {count} large objects",
        Why: "Heroku's restore creates them one by one, and may time out",
        Remedy: "Remove those that nothing refers to any more (the program vacuumlo does that), or move them "
            + "into a bytea column. Rehearse the restore before you stop anything.");

    public static Finding NoTables() => new("assess.no_tables", Severity.Warning,
        What: "The source has no tables",
        Why: "perhaps the URL names another database than you mean",
        Remedy: "List the databases of the server with: psql -l");
}
