using System.Text;
using System.Text.RegularExpressions;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>Masks possible passwords in a statement before it is shown.</summary>
internal static partial class SecretMask
{
    private const string Mask = "'***'";

    // Server options that hold a place, not a secret.
    private static readonly string[] Harmless = ["host", "hostaddr", "port", "dbname"];

    /// <summary>Masks every literal of a user mapping, subscription, foreign table, wrapper or server, except a
    /// server's place: only the wrapper knows which options are secret. Elsewhere masks literals that look like a
    /// secret.</summary>
    public static ArchiveText Of(TocEntry entry)
    {
        if (entry.Definition is not { } definition)
            return default;
        var isServer = entry.Is("SERVER"u8);
        return isServer || entry.Is("USER MAPPING"u8) || entry.Is("SUBSCRIPTION"u8) || entry.Is("FOREIGN TABLE"u8)
            || entry.Is("FOREIGN DATA WRAPPER"u8)
            ? ArchiveText.Of(ArchiveSql.BytesOf(Masked(ArchiveSql.TextOf(definition.Bytes), isServer)))
            : WithoutLikely(definition);
    }

    private static ArchiveText WithoutLikely(ArchiveText definition)
    {
        var sql = ArchiveSql.TextOf(definition.Bytes);
        return Likely().IsMatch(sql) ? ArchiveText.Of(ArchiveSql.BytesOf(WithoutLikely(sql))) : definition;
    }

    private static string WithoutLikely(string sql)
    {
        var masked = new StringBuilder(sql.Length);
        var copied = 0;
        foreach (var (_, start, end) in SqlLexer.Pieces(sql).Where(piece =>
            piece.Kind is SqlPiece.Literal or SqlPiece.Dollar && Likely().IsMatch(sql[piece.Start..piece.End])))
        {
            masked.Append(sql, copied, start - copied).Append(Shown(sql[start..end]));
            copied = end;
        }

        return masked.Append(sql, copied, sql.Length - copied).ToString();
    }

    // In a dollar-quoted body masks only the literals, if that is enough: the user wants the rest of it at the target.
    private static string Shown(string literal)
    {
        var tagEnd = literal[0] == '$' ? literal.IndexOf('$', 1) + 1 : 0;
        if (tagEnd == 0 || literal.Length < 2 * tagEnd)
            return Mask;
        var body = WithoutLikely(literal[tagEnd..^tagEnd]);
        return Likely().IsMatch(body) ? Mask : literal[..tagEnd] + body + literal[^tagEnd..];
    }

    [GeneratedRegex("""password["']*\s*[=:]|passwd|://[^ :]*:[^ @]*@|Bearer |api[_-]?key""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Likely();

    private static string Masked(string sql, bool isServer)
    {
        var masked = new StringBuilder(sql.Length);
        var (copied, before) = (0, "");
        foreach (var (kind, start, end) in SqlLexer.Pieces(sql))
        {
            if (kind is SqlPiece.Literal or SqlPiece.Dollar && !(isServer && Harmless.Contains(before)))
            {
                masked.Append(sql, copied, start - copied).Append(Mask);
                copied = end;
            }

            // The E of an escaped literal is a separate piece.
            if (kind is SqlPiece.Quoted || (kind is SqlPiece.Word && sql[start..end] is not ("E" or "e")))
                before = SqlLexer.NameOf(sql[start..end]);
        }

        return masked.Append(sql, copied, sql.Length - copied).ToString();
    }
}
