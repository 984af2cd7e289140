namespace Godwit.Providers;

/// <summary>Roles of the source and what stands in their place at the target, as in <c>--map-role
/// OLD=NEW</c>.</summary>
/// <param name="Pairs">By the name of the old role, not quoted.</param>
public sealed record RoleMap(IReadOnlyDictionary<string, string> Pairs)
{
    public const string Public = "PUBLIC";

    /// <summary>Who restores, and owns what is restored.</summary>
    public const string CurrentUser = "CURRENT_USER";

    /// <summary>Stands for NEW in a flag that is to be filled in; left as it is, it is refused.</summary>
    public const string ToFillIn = "…";

    /// <summary>Words that mean a role and are none.</summary>
    private static readonly string[] Words = [Public, CurrentUser];

    public static RoleMap None { get; } = new(new Dictionary<string, string>());

    /// <summary>Null when there is none for it.</summary>
    public string? Find(string role) => Pairs.GetValueOrDefault(role);

    /// <summary>Whether it is one of the words that stand for a role everywhere.</summary>
    public static bool IsWord(string name) => Words.Contains(name, StringComparer.Ordinal);

    /// <param name="texts"><c>OLD=NEW</c>. NEW may be PUBLIC or CURRENT_USER, in any case.</param>
    /// <param name="wrong">What cannot be read, as it was typed; empty when all is well.</param>
    public static RoleMap Parse(IEnumerable<string> texts, out IReadOnlyList<string> wrong)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        var unread = new List<string>();
        foreach (var text in texts)
        {
            // A role's name may hold an equals sign; that one is the last resort of nobody.
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
