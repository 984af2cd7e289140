using System.Net;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Godwit.Faults;

/// <summary>Removes secrets from text of other programs (stderr of pg_dump, an HTTP body, a driver's message) before it
/// enters a fault, an event or a report.</summary>
public static partial class Redactor
{
    private const string Mask = "***";

    private const int LengthMin = 4;

    // Characters. Shorter lines of a key file are not part of the key.
    private const int LineLengthMin = 16;

    // Covers user:password@ in URLs, signatures and tokens in queries, libpq's password=… and Azure's connection
    // strings. A URL is masked up to the last @ of the word, because a password may hold an unescaped @ or /.
    [GeneratedRegex(@"(?<=://[^\s/:@]*:)[^\s'""]+(?=@)", RegexOptions.CultureInvariant)]
    private static partial Regex UrlPassword();

    [GeneratedRegex(@"(?<=[?&](X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential|X-Goog-Signature|X-Goog-Credential"
        + @"|Signature|AWSAccessKeyId|sig|signature|token)=)[^&\s'""]+",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex QuerySecret();

    [GeneratedRegex(@"(?<=\b((password|passfile|AccountKey|SharedAccessSignature)\s*=\s*"
        + @"|Authorization:\s*(Bearer|Basic)\s+))(""[^""]*""|'[^']*'|[^\s;]+)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex KeywordSecret();

    // Google's access tokens begin with ya29. https://cloud.google.com/docs/authentication/token-types
    [GeneratedRegex(@"\bya29\.[\w.-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Token();

    /// <param name="known">Values to mask in every form. Values under four characters are skipped: masking them would
    /// garble the text and protect nothing.</param>
    public static string Clean(string text, params IEnumerable<Secret?> known)
    {
        // Longest first: a secret that contains another one must be masked whole.
        var values = known.OfType<Secret>().SelectMany(secret => Parts(secret.Reveal())).SelectMany(Forms)
            .Where(value => value.Length >= LengthMin).Distinct(StringComparer.Ordinal)
            .OrderByDescending(value => value.Length);
        foreach (var value in values)
            text = text.Replace(value, Mask, StringComparison.Ordinal);
        text = UrlPassword().Replace(text, Mask);
        text = QuerySecret().Replace(text, Mask);
        text = Token().Replace(text, Mask);
        return KeywordSecret().Replace(text, Mask);
    }

    public static string CleanOfAll(string text) => Clean(text, KnownSecrets.All);

    // The value and, for a key file, each of its lines: a message may quote one line.
    private static IEnumerable<string> Parts(string value) => value.Contains('\n', StringComparison.Ordinal)
        ? value.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length >= LineLengthMin)
            .Prepend(value)
        : [value];

    // The value as is, and as escaped in URLs, queries, JSON, SQL, libpq's and the driver's connection strings.
    private static IEnumerable<string> Forms(string value) =>
    [
        value,
        Uri.EscapeDataString(value),
        WebUtility.UrlEncode(value),
        JavaScriptEncoder.Default.Encode(value),
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value),
        value.Replace("'", "''", StringComparison.Ordinal),
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal),
        value.Replace("\"", "\"\"", StringComparison.Ordinal),
    ];
}
