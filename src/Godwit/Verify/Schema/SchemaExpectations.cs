using Godwit.Proof;

namespace Godwit.Verify.Schema;

/// <summary>Intended differences, known to the code that made the copy.</summary>
public sealed record SchemaExpectations
{
    public static SchemaExpectations None { get; } = new();

    /// <summary>Left out or changed.</summary>
    public IReadOnlyList<ExpectedObject> Objects { get; init; } = [];

    /// <summary>Left out completely, each with the reason as a clause.</summary>
    public IReadOnlyDictionary<string, string> Classes { get; init; } = new Dictionary<string, string>();

    /// <summary>Source schemas whose contents are in another at the target.</summary>
    public IReadOnlyDictionary<string, string> Schemas { get; init; } = new Dictionary<string, string>();

    /// <summary>A table that was left out is expected to be missing. One that exists has to be equal, unless only its
    /// rows were left out.</summary>
    /// <param name="withExtensions">Extensions' tables that are expected to be missing, each with the reason.</param>
    internal TableVerdict Judged(TableVerdict table, IReadOnlyDictionary<string, string> withExtensions)
    {
        if (table.Outcome is not (Outcome.Different or Outcome.NotCompared))
            return table;
        // An unreadable table is expected too if no rows of the source belong into it.
        var words = ExpectedObject.WordsOf(table.Table);
        var isUnread = table.Outcome == Outcome.NotCompared;
        if (Objects.FirstOrDefault(one =>
            (one.IsOfRows || (one.IsOfNoRows && isUnread)) && one.Words == words) is { } rows)
            return table with { Outcome = Outcome.Expected, Why = rows.Because };
        if (table is not { Outcome: Outcome.Different, SourceRows: null, TargetRows: null })
            return table;
        var known = Objects.FirstOrDefault(one =>
            !one.IsOfNoRows && one.Class is null or "table" && one.Words == words)?.Because
            ?? withExtensions.GetValueOrDefault(table.Table);
        return known is null ? table : table with { Outcome = Outcome.Expected, Why = known };
    }
}

/// <summary>Left out or rewritten.</summary>
/// <param name="Class">See <see cref="ObjectVerdict.Class"/>; null: any.</param>
/// <param name="Name">With schema and table, in any order and quoting.</param>
/// <param name="Because">A clause.</param>
public sealed record ExpectedObject(string? Class, string Name, string Because)
{
    // Ignored: pg_dump puts the table first and writes no ON, and names a user mapping by its statement.
    private static readonly HashSet<string> Fillers = ["on", "USER", "MAPPING", "SERVER", "for"];

    private static readonly char[] Between = [' ', '.', ',', '(', ')', '"', '\n'];

    /// <summary>The table exists, without these rows of the source.</summary>
    public bool IsOfRows { get; init; }

    /// <summary>The table is an extension's, and the source has no user rows in it.</summary>
    public bool IsOfNoRows { get; init; }

    internal string Words { get; } = WordsOf(Name);

    /// <summary>The parts of a name, sorted.</summary>
    internal static string WordsOf(string name) =>
        string.Join(' ', name.Split(Between, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => !Fillers.Contains(word)).Order(StringComparer.Ordinal));
}
