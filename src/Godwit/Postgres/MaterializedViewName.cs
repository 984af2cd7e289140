using System.Text.RegularExpressions;
using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>A materialized view named by the user: <c>SCHEMA.NAME</c>, quoted as in SQL or not. A shell removes
/// unescaped double quotes. So a part without quotes matches the name as typed, and in lower case as SQL reads
/// it.</summary>
public sealed partial record MaterializedViewName
{
    private readonly string _schema, _name;
    private readonly bool _isSchemaQuoted, _isNameQuoted;

    private MaterializedViewName(Match match)
    {
        (_isSchemaQuoted, _isNameQuoted) = (match.Groups["qs"].Success, match.Groups["qn"].Success);
        _schema = _isSchemaQuoted ? Unescaped(match.Groups["qs"].Value) : match.Groups["s"].Value;
        _name = _isNameQuoted ? Unescaped(match.Groups["qn"].Value) : match.Groups["n"].Value;
        Text = match.Value;
    }

    /// <summary>As typed.</summary>
    public string Text { get; }

    /// <summary>Null: not a name with a schema.</summary>
    public static MaterializedViewName? TryParse(string text) =>
        Form().Match(text.Trim()) is { Success: true } match ? new(match) : null;

    /// <param name="schema">Unquoted, from the catalog; likewise <paramref name="name"/>.</param>
    public bool Is(string schema, string name) =>
        Is(_schema, _isSchemaQuoted, schema) && Is(_name, _isNameQuoted, name);

    /// <summary>Quotes and qualifies the views' names.</summary>
    /// <param name="names">As typed.</param>
    /// <exception cref="FaultException"><c>postgres.no_such_view</c>: the database has no such view.</exception>
    public static async Task<IReadOnlySet<string>> ResolveAsync(
        PostgresSession session, IReadOnlyList<string> names, CancellationToken ct)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (names.Count == 0)
            return found;
        var views = await session.RowsAsync(All,
            row => (Schema: row.GetString(0), Name: row.GetString(1), Quoted: row.GetString(2)), ct);
        var unknown = new List<string>();
        foreach (var text in names)
        {
            var name = TryParse(text);
            var meant = views.Where(view => name is not null && name.Is(view.Schema, view.Name)).ToList();
            if (meant.Count == 0)
                unknown.Add(text);
            found.UnionWith(meant.Select(view => view.Quoted));
        }

        return unknown.Count == 0 ? found : throw new FaultException(PostgresFaults.NoSuchView(session.Address, unknown,
            [.. views.Select(view => view.Quoted)]));
    }

    private const string All = """
        SELECT n.nspname, c.relname, pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'm' ORDER BY 3
        """;

    // PostgreSQL folds a name without quotes to lower case.
    private static bool Is(string typed, bool isQuoted, string found) =>
        (isQuoted ? typed : Folded(typed)) == found || typed == found;

    private static string Folded(string typed) => typed.ToLowerInvariant();

    private static string Unescaped(string text) => text.Replace("\"\"", "\"", StringComparison.Ordinal);

    [GeneratedRegex("""^(?:"(?<qs>(?:[^"]|"")+)"|(?<s>[^".]+))\.(?:"(?<qn>(?:[^"]|"")+)"|(?<n>[^".]+))$""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
