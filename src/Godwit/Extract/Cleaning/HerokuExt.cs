using System.Text;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>From 2022 to 2023 Heroku put every extension into a schema <c>heroku_ext</c>, and databases of that time
/// still name it. Replaces it by public. https://devcenter.heroku.com/changelog-items/2646</summary>
internal static class HerokuExt
{
    public const string Schema = "heroku_ext";

    private const string Instead = "public";

    private static ReadOnlySpan<byte> Name => "heroku_ext"u8;

    public static bool IsSchema(TocEntry entry) => entry.Is("SCHEMA"u8) && entry.Tag.Bytes.SequenceEqual(Name);

    public static bool IsIn(TocEntry entry) => entry.Namespace is { } space && space.Bytes.SequenceEqual(Name);

    /// <summary>Rewrites every name of the schema, in function bodies too. Literals stay, because they may mean
    /// anything.</summary>
    public static TocEntry Rewritten(TocEntry entry)
    {
        if (!Mentions(entry.Definition) && !Mentions(entry.DropStatement) && !Mentions(entry.CopyStatement)
            && !IsIn(entry))
            return entry;
        var where = entry.Is("EXTENSION"u8) ? Naming.OfExtension : entry.Is("FUNCTION"u8) || entry.Is("PROCEDURE"u8)
            ? Naming.OfRoutine : Naming.Elsewhere;
        return entry with
        {
            Definition = Rewritten(entry.Definition, where),
            DropStatement = Rewritten(entry.DropStatement, Naming.Elsewhere),
            CopyStatement = Rewritten(entry.CopyStatement, Naming.Elsewhere),
            Namespace = IsIn(entry) ? ArchiveText.Of(Instead) : entry.Namespace,
        };
    }

    private static bool Mentions(ArchiveText? text) => text is { } bytes && bytes.Bytes.IndexOf(Name) >= 0;

    private enum Naming
    {
        /// <summary>A name before a dot is certainly a schema.</summary>
        Elsewhere,

        /// <summary>In <c>WITH SCHEMA heroku_ext</c>.</summary>
        OfExtension,

        /// <summary>In a dollar-quoted body, which is SQL or similar.</summary>
        OfRoutine,
    }

    private static ArchiveText? Rewritten(ArchiveText? text, Naming where)
    {
        if (text is not { } bytes || !Mentions(text))
            return text;
        var sql = ArchiveSql.TextOf(bytes.Bytes);
        var changed = Rewritten(sql, where);
        return changed == sql ? text : ArchiveText.Of(ArchiveSql.BytesOf(changed));
    }

    private static string Rewritten(string sql, Naming where)
    {
        var pieces = SqlLexer.Pieces(sql).ToList();
        var changed = new StringBuilder(sql.Length);
        var copied = 0;
        for (var i = 0; i < pieces.Count; i++)
        {
            var (kind, start, end) = pieces[i];
            if (kind == SqlPiece.Dollar && where == Naming.OfRoutine
                && SqlLexer.InDollars(sql[start..end]) is var (tag, body))
            {
                changed.Append(sql, copied, start - copied).Append(tag)
                    .Append(Rewritten(body, Naming.Elsewhere)).Append(tag);
                copied = end;
                continue;
            }

            if (kind is not (SqlPiece.Word or SqlPiece.Quoted) || SqlLexer.NameOf(sql[start..end]) != Schema)
                continue;
            var isSchema = where == Naming.OfExtension ? i > 0
                && Is(sql, pieces[i - 1], "SCHEMA") : IsDot(sql, pieces, i + 1) && !IsDot(sql, pieces, i - 1);
            if (!isSchema)
                continue;
            changed.Append(sql, copied, start - copied).Append(Instead);
            copied = end;
        }

        return changed.Append(sql, copied, sql.Length - copied).ToString();
    }

    private static bool IsDot(string sql, List<(SqlPiece Kind, int Start, int End)> pieces, int at) =>
        at >= 0 && at < pieces.Count && pieces[at].Kind == SqlPiece.Symbol && sql[pieces[at].Start] == '.';

    private static bool Is(string sql, (SqlPiece Kind, int Start, int End) piece, string word) =>
        piece.Kind == SqlPiece.Word
        && sql.AsSpan(piece.Start, piece.End - piece.Start).Equals(word, StringComparison.OrdinalIgnoreCase);
}
