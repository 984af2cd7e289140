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
}

/// <summary>An object that was left out or rewritten.</summary>
/// <param name="Class">As <see cref="ObjectVerdict.Class"/> has it; null: nobody wrote it down.</param>
/// <param name="Name">Its name with its schema and its table, in whatever order and quoting.</param>
/// <param name="Because">A clause.</param>
public sealed record ExpectedObject(string? Class, string Name, string Because)
{
    /// <summary>pg_dump has a table before what belongs to it and no ON between, and writes a user mapping as its statement.</summary>
    private static readonly HashSet<string> Fillers = ["on", "USER", "MAPPING", "SERVER", "for"];

    private static readonly char[] Between = [' ', '.', ',', '(', ')', '"', '\n'];

    internal string Words { get; } = WordsOf(Name);

    /// <summary>The names a name is made of, in one order.</summary>
    internal static string WordsOf(string name) =>
        string.Join(' ', name.Split(Between, StringSplitOptions.RemoveEmptyEntries).Where(word => !Fillers.Contains(word)).Order(StringComparer.Ordinal));
}
