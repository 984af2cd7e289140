using System.Text;
using Godwit.Extract.Cleaning;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Definitions;

/// <summary>pg_dump writes literals for the source role's settings. With <c>standard_conforming_strings</c> off, as old
/// applications need it, a backslash is an escape; our sessions at the target read it as itself, unless E precedes the
/// literal. Quotes and backslashes of such a literal are doubled, so both readings end it at the same place.
/// https://www.postgresql.org/docs/current/runtime-config-compatible.html#GUC-STANDARD-CONFORMING-STRINGS</summary>
internal static class StandardStrings
{
    /// <returns>The same definitions, independent of the setting.</returns>
    public static ArchiveHead Of(ArchiveHead head) =>
        !head.Entries.Any(IsOff) ? head : ArchiveEdit.Rewrite(head, entry =>
            entry.Definition is { } definition && definition.Bytes.Contains((byte)'\\')
                ? entry with
                {
                    Definition = ArchiveText.Of(ArchiveSql.BytesOf(Marked(ArchiveSql.TextOf(definition.Bytes)))),
                } : entry);

    private static bool IsOff(TocEntry entry) =>
        entry.Is("STDSTRINGS"u8) && $"{entry.Definition}".Contains("'off'", StringComparison.Ordinal);

    private static string Marked(string sql)
    {
        var (marked, from) = (new StringBuilder(), 0);
        foreach (var (kind, start, end) in SqlLexer.Pieces(sql))
        {
            if (kind != SqlPiece.Literal || SqlLexer.IsEscaped(sql, start)
                || !sql.AsSpan(start, end - start).Contains('\\'))
                continue;
            marked.Append(sql, from, start - from).Append('E');
            from = start;
        }

        return marked.Append(sql, from, sql.Length - from).ToString();
    }
}
