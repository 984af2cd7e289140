using System.Text;

namespace Godwit.Verify.Schema;

/// <summary>Normalizes printed SQL: another major version prints the same definition differently, and so does the same
/// server after a dump and restore.</summary>
/// <param name="schemas">Those with another name on the other side.</param>
internal sealed class SqlText(IReadOnlyDictionary<string, string> schemas)
{
    /// <summary>Renames no schema.</summary>
    public static SqlText Plain { get; } = new(new Dictionary<string, string>());

    // Begin a line of a statement.
    private static readonly HashSet<string> Clauses =
    [
        "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "WINDOW", "UNION", "INTERSECT", "EXCEPT",
        "LEFT", "RIGHT", "FULL", "CROSS", "JOIN", "SELECT", "VALUES", "SET", "RETURNING", "DO",
    ];

    // Between a type's name and its array brackets.
    private static readonly HashSet<string> TypeWords = ["varying", "precision", "with", "without", "time", "zone"];

    /// <summary>Of a name, an expression, or a definition of one line.</summary>
    public string Normal(string sql) => SqlToken.Parse(sql) is { } tokens ? Print(Rewritten(tokens)) : sql;

    /// <summary>A whole statement, in lines.</summary>
    /// <param name="isView">At the outermost level of a view with one table, columns may be printed with or without its
    /// name.</param>
    public string Statement(string sql, bool isView)
    {
        if (SqlToken.Parse(sql) is not { } tokens)
            return sql;
        var rewritten = Rewritten(tokens);
        return Print(isView && OnlyTable(rewritten) is { } table ? Unqualified(rewritten, table) : rewritten,
            inLines: true).TrimEnd(';', ' ', '\n');
    }

    /// <summary>With schemas renamed, to run on the other side.</summary>
    public string Moved(string sql) =>
        schemas.Count > 0 && SqlToken.Parse(sql) is { } tokens ? Print(Moved(tokens)) : sql;

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

            // Since PostgreSQL 16 XMLSERIALIZE prints its default, NO INDENT.
            if (token.Text == "NO" && i + 1 < tokens.Count && tokens[i + 1].Is("INDENT"))
            {
                i++;
            }
            else if (token.Text == "pg_catalog" && i + 2 < tokens.Count && tokens[i + 1].Is(".")
                && tokens[i + 2].Children is null)
            {
                // System objects are found without their schema.
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

    // Keywords and quoted names differ between versions. A real keyword is printed in capitals.
    private static string Unquoted(string text) =>
        text.Length > 2 && text[0] == '"' && (char.IsAsciiLetterLower(text[1]) || text[1] == '_')
        && text[1..^1].All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '$')
            ? text[1..^1] : text;

    // a BETWEEN 1 AND 2 AND b is printed as ((a AND a) AND b) when new, and as (a AND a AND b) after a restore.
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

    // IN becomes (ARRAY['a'::character varying])::text[], after a restore ARRAY[('a'::character varying)::text].
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

    // Without one of two pairs of parentheses around an array: ANY ((ARRAY[…])::text[]).
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

    /// <summary>Split at commas.</summary>
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

    // Qualifies the columns of a statement that reads only one table. Up to PostgreSQL 15 a view has two more, hidden
    // tables.
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
        // TABLESAMPLE and a function's columns follow the name.
        var sample = item.FindIndex(one => one.Is("TABLESAMPLE"));
        if (sample >= 0)
            item = item[..sample];
        if (item is [{ Open: '(', Children: { } inner }] && inner.Any(one => one.Text is "JOIN"))
            return null;
        return item.FindLast(one => one.IsWord)?.Text;
    }

    // FROM in ROWS FROM(…) begins no clause.
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
            // LEFT JOIN begins one line, UNION ALL SELECT two.
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
            // Joined tables have their own parentheses; everything else in parentheses is one line.
            Print(children, inLines && i > 0 && tokens[i - 1].Is("FROM") && !children.Any(one => one.Is("SELECT")), to);
            to.Append(token.Open == '(' ? ')' : ']');
        }
    }
}
