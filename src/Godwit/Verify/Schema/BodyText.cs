using System.Text.RegularExpressions;

namespace Godwit.Verify.Schema;

/// <summary>The body of a function, which is compared as it was written.</summary>
internal static class BodyText
{
    /// <summary>With the names that schemas have on the other side, wherever something stands behind their
    /// dot.</summary>
    public static string Moved(string body, IReadOnlyDictionary<string, string> schemas)
    {
        foreach (var (name, other) in schemas)
            body = Regex.Replace(body, $"""(?<![\w$".])(?:"{Regex.Escape(name)}"|{Regex.Escape(name)})(?=\s*\.)""",
                other, RegexOptions.CultureInvariant);
        return body;
    }
}
