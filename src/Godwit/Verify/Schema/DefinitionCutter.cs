namespace Godwit.Verify.Schema;

/// <param name="sql">Of the side that printed the text.</param>
internal sealed class DefinitionCutter(SqlText sql)
{
    // Replaces a definition. No server prints it.
    private const string Mark = "\u0001";

    private static readonly string[] Relations = ["foreign table ", "materialized view ", "table ", "view "];

    private readonly List<SchemaDefinition> _found = [];
    private string _relation = "";

    /// <summary>True if an object may contain definitions; only then its printed text is kept.</summary>
    public static bool MayHold(string kind, IReadOnlyList<string> lines, string? query) =>
        query is not null || kind switch
        {
            "column" => lines.Any(line => IsExpression(line, out _)),
            "index" or "check constraint" or "exclusion constraint" or "trigger" or "policy" or "statistics object"
                or "domain" or "domain constraint" => true,
            "function" or "procedure" or "window function" or "publication" or "table" or "partitioned table" => true,
            "view" or "materialized view" => true,
            _ => false,
        };

    /// <returns>Null: this text cannot be cut.</returns>
    public static CutObject? Cut(SchemaObject one, SqlText sql)
    {
        if (one.Printed is not { } printed)
            return null;
        var cutter = new DefinitionCutter(sql) { _relation = RelationOf(printed.Owner) };
        var lines = new List<string>();
        foreach (var line in printed.Lines)
        {
            if (cutter.Line(one.Class, line, printed) is not { } rest)
                return null;
            lines.Add(sql.Normal(rest));
        }

        if (printed.Query is { } query)
        {
            if (cutter.Statement(one.Class, query, printed) is not { } rest)
                return null;
            lines.Add(rest);
        }

        if (printed.Body is { } body)
            lines.Add(body);
        return new(string.Join('\n', lines), cutter._found);
    }

    private static string RelationOf(string owner) =>
        Relations.FirstOrDefault(kind => owner.StartsWith(kind, StringComparison.Ordinal)) is { } known
            ? owner[known.Length..] : "";

    private static bool IsExpression(string line, out string label)
    {
        label = ((string[])["default: ", "generated, stored: ", "generated, virtual: ", "using: ", "with check: "])
            .FirstOrDefault(one => line.StartsWith(one, StringComparison.Ordinal)) ?? "";
        return label.Length > 0;
    }

    // A line without its definitions.
    private string? Line(string kind, string line, PrintedObject printed)
    {
        if (kind is "column" or "policy" or "domain" && IsExpression(line, out var label))
            return label + Add(line[label.Length..], label == "default: " ? "" : _relation);
        if (SqlToken.Parse(line) is not { } tokens)
            return line;
        return kind switch
        {
            "check constraint" => Bracketed(tokens, "CHECK", _relation),
            "domain constraint" => Bracketed(tokens, "CHECK", DomainValue(printed.Owner)),
            "trigger" => Bracketed(tokens, "WHEN", $"{_relation} old CROSS JOIN {_relation} new"),
            "index" when tokens is [{ Text: "CREATE" }, ..] =>
                Elements(tokens, "USING", _relation) is { } rest ? Condition(rest) : null,
            "exclusion constraint" when tokens is [{ Text: "EXCLUDE" }, ..] =>
                Elements(tokens, "USING", _relation) is { } rest ? Bracketed(rest, "WHERE", _relation) : null,
            "table" or "partitioned table" when line.StartsWith("partitioned by: ", StringComparison.Ordinal) =>
                Elements(tokens, ":", RelationOf("table " + printed.Identity)) is { } rest
                    ? SqlText.Joined(rest) : null,
            "statistics object" when tokens is [{ Text: "CREATE" }, ..] => Statistics(tokens),
            "function" or "procedure" or "window function"
                when line.StartsWith("arguments: ", StringComparison.Ordinal) => Arguments(tokens),
            "view" or "materialized view" when tokens is [{ Text: "default" }, { Text: "of" }, _, { Text: ":" }, ..] =>
                SqlText.Joined(tokens.Take(4)) + " " + Add(SqlText.Joined(tokens.Skip(4)), ""),
            "publication" when tokens is [{ Text: "table" }, { Text: ":" }, ..] =>
                Bracketed(tokens, "WHERE", PublishedTable(tokens)),
            _ => line,
        };
    }

