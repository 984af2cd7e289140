using System.Text;
using Godwit.Extract.Cleaning;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Definitions;

/// <summary>pg_dump writes literals as the source's role reads them. With <c>standard_conforming_strings</c> off, which
/// old applications ask for, a backslash in one is an escape; our sessions at the target read it as itself, unless an E
/// stands in front.</summary>
/// <remarks>https://www.postgresql.org/docs/current/runtime-config-compatible.html#GUC-STANDARD-CONFORMING-STRINGS.
/// Such a literal has its quotes doubled, and its backslashes, so that both readings end it at the same
/// place.</remarks>
internal static class StandardStrings
{
    /// <returns>The same definitions, which mean the same wherever a backslash is one.</returns>
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
