namespace Godwit.Verify.Schema;

/// <summary>A word, literal, operator or bracket of SQL as a server prints it; or all that stands between two
/// brackets.</summary>
/// <param name="Text">Empty for a group.</param>
/// <param name="IsApart">There was white space before it.</param>
/// <param name="Children">Of a group, without its brackets; null: it is none.</param>
/// <param name="Open">The bracket of a group.</param>
internal sealed record SqlToken(string Text, bool IsApart, IReadOnlyList<SqlToken>? Children = null, char Open = '(')
{
    /// <summary>Deeper than any statement a server prints, and no danger for the stack.</summary>
    private const int DepthMax = 200;

    public bool IsGroup(char open) => Children is not null && Open == open;

    public bool Is(string text) => Children is null && Text == text;

    /// <summary>A name, a word of the language, or a number; not a literal and no operator.</summary>
    public bool IsWord => Children is null && (IsNamePart(Text[0]) || Text[0] == '"');

    /// <summary>Cuts a text into tokens, with groups; null when its brackets do not match: then it is no SQL.</summary>
    public static IReadOnlyList<SqlToken>? Parse(string sql)
    {
        var at = 0;
        var all = ParseGroup(sql, ref at, close: '\0', depth: 0);
        return at >= sql.Length ? all : null;
    }

    private static List<SqlToken>? ParseGroup(string sql, ref int at, char close, int depth)
    {
        var found = new List<SqlToken>();
        while (true)
        {
            var isApart = false;
            for (; at < sql.Length && char.IsWhiteSpace(sql[at]); at++)
                isApart = true;
            if (at >= sql.Length)
                return close == '\0' ? found : null;
            if (sql[at] is '(' or '[')
            {
                var open = sql[at++];
                if (depth >= DepthMax
                    || ParseGroup(sql, ref at, open == '(' ? ')' : ']', depth + 1) is not { } children)
                    return null;
                found.Add(new("", isApart, children, open));
            }
            else if (sql[at] is ')' or ']')
            {
                if (sql[at] != close)
                    return null;
                at++;
                return found;
            }
            else
            {
                var end = EndOf(sql, at);
                found.Add(new(sql[at..end], isApart));
                at = end;
            }
        }
    }

    private static int EndOf(string sql, int at)
    {
        if (sql[at] is '\'' or '"')
            return EndOfQuoted(sql, at, hasEscapes: false);
        if (sql[at] == 'E' && at + 1 < sql.Length && sql[at + 1] == '\'')
            return EndOfQuoted(sql, at + 1, hasEscapes: true);
        if (sql[at] is ',' or ';' or '.')
            return at + 1;
        if (sql[at] == ':')
            return at + 1 < sql.Length && sql[at + 1] == ':' ? at + 2 : at + 1;
        var isName = IsNamePart(sql[at]);
        var end = at + 1;
        while (end < sql.Length && IsNamePart(sql[end]) == isName && !char.IsWhiteSpace(sql[end])
            && (isName || sql[end] is not ('(' or ')' or '[' or ']' or '\'' or '"' or ',' or ';' or '.' or ':')))
            end++;
        return end;
    }

    private static int EndOfQuoted(string sql, int at, bool hasEscapes)
    {
        var quote = sql[at];
        for (var i = at + 1; i < sql.Length; i++)
        {
            if (hasEscapes && sql[i] == '\\')
                i++;
            else if (sql[i] == quote && i + 1 < sql.Length && sql[i + 1] == quote)
                i++;
            else if (sql[i] == quote)
                return i + 1;
        }

        return sql.Length;
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' || c > '\x7f';
}
