namespace Godwit.Providers;

/// <summary>What becomes of an extension of the source.</summary>
public enum ExtensionFate
{
    /// <summary>It goes along. As long as no target was asked, that is what we expect.</summary>
    Stays,

    /// <summary>The target will not have it, and nothing in the database needs it.</summary>
    LeftOut,

    /// <summary>The target will not have it, and something in the database needs it.</summary>
    Needed,
}

/// <param name="Oid">At the source.</param>
/// <param name="Schema">Where its objects are.</param>
/// <param name="Why">A clause: why the target will not have it; empty when it stays.</param>
/// <param name="NeededBy">What needs it, first of all other extensions: <c>table column public.orders.place</c>. The
/// first few.</param>
/// <param name="NeededByCount">All of them.</param>
/// <param name="TargetVersion">What the target would install; null when it does not offer it, or was not asked.</param>
public sealed record ExtensionVerdict(
    uint Oid, string Name, string Version, string Schema, ExtensionFate Fate, string Why,
    IReadOnlyList<string> NeededBy, long NeededByCount, string? TargetVersion)
{
    /// <summary>The target would let its owner create it, and its server does not have it.</summary>
    public bool IsNotInstalled { get; init; }

    /// <summary>It exists nowhere but at the source's provider.</summary>
    public bool IsProvidersOwn { get; init; }
}
