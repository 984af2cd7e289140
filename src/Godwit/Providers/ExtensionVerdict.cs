namespace Godwit.Providers;

public enum ExtensionFate
{
    /// <summary>The target gets it. Without a target, this is an assumption.</summary>
    Stays,

    /// <summary>The target lacks it; nothing in the database needs it.</summary>
    LeftOut,

    /// <summary>The target lacks it; something in the database needs it.</summary>
    Needed,
}

/// <param name="Oid">At the source.</param>
/// <param name="Schema">Of its objects.</param>
/// <param name="Why">A clause: why the target lacks it; empty: the target gets it.</param>
/// <param name="NeededBy">The first objects that need it, extensions first: <c>table column
/// public.orders.place</c>.</param>
/// <param name="NeededByCount">All such objects.</param>
/// <param name="TargetVersion">What the target would install; null: not offered or not asked.</param>
public sealed record ExtensionVerdict(
    uint Oid, string Name, string Version, string Schema, ExtensionFate Fate, string Why,
    IReadOnlyList<string> NeededBy, long NeededByCount, string? TargetVersion)
{
    /// <summary>The target allows it, but its server lacks the files.</summary>
    public bool IsNotInstalled { get; init; }

    /// <summary>Only the source's provider has it.</summary>
    public bool IsProvidersOwn { get; init; }
}
