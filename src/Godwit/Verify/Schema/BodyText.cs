using System.Text.RegularExpressions;

namespace Godwit.Verify.Schema;

/// <summary>A function's body, compared as it was written.</summary>
internal static class BodyText
{
    /// <summary>Renames schemas before a dot to their names on the other side.</summary>
    public static string Moved(string body, IReadOnlyDictionary<string, string> schemas)
    {
        foreach (var (name, other) in schemas)
            body = Regex.Replace(body, $"""(?<![\w$".])(?:"{Regex.Escape(name)}"|{Regex.Escape(name)})(?=\s*\.)""",
                other, RegexOptions.CultureInvariant);
        return body;
    }
}
