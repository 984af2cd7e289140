using System.Text;
using System.Text.RegularExpressions;

namespace Godwit.Tests.Tidy;

/// <summary>As much of C#'s grammar as an argument list needs: strings of every kind, brackets, and nothing
/// else.</summary>
internal static partial class CSharpText
{
    /// <summary>The arguments between the parenthesis at <paramref name="open"/> and the one that closes it.</summary>
    public static IReadOnlyList<string> Split(string text, int open, out int end)
    {
        var close = open + 1;
        for (var depth = 1; depth > 0;)
        {
            var next = Skip(text, close);
            depth += Depth(text, close, next);
            close = next;
        }

        end = close;
        return SplitAt(text[(open + 1)..(close - 1)], ',');
    }

    /// <summary>Split at a separator that is in no string and no bracket; parts trimmed.</summary>
    public static IReadOnlyList<string> SplitAt(string text, char separator)
    {
        var parts = new List<string>();
        var (start, depth, at) = (0, 0, 0);
        while (at < text.Length)
        {
            var next = Skip(text, at);
            depth += Depth(text, at, next);
            if (depth == 0 && next == at + 1 && text[at] == separator)
            {
                parts.Add(text[start..at].Trim());
                start = next;
            }

            at = next;
        }

        parts.Add(text[start..].Trim());
        return parts;
    }

    /// <summary><c>condition ? a : b</c> gives a and b; anything else gives itself. Outer parentheses are taken
    /// off.</summary>
    public static IReadOnlyList<string> Choices(string text)
    {
        var inner = text.Trim();
        while (inner.StartsWith('(') && Split(inner, 0, out var end) is { Count: 1 } whole && end == inner.Length)
            inner = whole[0];
        var question = SplitAt(inner.Replace("??", "  ", StringComparison.Ordinal), '?');
        if (question.Count < 2)
            return [text];
        var rest = string.Join('?', question.Skip(1));
        var branches = SplitAt(rest, ':');
        return branches.Count == 2 ? [.. branches.SelectMany(Choices)] : [text];
    }

    /// <summary>The value of a plain literal; null for anything else.</summary>
    public static string? Literal(string text) =>
        Interpolated(text) is { } pieces && pieces.All(piece => !piece.IsCode)
            ? string.Concat(pieces.Select(piece => piece.Text)) : null;

    /// <summary>The pieces of a string literal: its text, and the code in its holes. Null when it is no
    /// literal.</summary>
    public static IReadOnlyList<(bool IsCode, string Text)>? Interpolated(string text)
    {
        var literal = text.Trim();
        var match = Opening().Match(literal);
        if (!match.Success || Skip(literal, 0) != literal.Length)
            return null;
        var (dollars, quotes) = (match.Groups["dollars"].Length, match.Groups["quotes"].Length);
        if (quotes == 2)
            return [(false, "")];
        var body = literal[match.Length..^quotes];
        return Pieces(quotes >= 3 ? Dedent(body) : body, dollars,
            verbatim: match.Value.Contains('@', StringComparison.Ordinal) || quotes >= 3);
    }

    public static IReadOnlyList<string> Identifiers(string code) =>
        [.. Identifier().Matches(StringInside().Replace(code, "")).Select(match => match.Value)];

    private static List<(bool IsCode, string Text)> Pieces(string body, int dollars, bool verbatim)
    {
        var pieces = new List<(bool IsCode, string Text)>();
        var text = new StringBuilder();
        for (var at = 0; at < body.Length; at++)
        {
            var doubled = at + 1 < body.Length && body[at + 1] == body[at];
            if (dollars > 0 && body[at] is '{' or '}' && doubled && dollars < 2)
            {
                text.Append(body[at++]);
            }
            else if (dollars > 0 && body[at] == '{')
            {
                pieces.Add((false, text.ToString()));
                text.Clear();
                Split(body, at, out var end);
                pieces.Add((true, body[(at + 1)..(end - 1)].Trim('{', '}')));
                at = end - 1;
            }
            else if (!verbatim && body[at] == '\\')
            {
                at++;
                text.Append(body[at] switch { 'n' => '\n', 't' => '\t', var other => other });
            }
            else
            {
                text.Append(body[at]);
            }
        }

        pieces.Add((false, text.ToString()));
        return pieces;
    }

    private static string Dedent(string body)
    {
        var lines = body.Split('\n');
        return string.Join('\n', lines.Select(line => line.Trim())).Trim();
    }

    private static int Depth(string text, int from, int to) => to != from + 1 ? 0 : text[from] switch
    {
        '(' or '[' or '{' => 1,
        ')' or ']' or '}' => -1,
        _ => 0,
    };

    /// <summary>Past one character, or past a whole string or character literal that starts here.</summary>
    private static int Skip(string text, int at)
    {
        if (at >= text.Length)
            throw new FormatException("A bracket is never closed.");
        if (text[at] == '\'')
            return text.IndexOf('\'', text[at + 1] == '\\' ? at + 3 : at + 1) + 1;
        var match = Opening().Match(text, at);
        if (!match.Success)
            return at + 1;
        var (dollars, quotes) = (match.Groups["dollars"].Length, match.Groups["quotes"].Value);
        var verbatim = match.Value.Contains('@', StringComparison.Ordinal);
        var position = at + match.Length;
        if (quotes.Length == 2)
            return position;
        while (string.CompareOrdinal(text, position, quotes, 0, quotes.Length) != 0)
        {
            if (quotes.Length == 1 && !verbatim && text[position] == '\\')
                position += 2;
            else if (dollars > 0 && text[position] == '{' && quotes.Length == 1 && text[position + 1] == '{')
                position += 2;
            else if (dollars > 0 && text[position] == '{')
                Split(text, position, out position);
            else
                position++;
        }

        return position + quotes.Length;
    }

    // Three quotes and more open a raw literal; two alone are an empty one.
    [GeneratedRegex(@"\G(?<dollars>\$*)@?(?<quotes>""{3,}|""""(?!"")|"")")]
    private static partial Regex Opening();

    [GeneratedRegex(@"(?<![\w""])[A-Za-z_]\w*")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"""[^""]*""")]
    private static partial Regex StringInside();
}
