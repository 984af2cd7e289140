using Godwit.Faults;

namespace Godwit.Assess.Checks.Rows;

internal static class ExtensionRowsFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.extension_rows_refused"];

    public static Finding Closed(string user, string named) => new("assess.extension_rows_closed", Severity.Warning,
        What: $"The user {user} may not read all rows of extensions' own tables ({named})",
        Why: "they are moved only if the target offers the extension, and there is no target yet to ask; if it "
            + "offers one of these, a migration stops before anything is frozen",
        Remedy: "Do nothing for extensions that Heroku does not have. For others, create the database first and name "
            + "it with --to: Godwit then asks it.");

    public static Finding Refused(string named, string why, string looks) => new(
        "assess.extension_rows_refused", Severity.Blocker,
        What: $"The target refuses your rows in extensions' own tables ({named})",
        Why: why,
        Remedy: "Ask the target's provider (at Heroku: its support) to let the database's owner write into these "
            + "tables, or to add the rows; then run the command again. If the user of --from may not read a table, "
            + "give it that right first. Or delete, at the source, rows that nothing uses any more. "
            + "To leave the rows out, add --accept assess.extension_rows_refused: whatever relies on them then fails, "
            + $"such as an index with ST_Transform into a coordinate system of yours. At the source:\n{looks}");

    public static Finding NotAsked(string named, string why) => new(
        "assess.extension_rows_not_asked", Severity.Warning,
        What: $"Godwit does not know yet whether the target accepts your rows in extensions' own tables ({named})",
        Why: why,
        Remedy: "A migration asks the target as soon as it exists, and stops before anything is frozen if it refuses "
            + "them. To know now, create the database first and name it with --to.");

    public static Finding TheirOwn(string named) => new("assess.extension_rows_their_own", Severity.Note,
        What: $"Tables of extensions are left out, because they hold no rows of yours that the target lacks ({named})",
        Why: "the extension fills them itself when it is created at the target, and the target may refuse writes to "
            + "them",
        Remedy: "");
}
