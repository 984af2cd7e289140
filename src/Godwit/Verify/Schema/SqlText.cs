using System.Text;

namespace Godwit.Verify.Schema;

/// <summary>Expressions and statements as servers print them, brought into one form: the same definition is printed
/// otherwise by another major version, and by the same server after it was dumped and restored once.</summary>
/// <param name="schemas">Schemas that have another name on the other side.</param>
internal sealed class SqlText(IReadOnlyDictionary<string, string> schemas)
{
    /// <summary>No schema has another name.</summary>
    public static SqlText Plain { get; } = new(new Dictionary<string, string>());

    /// <summary>Begin a line of a statement.</summary>
    private static readonly HashSet<string> Clauses =
    [
        "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "WINDOW", "UNION", "INTERSECT", "EXCEPT",
        "LEFT", "RIGHT", "FULL", "CROSS", "JOIN", "SELECT", "VALUES", "SET", "RETURNING", "DO",
    ];

    /// <summary>What may stand between the name of a type and the brackets of an array of it.</summary>
    private static readonly HashSet<string> TypeWords = ["varying", "precision", "with", "without", "time", "zone"];

    /// <summary>A name, an expression, or a definition of one line.</summary>
    public string Normal(string sql) => SqlToken.Parse(sql) is { } tokens ? Print(Rewritten(tokens)) : sql;

    /// <summary>A whole statement, in lines.</summary>
    /// <param name="isView">Its outermost level may be printed with or without the table's name before each column,
    /// where it has only one.</param>
    public string Statement(string sql, bool isView)
    {
        if (SqlToken.Parse(sql) is not { } tokens)
            return sql;
        var rewritten = Rewritten(tokens);
        return Print(isView && OnlyTable(rewritten) is { } table ? Unqualified(rewritten, table) : rewritten,
            inLines: true).TrimEnd(';', ' ', '\n');
    }

    /// <summary>The same text, with the names that schemas have on the other side: as SQL, it can be run
    /// there.</summary>
    public string Moved(string sql) =>
        schemas.Count > 0 && SqlToken.Parse(sql) is { } tokens ? Print(Moved(tokens)) : sql;

    /// <summary>Tokens as one line of SQL.</summary>
    public static string Joined(IEnumerable<SqlToken> tokens) => Print([.. tokens]);

    private List<SqlToken> Moved(IReadOnlyList<SqlToken> tokens) =>
    [
        .. tokens.Select((token, at) => token.Children is { } children ? token with { Children = Moved(children) }
            : token with { Text = Renamed(token.Text, isSchema: at + 1 < tokens.Count && tokens[at + 1].Is(".")) }),
    ];

    private List<SqlToken> Rewritten(IReadOnlyList<SqlToken> tokens)
    {
        var all = new List<SqlToken>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Children is { } children)
            {
                all.Add(token with { Children = Flat(Rewritten(children)) });
                continue;
            }

