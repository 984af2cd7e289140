using Godwit.Faults;

namespace Godwit.Assess.Checks.Rows;

internal static class NumbersFindings
{
    public static Finding SequenceEnd(string named, string statements) => new("assess.sequence_end", Severity.Warning,
        What: $"Sequences near their end: {named}",
        Why: "at the end every insert fails, at the target as at the source; "
            + "a frozen application is the best moment to change a column's type, which rewrites its table",
        Remedy: $"Make room before the end comes, here or at the target:\n{statements}");

    public static Finding Wraparound(string age, string statements) => new("assess.wraparound", Severity.Warning,
        What: $"The oldest rows of the source have waited {age} for a VACUUM",
        Why: "at 2.1 billion the server stops accepting writes; "
            + "something keeps VACUUM from its work, and a long dump does so as well",
        Remedy: "Find what holds it back (old transactions, prepared ones, replication slots that nobody reads), "
            + $"then:\n{statements}");
}
