using Godwit.Faults;

namespace Godwit.Assess.Checks.Rows;

internal static class NumbersFindings
{
    public static Finding SequenceEnd(string named, string statements) => new("assess.sequence_end", Severity.Warning,
        What: $"Sequences are near their end: {named}",
        Why: "at the end every insert fails, at the target as at the source; "
            + "changing a column's type rewrites its table, which is best done while the application is frozen",
        Remedy: $"Raise the limit before the end comes, at the source or at the target:\n{statements}");

    public static Finding Wraparound(string age, string statements) => new("assess.wraparound", Severity.Warning,
        What: $"The oldest rows of the source have waited {age} for a VACUUM",
        Why: "at 2.1 billion the server stops accepting writes; "
            + "something blocks VACUUM, and a long dump blocks it too",
        Remedy: "Remove what blocks it (old transactions, prepared ones, replication slots that nobody reads), "
            + $"then run:\n{statements}");
}
