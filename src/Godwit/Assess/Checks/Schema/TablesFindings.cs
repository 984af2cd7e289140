using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class TablesFindings
{
    public static Finding Unlogged(string countAre, string named, string statements) => new(
        "assess.unlogged", Severity.Note,
        What: $"{countAre} moved, and can be empty one day",
        Why: "such a table is emptied when its server crashes or fails over to another, "
            + $"at the target as here: {named}",
        Remedy: $"If its rows matter, change that at the target after the move:\n{statements}");

    public static Finding Temporary(string countAre, string named) => new("assess.temporary", Severity.Note,
        What: $"{countAre} not moved",
        Why: $"sessions that are at work now have made them for themselves, and they end with them: {named}",
        Remedy: "");

    public static Finding Unfilled(string countWere, string named) => new("assess.unfilled_views", Severity.Note,
        What: $"{countWere} never filled, and will be as empty at the target",
        Why: $"such a view is moved WITH NO DATA, and cannot be read before its first REFRESH: {named}",
        Remedy: "");
}