            // Since PostgreSQL 16, XMLSERIALIZE says that it does what it always did.
            if (token.Text == "NO" && i + 1 < tokens.Count && tokens[i + 1].Is("INDENT"))
            {
                i++;
            }
            else if (token.Text == "pg_catalog" && i + 2 < tokens.Count && tokens[i + 1].Is(".")
                && tokens[i + 2].Children is null)
            {
                // What the system brings is found without its schema.
                all.Add(tokens[i + 2] with { Text = Unquoted(tokens[i + 2].Text), IsApart = token.IsApart });
                i += 2;
            }
            else
            {
                all.Add(token with
                {
                    Text = Renamed(Unquoted(token.Text), isSchema: i + 1 < tokens.Count && tokens[i + 1].Is(".")),
                });
            }
        }

        return CastsInside(all);
    }

    private string Renamed(string name, bool isSchema) =>
        isSchema && schemas.TryGetValue(name, out var other) ? other : name;

    /// <summary>Words of the language differ between versions, and with them which names are quoted. Where a word of
    /// the language is meant, it is printed in capitals.</summary>
    private static string Unquoted(string text) =>
        text.Length > 2 && text[0] == '"' && (char.IsAsciiLetterLower(text[1]) || text[1] == '_')
        && text[1..^1].All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '$')
            ? text[1..^1] : text;

    /// <summary><c>a BETWEEN 1 AND 2 AND b</c> is <c>((a AND a) AND b)</c> when it is made and <c>(a AND a AND b)</c>
    /// when it was restored.</summary>
    private static List<SqlToken> Flat(List<SqlToken> group)
    {
        foreach (var word in new[] { "AND", "OR" })
        {
            if (!group.Exists(one => one.Is(word)))
                continue;
            var flat = new List<SqlToken>(group.Count);
            for (var i = 0; i < group.Count; i++)
            {
                var isOperand = (i == 0 || group[i - 1].Is(word)) && (i == group.Count - 1 || group[i + 1].Is(word));
                if (isOperand && group[i].IsGroup('(') && group[i].Children is { Count: > 2 } inner
                    && inner.Where((_, at) => at % 2 == 1).All(one => one.Is(word)))
                    flat.AddRange(inner.Select((one, at) => at == 0 ? one with { IsApart = group[i].IsApart } : one));
                else
                    flat.Add(group[i]);
            }

            return flat;
        }

        return group;
    }

    /// <summary><c>(ARRAY['a'::character varying])::text[]</c>, which <c>IN</c> is made of, is
    /// <c>ARRAY[('a'::character varying)::text]</c> when it was restored.</summary>
    private static List<SqlToken> CastsInside(List<SqlToken> tokens)
    {
        for (var i = 0; i + 2 < tokens.Count; i++)
        {
            if (!tokens[i].IsGroup('(') || tokens[i].Children
                is not [{ Text: "ARRAY" } array, { Open: '[', Children: { } elements }] || !tokens[i + 1].Is("::"))
                continue;
            var end = i + 2;
            while (end < tokens.Count && IsOfType(tokens, end, i + 2))
                end++;
            if (end >= tokens.Count || !tokens[end].IsGroup('[') || tokens[end].Children is not { Count: 0 })
                continue;
            var type = tokens[(i + 1)..end];
            var pushed = new List<SqlToken>();
            foreach (var element in Parts(elements))
            {
                if (pushed.Count > 0)
                    pushed.Add(new(",", false));
                pushed.Add(new("", pushed.Count > 0,
                    [.. element.Select((one, at) => at == 0 ? one with { IsApart = false } : one)]));
                pushed.AddRange(type);
            }

            tokens[i] = array with { IsApart = tokens[i].IsApart };
            tokens[i + 1] = new("", false, pushed, '[');
            tokens.RemoveRange(i + 2, end - i - 1);
        }

        return Unwrapped(tokens);
    }

    /// <summary>Alone between brackets, as <c>ANY ((ARRAY[…])::text[])</c> leaves it, the array needs only one
    /// pair.</summary>
    private static List<SqlToken> Unwrapped(List<SqlToken> tokens) =>
        tokens is [{ Children: [{ Text: "ARRAY" } array, { Open: '[' } elements], Open: '(' }]
            ? [array with { IsApart = false }, elements] : tokens;

    private static bool IsOfType(List<SqlToken> tokens, int at, int begin)
    {
        var token = tokens[at];
        if (token.IsGroup('('))
            return at > begin;
        if (token.Is("."))
            return at > begin;
        return token.Children is null && token.IsWord
            && (at == begin || tokens[at - 1].Is(".") || TypeWords.Contains(token.Text));
    }

    /// <summary>What stands between the commas of a list.</summary>
    public static IEnumerable<List<SqlToken>> Parts(IReadOnlyList<SqlToken> list)
    {
        var part = new List<SqlToken>();
        foreach (var token in list)
        {
            if (token.Is(","))
            {
                yield return part;
                part = [];
            }
            else
            {
                part.Add(token);
            }
        }

        if (part.Count > 0)
            yield return part;
    }

    /// <summary>The name under which a statement's columns stand where it reads one table and no other. Up to
    /// PostgreSQL 15 a view has two more of them, which nobody sees.</summary>
    private static string? OnlyTable(List<SqlToken> tokens)
    {
        if (tokens.Exists(one => one.Is("UNION") || one.Is("INTERSECT") || one.Is("EXCEPT")))
            return null;
        var from = tokens.FindIndex(one => one.Is("FROM"));
        if (from < 0)
            return null;
        var end = Enumerable.Range(from + 1, tokens.Count - from - 1)
            .FirstOrDefault(at => tokens[at].Is(",") || tokens[at].Is(";") || IsClause(tokens, at), -1);
        if (end < 0)
            end = tokens.Count;
        if (end < tokens.Count && tokens[end].Text is "," or "JOIN" or "LEFT" or "RIGHT" or "FULL" or "CROSS")
            return null;
        var item = tokens[(from + 1)..end];
        // TABLESAMPLE and the columns of a function stand behind the name.
        var sample = item.FindIndex(one => one.Is("TABLESAMPLE"));
        if (sample >= 0)
            item = item[..sample];
        if (item is [{ Open: '(', Children: { } inner }] && inner.Any(one => one.Text is "JOIN"))
            return null;
        return item.FindLast(one => one.IsWord)?.Text;
    }

    /// <summary>In ROWS FROM(…) the second word begins nothing.</summary>
    private static bool IsClause(IReadOnlyList<SqlToken> tokens, int at) =>
        Clauses.Contains(tokens[at].Text) && !(tokens[at].Is("FROM") && at > 0 && tokens[at - 1].Is("ROWS"));

    private static List<SqlToken> Unqualified(IReadOnlyList<SqlToken> tokens, string table)
    {
        var all = new List<SqlToken>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Children is { } children)
            {
                all.Add(children is [{ Text: "SELECT" or "WITH" or "VALUES" }, ..]
                    ? token : token with { Children = Unqualified(children, table) });
                continue;
            }

            var isQualifier = token.Is(table) && i + 2 < tokens.Count && tokens[i + 1].Is(".") && tokens[i + 2].IsWord
                && (i == 0 || !(tokens[i - 1].Is(".") || tokens[i - 1].Is("::") || tokens[i - 1].Is("FROM")
                    || tokens[i - 1].Is("COLLATE")))
                && (i + 3 >= tokens.Count
                    || !(tokens[i + 3].IsGroup('(') && !tokens[i + 3].IsApart || tokens[i + 3].Is(".")));
            if (isQualifier)
            {
                all.Add(tokens[i + 2] with { IsApart = token.IsApart });
                i += 2;
            }
            else
            {
                all.Add(token);
            }
        }

        return all;
    }

    private static string Print(IReadOnlyList<SqlToken> tokens, bool inLines = false)
    {
        var text = new StringBuilder();
        Print(tokens, inLines, text);
        return text.ToString();
    }

    private static void Print(IReadOnlyList<SqlToken> tokens, bool inLines, StringBuilder to)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            // LEFT JOIN is one, and so is UNION ALL SELECT two.
            var beginsLine = inLines && i > 0 && IsClause(tokens, i)
                && !(token.Text == "JOIN" && tokens[i - 1].Text is "LEFT" or "RIGHT" or "FULL" or "CROSS");
            if (beginsLine)
                to.Append('\n');
            else if (inLines && i > 0 && tokens[i - 1].Is(","))
                to.Append("\n    ");
            else if (token.IsApart && i > 0)
                to.Append(' ');
            if (token.Children is not { } children)
            {
                to.Append(token.Text);
                continue;
            }

            to.Append(token.Open);
            // Joined tables stand between brackets of their own; everything else is one line.
            Print(children, inLines && i > 0 && tokens[i - 1].Is("FROM") && !children.Any(one => one.Is("SELECT")), to);
            to.Append(token.Open == '(' ? ')' : ']');
        }
    }
}
