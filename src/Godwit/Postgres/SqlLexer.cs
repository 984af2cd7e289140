using System.Buffers;
using System.Text;

namespace Godwit.Postgres;

internal enum SqlPiece
{
    /// <summary>A keyword, an unquoted identifier, digits of a number, or a parameter (<c>$1</c>).</summary>
    Word,

    /// <summary>An identifier in double quotes.</summary>
    Quoted,

    /// <summary>In single quotes. A prefix letter such as E is not part of it.</summary>
    Literal,

    /// <summary>A dollar-quoted literal, mostly a function's body.</summary>
    Dollar,

    Comment,

    /// <summary>An operator, <c>::</c>, <c>:=</c>, or any other non-blank character.</summary>
    Symbol,
}

/// <summary>Splits SQL into tokens like PostgreSQL. A backslash escapes only in E'…' literals:
/// <c>standard_conforming_strings</c> is on in our sessions.
/// https://www.postgresql.org/docs/current/sql-syntax-lexical.html. If it is off, pg_dump doubles quotes and
/// backslashes, so its literals end at the same place. Characters above 127 belong to names, so text with one character
/// per byte is split alike.</summary>
internal static class SqlLexer
{
    private static readonly SearchValues<char> SimpleCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    private const string Operators = "+-*/<>=~!@#%^&|`?";

    // An operator may end in + or - only if it contains one of these.
    private static readonly SearchValues<char> EndFreely = SearchValues.Create("~!@#%^&|`?");

    public static IEnumerable<(SqlPiece Kind, int Start, int End)> Pieces(string sql)
    {
        for (var at = 0; Next(sql, at) is { } piece; at = piece.End)
            yield return piece;
    }

    /// <summary>The first piece from there; null: only white space is left. An unclosed piece extends to the
    /// end.</summary>
    public static (SqlPiece Kind, int Start, int End)? Next(string sql, int at)
    {
        while (at < sql.Length && char.IsAscii(sql[at]) && char.IsWhiteSpace(sql[at]))
            at++;
        if (at == sql.Length)
            return null;
        var (kind, end) = PieceAt(sql, at);
        return (kind, at, end);
    }

    /// <summary>Without quotes.</summary>
    public static string NameOf(string piece) =>
        piece[0] == '"' ? piece[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : piece;

    /// <summary>For people: names that need no quotes lose them. Key words lose theirs too.</summary>
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

    /// <summary>Tag (<c>$name$</c>) and body; null: not closed.</summary>
    public static (string Tag, string Body)? InDollars(string literal)
    {
        var tag = literal[..(literal.IndexOf('$', 1) + 1)];
        return tag.Length > 0 && literal.Length >= 2 * tag.Length && literal.EndsWith(tag, StringComparison.Ordinal)
            ? (tag, literal[tag.Length..^tag.Length]) : null;
    }

    /// <summary>With an E prefix.</summary>
    public static bool IsEscaped(string sql, int quote) =>
        quote > 0 && sql[quote - 1] is 'E' or 'e' && (quote == 1 || !IsWord(sql[quote - 2]));

    private static (SqlPiece Kind, int End) PieceAt(string sql, int at)
    {
        var c = sql[at];
        if (c == '\'')
            return (SqlPiece.Literal, EndOfLiteral(sql, at, IsEscaped(sql, at)));
        if (c == '"')
            return (SqlPiece.Quoted, EndOfQuoted(sql, at, isEscaped: false));
        if (IsComment(sql, at))
            return (SqlPiece.Comment, c == '/' ? EndOfComment(sql, at) : EndOf(sql, sql.IndexOfAny(['\n', '\r'], at)));
        if (c == '$' && TagOf(sql, at) is { } tag)
            return (SqlPiece.Dollar, EndOf(sql, sql.IndexOf(tag, at + tag.Length, StringComparison.Ordinal)
                is >= 0 and var close ? close + tag.Length : -1));
        if (!IsWord(c) || (c == '$' && !char.IsAsciiDigit(At(sql, at + 1))))
            return (SqlPiece.Symbol, EndOfSymbol(sql, at));
        var end = at + 1;
        while (end < sql.Length && IsWord(sql[end]))
            end++;
        return (SqlPiece.Word, end);
    }

    private static bool IsComment(string sql, int at) => (sql[at], At(sql, at + 1)) is ('-', '-') or ('/', '*');

    private static int EndOfSymbol(string sql, int at)
    {
        if (!Operators.Contains(sql[at]))
            return sql[at] == ':' && At(sql, at + 1) is ':' or '=' ? at + 2 : at + 1;
        var end = at + 1;
        while (end < sql.Length && Operators.Contains(sql[end]) && !IsComment(sql, end))
            end++;
        if (!sql.AsSpan(at, end - at).ContainsAny(EndFreely))
        {
            while (end > at + 1 && sql[end - 1] is '+' or '-')
                end--;
        }

        return end;
    }

    // An E'…' literal continues in further quotes after white space with a line break.
    private static int EndOfLiteral(string sql, int at, bool isEscaped)
    {
        var end = EndOfQuoted(sql, at, isEscaped);
        while (isEscaped)
        {
            var next = end;
            while (next < sql.Length && char.IsAscii(sql[next]) && char.IsWhiteSpace(sql[next]))
                next++;
            if (At(sql, next) != '\'' || !sql.AsSpan(end, next - end).ContainsAny('\n', '\r'))
                break;
            end = EndOfQuoted(sql, next, isEscaped);
        }

        return end;
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

    // Comments nest.
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

    // $$ or $name$; null: not a literal ($1).
    private static string? TagOf(string sql, int at)
    {
        var end = at + 1;
        while (end < sql.Length && sql[end] != '$' && IsWord(sql[end]))
            end++;
        return At(sql, end) == '$' && !char.IsAsciiDigit(At(sql, at + 1)) ? sql[at..(end + 1)] : null;
    }

    /// <param name="name">Includes the closing quote.</param>
    private static bool IsSimple(ReadOnlySpan<char> name) =>
        name.Length > 1 && !char.IsAsciiDigit(name[0]) && name.IndexOfAnyExcept(SimpleCharacters) == name.Length - 1;

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || c >= 0x80;

    private static char At(string sql, int at) => at < sql.Length ? sql[at] : '\0';

    private static int EndOf(string sql, int end) => end < 0 ? sql.Length : end;
}
