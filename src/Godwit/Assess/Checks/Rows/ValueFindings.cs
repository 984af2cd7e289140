using Godwit.Faults;

namespace Godwit.Assess.Checks.Rows;

internal static class ValueFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.money"];

    public static Finding Money(string named, string here, string there) => new("assess.money", Severity.Blocker,
        What: $"Amounts of money are written and read differently at the target: {named}",
        Why: "the type money follows the server's lc_monetary: "
            + $"{here} here is {there} there, so amounts are refused, or taken for others",
        Remedy: "Make them numbers before the move, which any server reads alike: "
            + "ALTER TABLE name_of_table ALTER COLUMN name_of_column TYPE numeric(20, 2);");

    public static Finding References(string named) => new("assess.references", Severity.Warning,
        What: $"Columns hold references to objects of the database: {named}",
        Why: "a dump writes their names, and the target looks each up while it loads the rows; "
            + "a role, an index or a function that is not there then keeps the whole table out",
        Remedy: "If they name anything but tables, types and schemas, make them texts before the move: "
            + "ALTER TABLE name_of_table ALTER COLUMN name_of_column TYPE text;");
}
