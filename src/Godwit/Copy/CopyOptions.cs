using Godwit.Copy.Definitions;
using Godwit.Extract;

namespace Godwit.Copy;

/// <summary>What of a source is copied, and how. The defaults are here, in <see cref="ExtractOptions"/> and
/// <see cref="FillOptions"/>, and nowhere else.</summary>
public sealed record CopyOptions : ExtractOptions
{
    public FillOptions Fill { get; init; } = new();

    /// <summary>The target has the tables already, and gets their rows alone, the values of sequences, and large
    /// objects. False: they are made.</summary>
    public bool HasRowsAlone { get; init; }

    /// <summary>Nobody can have written to the source since the copy began, whatever other databases of its server
    /// did.</summary>
    public bool IsFrozen { get; init; }

    internal Halves Halves => HasRowsAlone ? Halves.Rows : HasRows ? Halves.Both : Halves.Definitions;
}
