using Godwit.Faults;

namespace Godwit.Assess.Checks.Rows;

internal static class ExtensionRowsFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.extension_rows_refused"];

    public static Finding Closed(string user, string named) => new("assess.extension_rows_closed", Severity.Warning,
        What: $"The user {user} may not read all rows of extensions' own tables ({named})",
        Why: "they are moved only with an extension that the target offers, and there is no target yet that could be "
            + "asked; if it offers one of these, a migration stops before anything is frozen",
        Remedy: "Nothing has to be done for extensions that Heroku does not have. For others, create the database "
            + "first and name it with --to, and this becomes certain.");

    public static Finding Refused(string named, string why, string looks) => new(
        "assess.extension_rows_refused", Severity.Blocker,
        What: $"The target does not take rows of yours in extensions' own tables ({named})",
        Why: why,
        Remedy: "Ask the target's provider (at Heroku: its support) to let the database's owner write into these "
            + "tables, or to add the rows; then run the command again. A table that the user of --from may not read "
            + "has to be opened to it first. Rows that nothing uses any more can be deleted at the source instead. "
            + "To go on without them, add --accept assess.extension_rows_refused: what relies on them, such as an "
            + $"index over ST_Transform into a coordinate system of yours, fails then. At the source:\n{looks}");

    public static Finding NotAsked(string named, string why) => new(
        "assess.extension_rows_not_asked", Severity.Warning,
        What: $"Whether the target takes rows of yours in extensions' own tables is not known yet ({named})",
        Why: why,
        Remedy: "The target itself is asked as soon as it is there, and a migration stops before anything is frozen "
            + "if it does not. To know now, create the database first and name it with --to.");

    public static Finding TheirOwn(string named) => new("assess.extension_rows_their_own", Severity.Note,
        What: $"Tables of extensions are left out, because nothing of yours is in them ({named})",
        Why: "the extension fills them itself when it is created at the target, and the target may refuse to have "
            + "anything written into them",
        Remedy: "");
}
