using System.Buffers;
using System.Text;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

internal enum SqlPiece
{
    /// <summary>A keyword or an identifier that is not quoted.</summary>
    Word,

    /// <summary>An identifier in double quotes.</summary>
    Quoted,

    /// <summary>A literal in single quotes, in any of its forms, without the letter in front.</summary>
    Literal,

    /// <summary>A literal between dollar signs: as a rule the body of a function.</summary>
    Dollar,

    Comment,

    /// <summary>Anything else but white space, one character.</summary>
    Symbol,
}

/// <summary>Cuts the SQL of an archive into pieces. One character per byte: in every encoding of a server, what is
/// below 128 is ASCII.</summary>
/// <remarks>pg_dump doubles a quote inside a literal, whatever standard_conforming_strings says. Where that is off, it
/// doubles backslashes as well, mostly without an E in front.</remarks>
internal static class SqlScanner
{
    private static readonly SearchValues<char> SimpleCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    public static string TextOf(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>What a person or a catalog calls it, in the characters of this class; the database is in UTF-8, or all
    /// of it is ASCII.</summary>
    public static string TextOf(string name) => TextOf(Encoding.UTF8.GetBytes(name));

    /// <summary>As an identifier.</summary>
    public static string Quoted(ArchiveText name) => ServerCatalog.Quote(TextOf(name.Bytes));

    /// <summary>The schema and the name of what an entry defines, or of the table whose rows it has.</summary>
    public static string Qualified(TocEntry entry) =>
        $"{Quoted(entry.Namespace.GetValueOrDefault())}.{Quoted(entry.Tag)}";

    public static byte[] BytesOf(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>What is not closed reaches to the end.</summary>
    public static IEnumerable<(SqlPiece Kind, int Start, int End)> Pieces(string sql)
    {
        var at = 0;
        while (at < sql.Length)
        {
            if (char.IsWhiteSpace(sql[at]) && sql[at] < 0x80)
            {
                at++;
                continue;
            }

            var (kind, end) = Next(sql, at);
            yield return (kind, at, end);
            at = end;
        }
    }

    /// <summary>The name that an identifier means.</summary>
    public static string NameOf(string piece) =>
        piece[0] == '"' ? piece[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : piece;

    /// <summary>The same for people, without quotes around names that mean the same without them, apart from words of
    /// the language.</summary>
    public static string Plain(string sql)
    {
        var (plain, from) = (new StringBuilder(sql.Length), 0);
        foreach (var (kind, start, end) in Pieces(sql))
        {
            if (kind != SqlPiece.Quoted || !IsSimple(sql.AsSpan(start + 1, end - start - 1)))
                continue;
            plain.Append(sql, from, start - from).Append(sql, start + 1, end - start - 2);
            from = end;
        }

        return plain.Append(sql, from, sql.Length - from).ToString();
    }

    /// <summary>What stands between the dollar signs of a literal, and these with their name; null where they are not
    /// closed.</summary>
    public static (string Tag, string Body)? InDollars(string literal)
    {
        var tag = literal[..(literal.IndexOf('$', 1) + 1)];
        return tag.Length > 0 && literal.Length >= 2 * tag.Length && literal.EndsWith(tag, StringComparison.Ordinal)
            ? (tag, literal[tag.Length..^tag.Length]) : null;
    }

    /// <summary>Whether a literal there has an E in front.</summary>
    public static bool IsEscaped(string sql, int quote) =>
        quote > 0 && sql[quote - 1] is 'E' or 'e' && (quote == 1 || !IsWord(sql[quote - 2]));

    private static (SqlPiece Kind, int End) Next(string sql, int at)
    {
        var c = sql[at];
        if (c == '\'')
            return (SqlPiece.Literal, EndOfQuoted(sql, at, IsEscaped(sql, at)));
        if (c == '"')
            return (SqlPiece.Quoted, EndOfQuoted(sql, at, isEscaped: false));
        if (c == '-' && At(sql, at + 1) == '-')
            return (SqlPiece.Comment, EndOf(sql, sql.IndexOf('\n', at)));
        if (c == '/' && At(sql, at + 1) == '*')
            return (SqlPiece.Comment, EndOfComment(sql, at));
        if (c == '$' && TagOf(sql, at) is { } tag)
            return (SqlPiece.Dollar, EndOf(sql, sql.IndexOf(tag, at + tag.Length, StringComparison.Ordinal)
                is >= 0 and var close ? close + tag.Length : -1));
        if (!IsWord(c) || c == '$')
            return (SqlPiece.Symbol, at + 1);
        var end = at + 1;
        while (end < sql.Length && IsWord(sql[end]))
            end++;
        return (SqlPiece.Word, end);
    }

    private static int EndOfQuoted(string sql, int at, bool isEscaped)
    {
        var quote = sql[at];
        for (var i = at + 1; i < sql.Length; i++)
        {
            if (isEscaped && sql[i] == '\\')
                i++;
            else if (sql[i] == quote && At(sql, i + 1) == quote)
                i++;
            else if (sql[i] == quote)
                return i + 1;
        }

        return sql.Length;
    }

    /// <summary>They nest in PostgreSQL.</summary>
    private static int EndOfComment(string sql, int at)
    {
        var depth = 0;
        for (var i = at; i < sql.Length - 1; i++)
        {
            if (sql[i] == '/' && sql[i + 1] == '*')
                (depth, i) = (depth + 1, i + 1);
            else if (sql[i] == '*' && sql[i + 1] == '/' && --depth == 0)
                return i + 2;
            else if (sql[i] == '*' && sql[i + 1] == '/')
                i++;
        }

        return sql.Length;
    }

    /// <summary><c>$$</c> or <c>$name$</c>; null when no such literal begins there: <c>$1</c>.</summary>
    private static string? TagOf(string sql, int at)
    {
        var end = at + 1;
        while (end < sql.Length && sql[end] != '$' && IsWord(sql[end]))
            end++;
        return At(sql, end) == '$' && !char.IsAsciiDigit(At(sql, at + 1)) ? sql[at..(end + 1)] : null;
    }

    /// <param name="name">With the quote that ends it.</param>
    private static bool IsSimple(ReadOnlySpan<char> name) =>
        name.Length > 1 && !char.IsAsciiDigit(name[0]) && name.IndexOfAnyExcept(SimpleCharacters) == name.Length - 1;

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || c >= 0x80;

    private static char At(string sql, int at) => at < sql.Length ? sql[at] : '\0';

    private static int EndOf(string sql, int end) => end < 0 ? sql.Length : end;
}
