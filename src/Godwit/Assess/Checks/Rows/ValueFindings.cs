using Godwit.Faults;

namespace Godwit.Assess.Checks.Rows;

internal static class ValueFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.money"];

    public static Finding Money(string named, string here, string there) => new("assess.money", Severity.Blocker,
        What: $"The target writes and reads amounts of money differently: {named}",
        Why: "the type money follows the server's lc_monetary: "
            + $"{here} at the source is {there} at the target, so amounts are refused or misread",
        Remedy: "Change the type to numeric before the move, which every server reads alike: "
            + "ALTER TABLE name_of_table ALTER COLUMN name_of_column TYPE numeric(20, 2);");

    public static Finding References(string named) => new("assess.references", Severity.Warning,
        What: $"Columns hold references to objects of the database: {named}",
        Why: "a dump writes their names, and the target looks each up while it loads the rows; "
            + "if a role, an index or a function is missing then, the whole table is refused",
        Remedy: "If they name anything but tables, types and schemas, change them to text before the move: "
            + "ALTER TABLE name_of_table ALTER COLUMN name_of_column TYPE text;");
}
