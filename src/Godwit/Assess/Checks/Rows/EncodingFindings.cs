using Godwit.Faults;

namespace Godwit.Assess.Checks.Rows;

internal static class EncodingFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.encoding_unknown"];

    public static Finding Unknown(string there) => new("assess.encoding_unknown", Severity.Blocker,
        What: $"The encoding of the source's texts is unknown; the target requires {there}",
        Why: "the source's encoding is SQL_ASCII, which accepts any bytes; the target refuses a whole table if a "
            + "single text is not valid UTF-8",
        Remedy: "Check every row. If none is wrong, accept this with --accept assess.encoding_unknown. "
            + "The check, which reads all tables: godwit assess --from env:SOURCE_URL --deep");

    public static Finding NotText(string named, string condition) => new("assess.encoding_invalid", Severity.Blocker,
        What: $"Rows hold bytes that are not valid UTF-8: {named}",
        Why: "the source's encoding is SQL_ASCII, which accepts any bytes; the target refuses a whole table for one "
            + "such text",
        Remedy: "List a table's wrong rows with the first statement. If their texts are in the Windows encoding "
            + "WIN1252, the second corrects a column. Fill in the names of table and column:\n"
            + $"SELECT * FROM name_of_table AS \"this row\" WHERE {condition};\n"
            + "UPDATE name_of_table AS \"this row\" "
            + "SET name_of_column = convert_from(convert(convert_to(name_of_column, 'SQL_ASCII'), 'WIN1252', 'UTF8'), "
            + $"'SQL_ASCII') WHERE {condition};");

    public static Finding Converted(string here, string there) => new("assess.encoding_differs", Severity.Warning,
        What: $"Texts are converted from {here} to {there}",
        Why: "the restore converts them, but one character without a counterpart makes it refuse the whole table; "
            + "lengths in bytes change (octet_length, the limit of an index entry)",
        Remedy: "To try every text, which reads all tables: godwit assess --from env:SOURCE_URL --deep");

    public static Finding NotConvertible(string here, string there, string named) => new(
        "assess.encoding_inconvertible", Severity.Blocker,
        What: $"Texts cannot be converted from {here} to {there}: {named}",
        Why: $"they hold characters that {there} lacks; the target refuses a whole table for one such text",
        Remedy: "Correct them at the source. To see whether a text can be converted: SELECT "
            + $"convert_to(name_of_column, '{there}') FROM name_of_table;");

    public static Finding Unread(string named) => new("assess.encoding_unread", Severity.Warning,
        What: $"Texts could not be checked in these tables: {named}",
        Why: "the source refused to read them, so the target may still refuse their texts",
        Remedy: "Grant the user the rights to read them; if row security is the reason, exempt the user from it. "
            + "Then run the command again.");
}
