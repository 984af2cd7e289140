using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class CollationFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.partition_order"];

    public static Finding SortOrder(string here, string there) => new("assess.sort_order", Severity.Warning,
        What: $"Texts sort differently at the target: {there} there, {here} here",
        Why: "lists, the pages of long lists, and ranges of texts come out in another order",
        Remedy: "Where an application depends on the order, say it in the query or in the column's definition: "
            + "ORDER BY name COLLATE \"C\"");

    public static Finding SortOrderOfBytes(string here, string there) => new(
        "assess.sort_order_bytes", Severity.Warning,
        What: $"Texts sort differently at the target: {there} there, byte by byte ({here}) here",
        Why: "here all capitals stand before all small letters, there they mix, so lists and ranges of texts come "
            + "out in another order; and an ordinary index finds LIKE 'abc%' only in an order by bytes",
        Remedy: "Where an application depends on the order, say it in the query or in the column's definition: "
            + "ORDER BY name COLLATE \"C\". "
            + "An index for LIKE needs text_pattern_ops there: "
            + "CREATE INDEX ON name_of_table (name_of_column text_pattern_ops);");

    public static Finding PartitionOrder(string named, string here, string there) => new(
        "assess.partition_order", Severity.Blocker,
        What: $"Tables are cut into ranges of texts, which are others at the target: {named}",
        Why: $"texts sort by {there} there and by {here} here; a row that falls into another partition is refused, "
            + "and with it all rows of its partition",
        Remedy: "Compare the bounds with the values: where no value changes its side of a bound (only digits, "
            + "only small letters), accept this with --accept assess.partition_order. "
            + "Else make the table anew with its key's order fixed: PARTITION BY RANGE (name_of_column COLLATE \"C\")");

    public static Finding Folding(string named, string here, string there) => new("assess.folding", Severity.Warning,
        What: $"Unique keys without regard to case may find more texts equal at the target: {named}",
        Why: $"letters outside of ASCII have a small and a capital form in one of {here} (here) and {there} (there), "
            + "or another one; where two keys become equal, the target refuses the index",
        Remedy: "Look for texts of these keys that differ only in the case of such letters (É and é), and change "
            + "one of each pair.");

    public static Finding Version(string named, string statements) => new("assess.collation_version", Severity.Warning,
        What: $"The library that sorts the source's texts is another one than when its indexes were made: {named}",
        Why: "such indexes can miss rows, and unique ones let the same text in twice; the target makes its indexes "
            + "anew, and refuses a key that stands twice",
        Remedy: "Look for such keys first, with godwit assess --from env:SOURCE_URL --deep. Then put the source "
            + $"right (or leave it, if it retires soon):\n{statements}");

    public static Finding Missing(string named) => new("assess.collation_missing", Severity.Blocker,
        What: $"The target lacks collations that the source uses: {named}",
        Why: "its operating system, or its build of PostgreSQL, has no such locale; what names them cannot be made "
            + "there",
        Remedy: "Give each a collation that both have, and run the command again: "
            + "ALTER TABLE name_of_table ALTER COLUMN name_of_column TYPE text COLLATE \"und-x-icu\"; "
            + "which ones the target has shows: SELECT collname FROM pg_collation ORDER BY 1;");
}
