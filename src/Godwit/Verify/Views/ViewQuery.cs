using System.Globalization;
using Godwit.Postgres;
using Godwit.Verify.Rows;

namespace Godwit.Verify.Views;

/// <summary>The rows that a REFRESH of a materialized view would store at the source now.</summary>
/// <param name="views">The view and the views that it reads.</param>
/// <param name="isRefreshed">True for views that hold other rows at the target: their own query replaces the source's
/// stored rows.</param>
internal sealed class ViewQuery(IReadOnlyDictionary<string, ViewDefinition> views, Func<string, bool> isRefreshed)
{
    private const string Prefix = "godwit_fresh_";

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _isInlined = new(StringComparer.Ordinal);
    private readonly List<string> _parts = [];

    /// <summary>A clause; null: there is a query.</summary>
    public string? WhyNot { get; private set; }

    /// <summary>A statement without its semicolon; null: see <see cref="WhyNot"/>.</summary>
    public string? Of(TablePair pair)
    {
        if (!views.TryGetValue(pair.Source.Name, out var view))
            return Refuse("its query is not in the catalogs any more");
        foreach (var read in view.Reads)
            Inline(read);
        if (Rewritten(view) is not { } query)
            return null;
        // The column list names columns that pg_get_viewdef may leave unnamed. The cast turns a domain into its base
        // type, as the hash of the stored rows does.
        var columns = pair.Shape.Columns.Select(name =>
            $"q.{ServerCatalog.Quote(name)}::{pair.Shape.Column(name, isSource: true).Type} AS "
            + $"{ServerCatalog.Quote(name)}");
        var with = _parts.Count == 0 ? "" : $"WITH {string.Join(", ", _parts)} ";
        return $"{with}SELECT {string.Join(", ", columns)} FROM ({query}) AS q{List(view)}";
    }

    private string Alias(string name) => _names.TryGetValue(name, out var alias) ? alias : _names[name] = FreeName();

    // A common table expression inside the view would hide an outer one of the same name.
    private string FreeName()
    {
        var name = Prefix + (_names.Count + 1).ToString(CultureInfo.InvariantCulture);
        while (views.Values.Any(view => view.Query.Contains(name, StringComparison.Ordinal)))
            name += "_";
        return name;
    }

    // Adds a view as a common table expression, after those that it reads. A plain view is added only if it reads a
    // materialized view that is added.
    private bool Inline(string name)
    {
        if (_isInlined.TryGetValue(name, out var known))
            return known;
        if (!views.TryGetValue(name, out var view))
            return _isInlined[name] = false;
        if (view.IsMaterialized && !isRefreshed(name))
            return _isInlined[name] = false;
        // No short circuit: every view that it reads must be added.
        var readsOther = view.Reads.Select(Inline).ToList().Contains(true);
        if (!view.IsMaterialized && !readsOther)
            return _isInlined[name] = false;
        if (Rewritten(view) is { } query)
            _parts.Add($"{Alias(name)}{List(view)} AS "
                + $"{(view.IsMaterialized ? "MATERIALIZED" : "NOT MATERIALIZED")} ({query})");
        return _isInlined[name] = true;
    }

    private string? Rewritten(ViewDefinition view)
    {
        var inlined = view.Reads.Where(read => _isInlined.GetValueOrDefault(read)).ToList();
        var text = new ViewText(inlined.ToDictionary(read => read, Alias, StringComparer.Ordinal));
        if (view.Query.Length == 0 || text.Rewrite(view.Query) is not { } query)
            return Refuse($"the query of {view.Name} cannot be read");
        return inlined.Find(read => !text.Replaced.Contains(read)) is { } other
            ? Refuse($"{view.Name} reads {other}, whose rows at the source are not those at the target, "
                + "in a way that Godwit does not see") : query;
    }

    private string? Refuse(string why)
    {
        WhyNot ??= why;
        return null;
    }

    private static string List(ViewDefinition view) =>
        view.Columns.Count == 0 ? "" : $"({string.Join(", ", view.Columns)})";
}
