namespace Godwit.Providers;

/// <summary>What becomes of the rows that a dump has of an extension's own table.</summary>
public enum OwnRows
{
    /// <summary>The table holds nothing but what the extension brings itself.</summary>
    None,

    /// <summary>The user's rows go along, and the target takes them.</summary>
    Brought,

    /// <summary>The target takes none of them, or not all.</summary>
    Refused,

    /// <summary>Nobody could be asked whether the target takes them.</summary>
    NotAsked,
}

/// <summary>A table, or a sequence, that an extension has made and of which it lets a dump have the user's
/// rows.</summary>
/// <param name="Name">Without its schema.</param>
/// <param name="Title">Quoted and qualified.</param>
/// <param name="Condition">Which rows are the user's, as <c>WHERE …</c>; empty for all.</param>
/// <param name="Key">The columns of the primary key, quoted; empty: it has none.</param>
/// <param name="MayRead">Whether the role may read all of its rows.</param>
public sealed record ExtensionTable(
    string Extension, string ExtensionSchema, string Schema, string Name, string Title, bool IsSequence,
    string Condition,
    string Key, bool MayRead)
{
    /// <summary>Of the user's own. 1 for a sequence that was used; 0 where the role may not look.</summary>
    public long Rows { get; init; }

    public OwnRows Fate { get; init; }

    /// <summary>A clause: why the rows are left out, or why nobody could be asked.</summary>
    public string Why { get; init; } = "";

    /// <summary>Of rows that are the user's, the keys of the first few, as SQL literals of
    /// <c>ROW(…)::text</c>.</summary>
    public IReadOnlyList<string> FirstKeys { get; init; } = [];
}
