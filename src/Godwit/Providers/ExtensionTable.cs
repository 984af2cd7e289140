namespace Godwit.Providers;

/// <summary>What happens to the user's rows in an extension's own table.</summary>
public enum OwnRows
{
    /// <summary>No rows of the user, or the target's extension has the same ones.</summary>
    None,

    /// <summary>The target accepts them.</summary>
    Brought,

    /// <summary>The target accepts some or none of them.</summary>
    Refused,

    NotAsked,
}

/// <summary>A table or sequence of an extension. It may hold rows of the user, which dumps include.</summary>
/// <param name="Name">Without its schema.</param>
/// <param name="Title">Qualified and quoted.</param>
/// <param name="Condition">Selects the user's rows: <c>WHERE …</c>; empty: all rows.</param>
/// <param name="Key">Quoted columns of the primary key; empty: none.</param>
/// <param name="MayRead">The role may read all rows.</param>
public sealed record ExtensionTable(
    string Extension, string ExtensionSchema, string Schema, string Name, string Title, bool IsSequence,
    string Condition,
    string Key, bool MayRead)
{
    /// <summary>Rows of the user. 1 for a used sequence; 0 if the role may not read.</summary>
    public long Rows { get; init; }

    public OwnRows Fate { get; init; }

    /// <summary>A clause: why the rows are left out, or why no target was asked.</summary>
    public string Why { get; init; } = "";

    /// <summary>Keys of the user's first rows, as SQL literals of <c>ROW(…)::text</c>.</summary>
    public IReadOnlyList<string> FirstKeys { get; init; } = [];
}
