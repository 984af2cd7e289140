using Godwit.Faults;

namespace Godwit.Assess.Checks.Rows;

internal static class KeyRowsFindings
{
    public static Finding Orphans(string named, string looks, string repairs) => new("assess.orphans", Severity.Blocker,
        What: $"Rows point at rows that do not exist: {named}",
        Why: "a foreign key forbids them, but the source has them (triggers were off when they were written, or an "
            + "index is damaged); the target would accept the rows and refuse the key",
        Remedy: $"Look at them, then correct or delete them:\n{looks}\nOr keep them and make the key NOT VALID, as "
            + $"it will then be at the target too:\n{repairs}");

    public static Finding Duplicates(string named, string looks, string repairs) => new(
        "assess.duplicates", Severity.Blocker,
        What: $"Unique keys occur in several rows: {named}",
        Why: "the source's index is damaged and missed them, most often because the operating system's sort order "
            + "changed; the target would accept the rows and refuse the index",
        Remedy: "Look at them without using the indexes, and delete the surplus rows:\nSET enable_indexscan = "
            + $"off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off;\n{looks}\nThen rebuild the "
            + $"index:\n{repairs}");

    public static Finding Behind(string named, string repairs) => new("assess.sequence_behind", Severity.Warning,
        What: $"Sequences are behind the values in their columns: {named}",
        Why: "they will return values that are used already, at the target as at the source, and such inserts fail",
        Remedy: $"If inserts use these sequences, set them to the largest value:\n{repairs}");

    public static Finding Unread(string named) => new("assess.keys_unread", Severity.Warning,
        What: $"Keys could not be checked against their rows: {named}",
        Why: "the source refused to read the rows, so the target may still refuse these keys",
        Remedy: "Grant the user the rights to read them; if row security is the reason, exempt the user from it. "
            + "Then run the command again.");

    public static Finding Sampled(int sampled, int late) => new("assess.keys_sampled", Severity.Note,
        What: $"Not all keys and expressions were checked against all rows: {sampled} in a sample only, {late} not at "
            + "all",
        Why: "an assessment takes seconds, and the largest tables take longer (as a superuser it also runs no "
            + "functions that others wrote); a row that violates its key would stop the restore",
        Remedy: "Check all rows at a quiet time, because that takes as long as a dump: godwit assess "
            + "--from env:SOURCE_URL --deep");

    public static Finding Violations(string named, string looks) => new("assess.check_violations", Severity.Blocker,
        What: $"Rows violate the constraints of their table: {named}",
        Why: "the constraint calls a function that changed after they were written; the target evaluates it again, and "
            + "refuses the whole table for one such row",
        Remedy: $"Look at them, then correct them or the function:\n{looks}");

    public static Finding Expressions(string named, string repairs) => new("assess.expressions", Severity.Blocker,
        What: $"Constraints, indexes or columns cannot be computed in a restore: {named}",
        Why: "they call functions that rely on the application's search_path, and a restore works with an empty one",
        Remedy: $"Set a search_path for the functions, or write the schema before each name in them:\n{repairs}");

    public static Finding Reading(string named, string repairs) => new("assess.check_reads_tables", Severity.Warning,
        What: $"Check constraints read tables: {named}",
        Why: "a restore loads one table after the other, in any order; if a row comes before the rows it depends on, "
            + "the target refuses its whole table",
        Remedy: "Use a foreign key or a trigger, or make the constraint NOT VALID: a restore adds it after all "
            + $"rows:\n{repairs}");
}
