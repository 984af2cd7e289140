using Godwit.Faults;

namespace Godwit.Assess.Checks.Rows;

internal static class EncodingFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.encoding_unknown"];

    public static Finding Unknown(string there) => new("assess.encoding_unknown", Severity.Blocker,
        What: $"The encoding of the source's texts is unknown; the target wants {there}",
        Why: "its encoding is SQL_ASCII, which takes any bytes; a single text that is no valid UTF-8 keeps its whole "
            + "table from being restored",
        Remedy: "Have every row checked. If none is wrong, accept this with "
            + "--accept assess.encoding_unknown. It reads all tables: godwit assess --from env:SOURCE_URL --deep");

    public static Finding NotText(string named, string condition) => new("assess.encoding_invalid", Severity.Blocker,
        What: $"Rows hold bytes that are no UTF-8: {named}",
        Why: "the source's encoding is SQL_ASCII, which takes any bytes; the target refuses such a text, and with it "
            + "its whole table",
        Remedy: "Show a table's rows with the first statement. If their texts are Windows' (WIN1252), "
            + "the second puts a column right; put in the names of table and column:\n"
            + $"SELECT * FROM name_of_table AS \"this row\" WHERE {condition};\n"
            + "UPDATE name_of_table AS \"this row\" "
            + "SET name_of_column = convert_from(convert(convert_to(name_of_column, 'SQL_ASCII'), 'WIN1252', 'UTF8'), "
            + $"'SQL_ASCII') WHERE {condition};");

    public static Finding Converted(string here, string there) => new("assess.encoding_differs", Severity.Warning,
        What: $"Texts are converted from {here} to {there}",
        Why: "the restore does that by itself, but a character without a counterpart keeps its whole table out, and "
            + "lengths in bytes become others (octet_length, the limit of an index entry)",
        Remedy: "To have every text tried, which reads all tables: godwit assess --from env:SOURCE_URL --deep");

    public static Finding NotConvertible(string here, string there, string named) => new(
        "assess.encoding_inconvertible", Severity.Blocker,
        What: $"Texts cannot be converted from {here} to {there}: {named}",
        Why: "they hold characters without a counterpart there; the target refuses such a text, and with it its "
            + "whole table",
        Remedy: "Correct them at the source. Whether a text can be converted shows: SELECT "
            + $"convert_to(name_of_column, '{there}') FROM name_of_table;");

    public static Finding Unread(string named) => new("assess.encoding_unread", Severity.Warning,
        What: $"Tables whose texts could not be tried: {named}",
        Why: "the source refused to read them; whether the target takes their texts is open",
        Remedy: "Give the user the rights, and let it pass row security where that is the reason. Then run the "
            + "command again.");
}
