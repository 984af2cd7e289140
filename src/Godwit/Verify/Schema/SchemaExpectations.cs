using Godwit.Proof;

namespace Godwit.Verify.Schema;

/// <summary>What is different on purpose, as those know who made the copy.</summary>
public sealed record SchemaExpectations
{
    public static SchemaExpectations None { get; } = new();

    /// <summary>Objects that were not carried over as they were.</summary>
    public IReadOnlyList<ExpectedObject> Objects { get; init; } = [];

    /// <summary>Classes of which nothing was carried over, each with the reason, a clause.</summary>
    public IReadOnlyDictionary<string, string> Classes { get; init; } = new Dictionary<string, string>();

    /// <summary>Schemas of the source whose contents are in another one at the target.</summary>
    public IReadOnlyDictionary<string, string> Schemas { get; init; } = new Dictionary<string, string>();

    /// <summary>A table that is not there because it was left out is expected to be missing; one that is there has to
    /// be equal, unless its rows alone were left out.</summary>
    /// <param name="withExtensions">Tables of extensions that are expected to be missing, each with the reason.</param>
    internal TableVerdict Judged(TableVerdict table, IReadOnlyDictionary<string, string> withExtensions)
    {
        if (table.Outcome is not (Outcome.Different or Outcome.NotCompared))
            return table;
        // Where nothing of the source was to be brought, there is nothing to be read either.
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

/// <summary>An object that was left out or rewritten.</summary>
/// <param name="Class">As <see cref="ObjectVerdict.Class"/> has it; null: nobody wrote it down.</param>
/// <param name="Name">Its name with its schema and its table, in whatever order and quoting.</param>
/// <param name="Because">A clause.</param>
public sealed record ExpectedObject(string? Class, string Name, string Because)
{
    /// <summary>pg_dump has a table before what belongs to it and no ON between, and writes a user mapping as its
    /// statement.</summary>
    private static readonly HashSet<string> Fillers = ["on", "USER", "MAPPING", "SERVER", "for"];

    private static readonly char[] Between = [' ', '.', ',', '(', ')', '"', '\n'];

    /// <summary>The table is there, without these rows of the source.</summary>
    public bool IsOfRows { get; init; }

    /// <summary>The table is an extension's, and the source has no rows of the user's in it.</summary>
    public bool IsOfNoRows { get; init; }

    internal string Words { get; } = WordsOf(Name);

    /// <summary>The names a name is made of, in one order.</summary>
    internal static string WordsOf(string name) =>
        string.Join(' ', name.Split(Between, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => !Fillers.Contains(word)).Order(StringComparer.Ordinal));
}
