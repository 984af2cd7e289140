using Godwit.Faults;

namespace Godwit.Assess.Checks.Time;

internal static class TimeFindings
{
    /// <summary>The dump's size is an estimate.</summary>
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.store_full"];

    public static Finding Far(string what, string milliseconds) => new("assess.far", Severity.Note,
        What: $"The {what} is {milliseconds} ms away",
        Why: "every query takes at least that long, and a database with many small tables takes many queries",
        Remedy: "Run Godwit on a machine nearer to both, in the region of the source or of the app: "
            + "a one-off dyno or a small virtual machine is enough.");

    public static Finding StoreFull(string store, string free, string needed) => new(
        "assess.store_full", Severity.Blocker,
        What: $"{store} has no room for the dump",
        Why: $"{free} are free, and the dump needs about {needed}",
        Remedy: "Make room, or name another store with --via. A bucket has no such limit.");
}
