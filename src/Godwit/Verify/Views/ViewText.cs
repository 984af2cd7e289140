using System.Text;
using Godwit.Verify.Schema;

namespace Godwit.Verify.Views;

/// <summary>Puts other relations into a view's query, in the place of those that it reads.</summary>
/// <param name="instead">Names of relations, quoted and qualified, and the name of what is read instead.</param>
/// <remarks>A relation is read in a FROM clause and nowhere else. So only there a name is replaced: not in a string,
/// not behind a cast to the relation's row type, and not where a table's alias and its column happen to be called like
/// a schema and a relation. The columns of a relation without an alias are printed behind its bare name, which becomes
/// the alias.</remarks>
internal sealed class ViewText(IReadOnlyDictionary<string, string> instead)
{
    /// <summary>Where a FROM clause ends.</summary>
    private static readonly HashSet<string> Ends =
        ["WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "UNION",
            "INTERSECT", "EXCEPT"];

    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);

    /// <summary>What was found and replaced so far.</summary>
    public IReadOnlySet<string> Replaced => _replaced;

    /// <summary>Null when it cannot be read.</summary>
    public string? Rewrite(string query)
    {
        if (SqlToken.Parse(query) is not { Count: > 0 } tokens)
            return null;
        var text = new StringBuilder();
        Level([.. tokens[^1].Is(";") ? tokens.SkipLast(1) : tokens], isJoin: false, text);
        return text.ToString();
    }

    /// <summary>All that stands between two brackets.</summary>
    /// <param name="isJoin">They are those around joined tables.</param>
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

    /// <summary>What is read instead of the relation whose name begins here; null: no such name does.</summary>
    private string? Relation(IReadOnlyList<SqlToken> tokens, int at)
    {
        if (at + 2 >= tokens.Count || !tokens[at].IsWord || !tokens[at + 1].Is(".") || !tokens[at + 2].IsWord)
            return null;
        // A function has its arguments right behind its name.
        var isFunction = at + 3 < tokens.Count && tokens[at + 3] is { IsApart: false } next && next.IsGroup('(');
        return isFunction ? null : instead.GetValueOrDefault($"{tokens[at].Text}.{tokens[at + 2].Text}");
    }

    /// <summary>Servers print words of the language in capitals, and quote every name that has one.</summary>
    private static bool HasAlias(IReadOnlyList<SqlToken> tokens, int at) =>
        at < tokens.Count && tokens[at].IsWord && (tokens[at].Is("AS") || !char.IsAsciiLetterUpper(tokens[at].Text[0]));

    private static bool BeginsQuery(IReadOnlyList<SqlToken> tokens) =>
        tokens.Count > 0 && (tokens[0].Text is "SELECT" or "WITH" or "VALUES"
            || (tokens[0].IsGroup('(') && BeginsQuery(tokens[0].Children!)));

    /// <summary>IS DISTINCT FROM, and ROWS FROM (…).</summary>
    private static bool IsPartOfOperator(IReadOnlyList<SqlToken> tokens, int at) =>
        at > 0 && (tokens[at - 1].Is("ROWS")
            || (tokens[at - 1].Is("DISTINCT") && at > 1 && tokens[at - 2].Text is "IS" or "NOT"));
}
