using System.Text;
using Godwit.Verify.Schema;

namespace Godwit.Verify.Views;

/// <summary>Replaces relations in a view's query.</summary>
/// <param name="instead">From a relation's name, quoted and qualified, to its replacement.</param>
/// <remarks>Only in FROM clauses, the only place where a relation is read. A string, a cast to the relation's row type,
/// or an alias with a column that looks like schema and relation stays as it is. Columns of a relation without an alias
/// are printed with its bare name, which therefore becomes the alias.</remarks>
internal sealed class ViewText(IReadOnlyDictionary<string, string> instead)
{
    // End a FROM clause.
    private static readonly HashSet<string> Ends =
        ["WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "UNION",
            "INTERSECT", "EXCEPT"];

    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);

    /// <summary>So far.</summary>
    public IReadOnlySet<string> Replaced => _replaced;

    /// <summary>Null: the query cannot be parsed.</summary>
    public string? Rewrite(string query)
    {
        if (SqlToken.Parse(query) is not { Count: > 0 } tokens)
            return null;
        var text = new StringBuilder();
        Level([.. tokens[^1].Is(";") ? tokens.SkipLast(1) : tokens], isJoin: false, text);
        return text.ToString();
    }

    /// <summary>The tokens between two brackets.</summary>
    /// <param name="isJoin">The brackets enclose joined tables.</param>
    private void Level(IReadOnlyList<SqlToken> tokens, bool isJoin, StringBuilder to)
    {
        var (isQuery, isFrom, isRelation) = (false, isJoin, isJoin);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.IsApart && i > 0)
                to.Append(' ');
            if (token.Children is { } children)
            {
                to.Append(token.Open);
                Level(children, isJoin: isRelation && token.Open == '(' && !BeginsQuery(children), to);
                to.Append(token.Open == '(' ? ')' : ']');
                isRelation = false;
                continue;
            }

            if (isRelation && Relation(tokens, i) is { } other)
            {
                _replaced.Add($"{token.Text}.{tokens[i + 2].Text}");
                to.Append(other);
                i += 2;
                if (!HasAlias(tokens, i + 1))
                    to.Append(' ').Append(tokens[i].Text);
                isRelation = false;
                continue;
            }

            to.Append(token.Text);
            switch (token.Text)
            {
                case "SELECT":
                    (isQuery, isFrom, isRelation) = (true, false, false);
                    break;
                case "FROM" when isQuery && !IsPartOfOperator(tokens, i):
                    (isFrom, isRelation) = (true, true);
                    break;
                case "," or "JOIN" when isFrom:
                    isRelation = true;
                    break;
                case "ONLY" or "LATERAL" when isRelation:
                    break;
                default:
                    isFrom &= !Ends.Contains(token.Text);
                    isRelation = false;
                    break;
            }
        }
    }

    // The replacement for the relation whose name begins here; null: none.
    private string? Relation(IReadOnlyList<SqlToken> tokens, int at)
    {
        if (at + 2 >= tokens.Count || !tokens[at].IsWord || !tokens[at + 1].Is(".") || !tokens[at + 2].IsWord)
            return null;
        // A function's parenthesis follows its name without a space.
        var isFunction = at + 3 < tokens.Count && tokens[at + 3] is { IsApart: false } next && next.IsGroup('(');
        return isFunction ? null : instead.GetValueOrDefault($"{tokens[at].Text}.{tokens[at + 2].Text}");
    }

    // Servers print keywords in capitals, and quote every name that has a capital.
    private static bool HasAlias(IReadOnlyList<SqlToken> tokens, int at) =>
        at < tokens.Count && tokens[at].IsWord && (tokens[at].Is("AS") || !char.IsAsciiLetterUpper(tokens[at].Text[0]));

    private static bool BeginsQuery(IReadOnlyList<SqlToken> tokens) =>
        tokens.Count > 0 && (tokens[0].Text is "SELECT" or "WITH" or "VALUES"
            || (tokens[0].IsGroup('(') && BeginsQuery(tokens[0].Children!)));

    // IS DISTINCT FROM, and ROWS FROM (…).
    private static bool IsPartOfOperator(IReadOnlyList<SqlToken> tokens, int at) =>
        at > 0 && (tokens[at - 1].Is("ROWS")
            || (tokens[at - 1].Is("DISTINCT") && at > 1 && tokens[at - 2].Text is "IS" or "NOT"));
}
