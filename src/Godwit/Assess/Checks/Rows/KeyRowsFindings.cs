using Godwit.Faults;

namespace Godwit.Assess.Checks.Rows;

internal static class KeyRowsFindings
{
    public static Finding Orphans(string named, string looks, string repairs) => new("assess.orphans", Severity.Blocker,
        What: $"Rows point at rows that do not exist: {named}",
        Why: "a foreign key forbids them, but the source has them (triggers were off when they came, or an index is "
            + "damaged); the target would take the rows and refuse the key",
        Remedy: $"Look at them, then correct or delete them:\n{looks}\nOr keep them and say that the key is not "
            + $"proven, as the target will then keep it too:\n{repairs}");

    public static Finding Duplicates(string named, string looks, string repairs) => new(
        "assess.duplicates", Severity.Blocker,
        What: $"Keys that should be unique stand in several rows: {named}",
        Why: "the index at the source has missed them (it is damaged, most often by another version of the operating "
            + "system's sort order); the target would take the rows and refuse the index",
        Remedy: "Look at them, with the indexes left aside, and delete what is too much:\nSET enable_indexscan = "
            + $"off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off;\n{looks}\nThen make the index "
            + $"anew:\n{repairs}");

    public static Finding Behind(string named, string repairs) => new("assess.sequence_behind", Severity.Warning,
        What: $"Sequences are behind the values in their columns: {named}",
        Why: "they will give values that are taken already, at the target as at the source, and each such insert fails",
        Remedy: $"If rows come in without a value of their own, set them to the largest value:\n{repairs}");

    public static Finding Unread(string named) => new("assess.keys_unread", Severity.Warning,
        What: $"Keys could not be checked against their rows: {named}",
        Why: "the source refused to read them; whether the target can make these keys is open",
        Remedy: "Give the user the rights, and let it pass row security where that is the reason. Then run the "
            + "command again.");

    public static Finding Sampled(int sampled, int late) => new("assess.keys_sampled", Severity.Note,
        What: $"Not all keys and expressions were checked against all rows: {sampled} in a sample only, {late} not at "
            + "all",
        Why: "an assessment takes seconds, and the largest tables take longer (and as a superuser it runs no "
            + "functions that others wrote); a row that breaks its key would stop the restore",
        Remedy: "Read all of them, which takes as long as a dump, when the source has time for it: godwit assess "
            + "--from env:SOURCE_URL --deep");

    public static Finding Violations(string named, string looks) => new("assess.check_violations", Severity.Blocker,
        What: $"Rows break the constraints of their table: {named}",
        Why: "the constraint calls a function that has changed since they came; the target computes it anew, and "
            + "refuses the whole table for one such row",
        Remedy: $"Look at them, then correct them, or the function:\n{looks}");

    public static Finding Expressions(string named, string repairs) => new("assess.expressions", Severity.Blocker,
        What: $"Constraints, indexes or columns cannot be computed in a restore: {named}",
        Why: "they call functions that rely on the application's search_path, and a restore works with an empty one",
        Remedy: $"Let the functions bring their own, or write the schema before each name in them:\n{repairs}");

    public static Finding Reading(string named, string repairs) => new("assess.check_reads_tables", Severity.Warning,
        What: $"Constraints look into tables: {named}",
        Why: "a restore loads one table after the other and knows nothing of this; rows that come before those they "
            + "depend on are refused, and with them their whole table",
        Remedy: "Use a foreign key or a trigger, or have the constraint added after all rows, which a restore does "
            + $"with one that is not proven:\n{repairs}");
}
