using System.Text;

namespace Godwit.Verify.Queries;

/// <summary>Divides SQL text into its statements as psql does: a semicolon inside of quotes, dollar quotes, comments
/// and parentheses ends none. Reads forwards and holds one statement at a time.</summary>
/// <remarks>https://www.postgresql.org/docs/current/sql-syntax-lexical.html</remarks>
internal sealed class SqlSplitter(TextReader reader)
{
    private readonly StringBuilder _text = new();
    private int _line = 1;
    private int _begunAt;
    private int _depth;
    private bool _hasContent;

    /// <summary>Without the semicolon and what stands around it; with the line it begins at. Text without a statement
    /// in it (comments alone) is none.</summary>
    public IEnumerable<(int Line, string Text)> Statements()
    {
        while (Peek() >= 0)
        {
            if (Next() is not { } statement)
                continue;
            yield return statement;
        }

        if (Taken() is { } last)
            yield return last;
    }

    /// <summary>Takes what stands next; the statement that it ends, if it does.</summary>
    private (int Line, string Text)? Next()
    {
        var c = (char)Peek();
        if (c == ';' && _depth == 0)
        {
            reader.Read();
            return Taken();
        }

        if (c == '-')
            Dash();
        else if (c == '/')
            Slash();
        else if (char.IsWhiteSpace(c))
            Take();
        else
            Content(c);
        return null;
    }

    private void Content(char c)
    {
        if (!_hasContent)
            (_hasContent, _begunAt) = (true, _line);
        if (c is '\'' or '"')
            Quoted(c, hasEscapes: c == '\'' && IsBehindE());
        else if (c == '$' && !IsBehindName())
            Dollar();
        else
        {
            _depth = c == '(' ? _depth + 1 : c == ')' && _depth > 0 ? _depth - 1 : _depth;
            Take();
        }
    }

    private void Dash()
    {
        Take();
        if (Peek() != '-')
        {
            Begun();
            return;
        }

        while (Peek() is >= 0 and not '\n')
            Take();
    }

    /// <summary>Comments of this form hold others.</summary>
    private void Slash()
    {
        Take();
        if (Peek() != '*')
        {
            Begun();
            return;
        }

        Take();
        for (var open = 1; open > 0 && Peek() >= 0;)
        {
            var c = Take();
            if (c == '*' && Peek() == '/')
            {
                Take();
                open--;
            }
            else if (c == '/' && Peek() == '*')
            {
                Take();
                open++;
            }
        }
    }

    private void Begun()
    {
        if (!_hasContent)
            (_hasContent, _begunAt) = (true, _line);
    }

    /// <summary>A doubled quote ends one and begins another, which comes to the same.</summary>
    private void Quoted(char quote, bool hasEscapes)
    {
        Take();
        while (Peek() >= 0)
        {
            var c = Take();
            if (c == '\\' && hasEscapes && Peek() >= 0)
                Take();
            else if (c == quote && (!hasEscapes || Peek() != quote))
                return;
            else if (c == quote)
                Take();
        }
    }

    private void Dollar()
    {
        var tag = new StringBuilder().Append(Take());
        while (Peek() >= 0
            && ((char)Peek() == '_' || char.IsLetter((char)Peek()) || (tag.Length > 1 && char.IsDigit((char)Peek()))))
            tag.Append(Take());
        // $1 is a parameter, and a $ by itself is part of an operator or a mistake of the writer's.
        if (Peek() != '$')
            return;
        tag.Append(Take());
        var end = tag.ToString();
        var begin = _text.Length;
        while (Peek() >= 0)
        {
            if (Take() == '$' && _text.Length - begin >= end.Length && EndsWith(end))
                return;
        }
    }

    private bool EndsWith(string end)
    {
        for (var i = 0; i < end.Length; i++)
        {
            if (_text[_text.Length - end.Length + i] != end[i])
                return false;
        }

        return true;
    }

    private bool IsBehindE() =>
        _text.Length > 0 && _text[^1] is 'e' or 'E' && (_text.Length == 1 || !IsOfName(_text[^2]));

    private bool IsBehindName() => _text.Length > 0 && IsOfName(_text[^1]);

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';

    private (int Line, string Text)? Taken()
    {
        var (text, has, line) = (_text.ToString().Trim(), _hasContent, _begunAt);
        _text.Clear();
        (_hasContent, _depth) = (false, 0);
        return has ? (line, text) : null;
    }

    private int Peek() => reader.Peek();

    private char Take()
    {
        var c = (char)reader.Read();
        if (c == '\n')
            _line++;
        _text.Append(c);
        return c;
    }
}
