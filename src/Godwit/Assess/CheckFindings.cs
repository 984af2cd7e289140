namespace Godwit.Assess;

internal static class CheckFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.unchecked"];

    public static Finding Unchecked(string check, string why, string remedy) => new("assess.unchecked", Severity.Blocker,
        What: $"Could not check: {check}",
        Why: why,
        Remedy: remedy);
}
