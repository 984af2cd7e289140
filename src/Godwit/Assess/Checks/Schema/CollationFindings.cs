using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class CollationFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.partition_order"];

    public static Finding SortOrder(string here, string there) => new("assess.sort_order", Severity.Warning,
        What: $"Texts sort differently: by {there} at the target, by {here} at the source",
        Why: "lists, the pages of long lists, and ranges of texts change their order",
        Remedy: "Where an application depends on the order, state it in the query or in the column's definition: "
            + "ORDER BY name COLLATE \"C\"");

    public static Finding SortOrderOfBytes(string here, string there) => new(
        "assess.sort_order_bytes", Severity.Warning,
        What: $"Texts sort differently: by {there} at the target, by bytes ({here}) at the source",
        Why: "the source sorts all capitals before all small letters and the target mixes them, so lists and ranges "
            + "of texts change their order; an ordinary index serves LIKE 'abc%' only if texts sort by bytes",
        Remedy: "Where an application depends on the order, state it in the query or in the column's definition: "
            + "ORDER BY name COLLATE \"C\". "
            + "An index for LIKE needs text_pattern_ops at the target: "
            + "CREATE INDEX ON name_of_table (name_of_column text_pattern_ops);");

    public static Finding PartitionOrder(string named, string here, string there) => new(
        "assess.partition_order", Severity.Blocker,
        What: $"Tables are partitioned by ranges of texts, which differ at the target: {named}",
        Why: $"texts sort by {there} at the target and by {here} at the source; a row that would belong to another "
            + "partition is refused, with all rows of its partition",
        Remedy: "Compare the values with the bounds. If no value changes its side of a bound (only digits, "
            + "only small letters), accept this with --accept assess.partition_order. "
            + "Otherwise create the table again with a fixed order of its key: "
            + "PARTITION BY RANGE (name_of_column COLLATE \"C\")");

    public static Finding Folding(string named, string here, string there) => new("assess.folding", Severity.Warning,
        What: $"Unique keys that ignore case may treat more texts as equal at the target: {named}",
        Why: $"letters outside of ASCII follow the case rules of {here} at the source and of {there} at the target; "
            + "if two keys become equal, the target refuses the index",
        Remedy: "Look for texts of these keys that differ only in the case of such letters (É and é), and change "
            + "one of each pair.");

    public static Finding Version(string named, string statements) => new("assess.collation_version", Severity.Warning,
        What: $"The library that sorts the source's texts has changed since its indexes were built: {named}",
        Why: "such indexes can miss rows, and unique ones can accept the same text twice; the target builds its "
            + "indexes again, and refuses a key that occurs twice",
        Remedy: "Look for such keys first, with godwit assess --from env:SOURCE_URL --deep. Then rebuild the "
            + $"indexes (or leave them, if the source retires soon):\n{statements}");

    public static Finding Missing(string named) => new("assess.collation_missing", Severity.Blocker,
        What: $"The target lacks collations that the source uses: {named}",
        Why: "its operating system, or its build of PostgreSQL, has no such locale; objects that name them cannot be "
            + "created",
        Remedy: "Replace each with a collation that both servers have, and run the command again: "
            + "ALTER TABLE name_of_table ALTER COLUMN name_of_column TYPE text COLLATE \"und-x-icu\"; "
            + "to list the target's collations: SELECT collname FROM pg_collation ORDER BY 1;");
}
