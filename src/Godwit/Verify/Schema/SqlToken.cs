using Godwit.Postgres;

namespace Godwit.Verify.Schema;

/// <summary>A word, literal, operator or bracket of printed SQL; or a group, the tokens between two brackets.</summary>
/// <param name="Text">Empty for a group.</param>
/// <param name="IsApart">White space precedes it.</param>
/// <param name="Children">Of a group, without the brackets; null: no group.</param>
/// <param name="Open">A group's bracket.</param>
internal sealed record SqlToken(string Text, bool IsApart, IReadOnlyList<SqlToken>? Children = null, char Open = '(')
{
    // Deeper than any printed statement, and safe for the stack.
    private const int DepthMax = 200;

    public bool IsGroup(char open) => Children is not null && Open == open;

    public bool Is(string text) => Children is null && Text == text;

    /// <summary>A name, keyword or number.</summary>
    public bool IsWord => Children is null && (Text[0] == '"'
        || (SqlLexer.Next(Text, 0) is { Kind: SqlPiece.Word } piece && piece.End == Text.Length));

    /// <summary>Null: brackets do not match, or comments occur; no server prints such SQL.</summary>
    public static IReadOnlyList<SqlToken>? Parse(string sql)
    {
        var pieces = SqlLexer.Pieces(sql).ToList();
        var at = 0;
        return pieces.Exists(piece => piece.Kind == SqlPiece.Comment)
            ? null : ParseGroup(sql, pieces, ref at, close: '\0', depth: 0);
    }

    private static List<SqlToken>? ParseGroup(
        string sql, List<(SqlPiece Kind, int Start, int End)> pieces, ref int at, char close, int depth)
    {
        var found = new List<SqlToken>();
        while (at < pieces.Count)
        {
            var (kind, start, end) = pieces[at];
            var isApart = start > (at == 0 ? 0 : pieces[at - 1].End);
            at++;
            if (sql[start] is '(' or '[')
            {
                var open = sql[start];
                if (depth >= DepthMax
                    || ParseGroup(sql, pieces, ref at, open == '(' ? ')' : ']', depth + 1) is not { } children)
                    return null;
                found.Add(new("", isApart, children, open));
            }
            else if (sql[start] is ')' or ']')
                return sql[start] == close ? found : null;
            else if (kind == SqlPiece.Literal && SqlLexer.IsEscaped(sql, start))
                found[^1] = found[^1] with { Text = found[^1].Text + sql[start..end] };
            else
                found.Add(new(sql[start..end], isApart));
        }

        return close == '\0' ? found : null;
    }
}
