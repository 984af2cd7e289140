using Godwit.Proof;

namespace Godwit.Verify;

/// <summary>The levels as they are typed, and kept with a run.</summary>
public static class VerifyLevels
{
    public const string Unsaid = "checksums";

    public static IReadOnlyList<string> Names { get; } = ["counts", Unsaid, "rows"];

    public static VerifyLevel Of(string name) => name switch
    {
        "counts" => VerifyLevel.Counts,
        "rows" => VerifyLevel.Rows,
        _ => VerifyLevel.Checksums,
    };
}
