using Godwit.Postgres;

namespace Godwit.Verify.Queries;

/// <summary>Splits SQL as psql does: a semicolon in quotes, dollar quotes, comments or parentheses ends no statement.
/// Holds little more than one statement in memory.</summary>
internal sealed class SqlSplitter(TextReader reader)
{
    private const int ReadMin = 64 * 1024;

    private string _text = "";
    private bool _isAll;

    /// <summary>With the first line's number, without the semicolon and outer white space. Text of only comments is
    /// skipped.</summary>
    public IEnumerable<(int Line, string Text)> Statements()
    {
        var (from, at, line, counted, begunAt, depth) = (0, 0, 1, 0, 0, 0);
        while (true)
        {
            var next = SqlLexer.Next(_text, at);
            // The last piece may continue in unread text, a literal with escapes even after white space.
            if (!_isAll && (next is not { } last || _text.AsSpan(last.End).IsWhiteSpace()))
            {
                Read(from);
                (from, at, counted) = (0, at - from, counted - from);
                continue;
            }

            if (next is not { } piece)
                break;
            at = piece.End;
            if (piece.Kind == SqlPiece.Comment)
                continue;
            var symbol = piece.Kind == SqlPiece.Symbol ? _text[piece.Start] : ' ';
            line += _text.AsSpan(counted, piece.Start - counted).Count('\n');
            counted = piece.Start;
            if (symbol == ';' && depth == 0)
            {
                if (begunAt > 0)
                    yield return (begunAt, _text[from..piece.Start].Trim());
                (from, counted, begunAt) = (at, at, 0);
                continue;
            }

            if (begunAt == 0)
                begunAt = line;
            depth = symbol == '(' ? depth + 1 : symbol == ')' && depth > 0 ? depth - 1 : depth;
        }

        if (begunAt > 0)
            yield return (begunAt, _text[from..].Trim());
    }

    // Doubles the text: a long piece is read only a few times.
    private void Read(int from)
    {
        var more = new char[Math.Max(ReadMin, _text.Length - from)];
        var read = reader.ReadBlock(more);
        _isAll = read < more.Length;
        _text = string.Concat(_text.AsSpan(from), more.AsSpan(0, read));
    }
}