    private string? Statement(string kind, string query, PrintedObject printed)
    {
        if (kind is "view" or "materialized view")
            return Add(query.TrimEnd(';', ' ', '\n'), "", DefinitionKind.Query);
        if (kind == "rule")
        {
            if (SqlToken.Parse(query) is not { } tokens || RuleParts(tokens) is not { } parts)
                return null;
            return $"ON {parts.Event} {Add(parts.Tail, _relation, DefinitionKind.Rule, parts.Event)}";
        }

        if (SqlToken.Parse(printed.Identity) is not { } identity || ArgumentsOf(printed) is not { } arguments)
            return null;
        var at = Enumerable.Range(0, identity.Count).FirstOrDefault(i => identity[i].IsGroup('('), -1);
        return at > 0 ? Add(query, arguments, DefinitionKind.Body, identity[at - 1].Text) : null;
    }

    /// <summary>From <c>CREATE RULE name AS ON event TO table WHERE (…) DO …</c>: the event, and the text after the
    /// table.</summary>
    internal static (string Event, string Tail)? RuleParts(IReadOnlyList<SqlToken> tokens)
    {
        var on = Find(tokens, "ON", 0);
        var to = on < 0 ? -1 : Find(tokens, "TO", on);
        var tail = to < 0 ? -1 : Enumerable.Range(to, tokens.Count - to)
            .FirstOrDefault(at => tokens[at].Is("WHERE") || tokens[at].Is("DO"), -1);
        return tail < 0 ? null : (SqlText.Joined(tokens.Skip(on + 1).Take(to - on - 1)),
            SqlText.Joined(tokens.Skip(tail)).TrimEnd(';', ' '));
    }

    // The parentheses after a word hold one expression.
    private string Bracketed(IReadOnlyList<SqlToken> tokens, string word, string from)
    {
        var at = Find(tokens, word, 0) + 1;
        if (at == 0 || at >= tokens.Count || !tokens[at].IsGroup('('))
            return SqlText.Joined(tokens);
        var hole = new SqlToken(Add(SqlText.Joined(tokens[at].Children!), from), false);
        return SqlText.Joined([.. tokens.Take(at), tokens[at] with { Children = [hole] }, .. tokens.Skip(at + 1)]);
    }

    // Has no parentheses of its own, and ends an index's statement.
    private string Condition(List<SqlToken> tokens)
    {
        var at = Find(tokens, "WHERE", 0);
        return at < 0 ? SqlText.Joined(tokens) : SqlText.Joined(tokens.Take(at + 1)) + " "
            + Add(SqlText.Joined(tokens.Skip(at + 1)), _relation);
    }

    // The first parentheses after a word hold columns and expressions, each followed by its operator class and order.
    private List<SqlToken>? Elements(IReadOnlyList<SqlToken> tokens, string word, string from)
    {
        var begin = Find(tokens, word, 0);
        var at = begin < 0 ? -1 : Enumerable.Range(begin, tokens.Count - begin)
            .FirstOrDefault(i => tokens[i].IsGroup('('), -1);
        if (at < 0)
            return null;
        return List(tokens[at].Children!, from) is { } list ? [.. tokens.Take(at), tokens[at] with { Children = list },
            .. tokens.Skip(at + 1)] : null;
    }

