using Godwit.Copy.Definitions;
using Godwit.Extract;

namespace Godwit.Copy;

/// <summary>Defaults are set only here, in <see cref="ExtractOptions"/> and in <see cref="FillOptions"/>.</summary>
public sealed record CopyOptions : ExtractOptions
{
    public FillOptions Fill { get; init; } = new();

    /// <summary>True: the target's tables exist, and only rows, sequence values and large objects are copied. False:
    /// everything is created.</summary>
    public bool HasRowsAlone { get; init; }

    /// <summary>Nobody can have written to this database since the copy began, even if other databases of the server
    /// changed.</summary>
    public bool IsFrozen { get; init; }

    internal CopiedParts CopiedParts =>
        HasRowsAlone ? CopiedParts.Rows : HasRows ? CopiedParts.Both : CopiedParts.Definitions;
}
