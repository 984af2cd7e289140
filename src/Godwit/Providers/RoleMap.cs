namespace Godwit.Providers;

/// <summary>Replaces roles of the source by roles of the target: <c>--map-role OLD=NEW</c>.</summary>
/// <param name="Pairs">By the old role's name, not quoted.</param>
public sealed record RoleMap(IReadOnlyDictionary<string, string> Pairs)
{
    public const string Public = "PUBLIC";

    /// <summary>The role that restores, and owns what it restores.</summary>
    public const string CurrentUser = "CURRENT_USER";

    /// <summary>Placeholder for NEW in suggested flags; refused if not replaced.</summary>
    public const string ToFillIn = "…";

    // SQL keywords in place of a role's name.
    private static readonly string[] Words = [Public, CurrentUser];

    public static RoleMap None { get; } = new(new Dictionary<string, string>());

    /// <summary>Null: not mapped.</summary>
    public string? Find(string role) => Pairs.GetValueOrDefault(role);

    public static bool IsWord(string name) => Words.Contains(name, StringComparer.Ordinal);

    /// <param name="texts"><c>OLD=NEW</c>. NEW may be PUBLIC or CURRENT_USER, in any letter case.</param>
    /// <param name="wrong">Pairs that cannot be read, as typed.</param>
    public static RoleMap Parse(IEnumerable<string> texts, out IReadOnlyList<string> wrong)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        var unread = new List<string>();
        foreach (var text in texts)
        {
            // Names that contain '=' cannot be mapped.
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || at == text.Length - 1 || text[(at + 1)..] == ToFillIn
                || !pairs.TryAdd(text[..at], Meant(text[(at + 1)..])))
                unread.Add(text);
        }

        wrong = unread;
        return new(pairs);
    }

    private static string Meant(string name) =>
        Array.Find(Words, word => word.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
}