    private string? Statistics(IReadOnlyList<SqlToken> tokens)
    {
        var on = Find(tokens, "ON", 0);
        var from = on < 0 ? -1 : Find(tokens, "FROM", on);
        if (from < 0 || List([.. tokens.Skip(on + 1).Take(from - on - 1)], _relation) is not { } list)
            return null;
        return SqlText.Joined([.. tokens.Take(on + 1), .. list, .. tokens.Skip(from)]);
    }

    private List<SqlToken>? List(IReadOnlyList<SqlToken> list, string from)
    {
        var all = new List<SqlToken>();
        foreach (var element in SqlText.Parts(list))
        {
            if (Element(element, from) is not { } rest)
                return null;
            if (all.Count > 0)
                all.Add(new(",", false));
            all.AddRange(rest);
        }

        return all;
    }

    // A column; a function with arguments; or an expression in parentheses.
    private List<SqlToken>? Element(List<SqlToken> element, string from)
    {
        // Minor releases before November 2026 print IS DOCUMENT without parentheses around it.
        if (element.FindIndex(one => one.Is("DOCUMENT")) is > 1 and var last
            && element.Take(last).Any(one => one.Is("IS")))
            return [new(Add(SqlText.Joined(element.Take(last + 1)), from), true), .. element.Skip(last + 1)];
        var end = 0;
        if (element is [{ IsWord: true }, ..])
        {
            end = 1;
            while (end + 1 < element.Count && element[end].Is(".") && element[end + 1].IsWord)
                end += 2;
            if (end >= element.Count || !element[end].IsGroup('(') || element[end].IsApart)
                return element;
        }

        // A cast follows: only the server knows where the expression ends.
        if (element.Count <= end || !element[end].IsGroup('(')
            || (element.Count > end + 1 && !(element[end + 1].IsWord && element[end + 1].IsApart)))
            return null;
        return [new(Add(SqlText.Joined(element.Take(end + 1)), from), true), .. element.Skip(end + 1)];
    }

    private string Arguments(IReadOnlyList<SqlToken> tokens)
    {
        var all = new List<string>();
        foreach (var argument in SqlText.Parts([.. tokens.Skip(2)]))
        {
            var at = Find(argument, "DEFAULT", 0);
            all.Add(at < 0
                ? SqlText.Joined(argument)
                : $"{SqlText.Joined(argument.Take(at))} DEFAULT {Add(SqlText.Joined(argument.Skip(at + 1)), "")}");
        }

        return "arguments: " + string.Join(", ", all);
    }

    // The arguments that a function's statements may name, without defaults.
    private static string? ArgumentsOf(PrintedObject printed)
    {
        const string label = "arguments: ";
        var line = printed.Lines.FirstOrDefault(one => one.StartsWith(label, StringComparison.Ordinal));
        if (line is null)
            return "";
        if (SqlToken.Parse(line[label.Length..]) is not { } tokens)
            return null;
        return string.Join(", ", SqlText.Parts(tokens).Where(one => one[0].Text is not ("OUT" or "TABLE"))
            .Select(one => one[0].Text is "INOUT" or "VARIADIC" ? one[1..] : one)
            .Select(one => SqlText.Joined(Find(one, "DEFAULT", 0) is > 0 and var at ? one.Take(at) : one)));
    }

    // A domain's constraint prints VALUE like a column of that name.
    private static string DomainValue(string owner) => $"(SELECT NULL::{owner["type ".Length..]} AS value) d";

    private static string PublishedTable(IReadOnlyList<SqlToken> tokens) =>
        SqlText.Joined(tokens.Skip(2).TakeWhile(one => one.IsWord && !one.Is("WHERE") || one.Is(".")));

    private static int Find(IReadOnlyList<SqlToken> tokens, string word, int from) =>
        Enumerable.Range(from, tokens.Count - from).FirstOrDefault(at => tokens[at].Is(word), -1);

    private string Add(string text, string from, DefinitionKind kind = DefinitionKind.Expression, string head = "")
    {
        _found.Add(new(kind, sql.Moved(text), from, head));
        return Mark;
    }
}
