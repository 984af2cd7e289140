using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class TablesFindings
{
    public static Finding Unlogged(string countAre, string named, string statements) => new(
        "assess.unlogged", Severity.Note,
        What: $"{countAre} moved, but can lose all rows later",
        Why: "such a table is emptied when its server crashes or fails over to another, "
            + $"at the target as at the source: {named}",
        Remedy: $"If its rows matter, make it logged at the target after the move:\n{statements}");

    public static Finding Temporary(string countAre, string named) => new("assess.temporary", Severity.Note,
        What: $"{countAre} not moved",
        Why: $"open sessions created them for themselves, and they disappear when these sessions end: {named}",
        Remedy: "");

    public static Finding Unfilled(string countWere, string named) => new("assess.unfilled_views", Severity.Note,
        What: $"{countWere} never filled, and will be empty at the target too",
        Why: $"such a view is moved WITH NO DATA, and cannot be read before its first REFRESH: {named}",
        Remedy: "");
}
