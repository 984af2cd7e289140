namespace Godwit.Journal;

/// <summary>How a source is kept from being written to, as typed behind <c>--freeze</c>.</summary>
public static class FreezeHow
{
    public const string ReadOnly = "read-only";

    /// <summary>Read-only, and nobody else may connect.</summary>
    public const string Revoke = "revoke";

    public const string None = "none";

    public static IReadOnlyList<string> All { get; } = [ReadOnly, Revoke, None];
}
