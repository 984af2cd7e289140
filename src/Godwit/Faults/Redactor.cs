using System.Net;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Godwit.Faults;

/// <summary>Takes secrets out of text that another program wrote (stderr of pg_dump, an HTTP body, a driver's message)
/// before it becomes part of a fault, an event or a report.</summary>
public static partial class Redactor
{
    private const string Mask = "***";

    private const int LengthMin = 4;

    /// <summary>A shorter line of a key's file is no part of the key.</summary>
    private const int LineLengthMin = 16;

    // user:password@ in any URL, X-Amz-… / sig= / token query values, and libpq's password=… keyword.
    // And what an Azure connection string holds.
    // To the last @ of the word: a password with an unescaped @ or / in it must not leave its second half behind.
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

    // A token of Google says by its beginning what it is. https://cloud.google.com/docs/authentication/token-types
    [GeneratedRegex(@"\bya29\.[\w.-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Token();

    /// <param name="known">Values that must not survive in any form; empty ones and those under four characters are
    /// skipped, because masking them would shred the text and reveal nothing less.</param>
    public static string Clean(string text, params IEnumerable<Secret?> known)
    {
        // The longest first: a secret that is a part of another would leave the rest of that one behind.
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

    /// <summary>Without any secret that this process knows.</summary>
    public static string CleanOfAll(string text) => Clean(text, KnownSecrets.All);

    /// <summary>The value, and the lines of a key in a file: a message may quote one of them.</summary>
    private static IEnumerable<string> Parts(string value) => value.Contains('\n', StringComparison.Ordinal)
        ? value.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length >= LineLengthMin)
            .Prepend(value)
        : [value];

    /// <summary>The value as it is, in a URL, in a query, in JSON, in SQL, in a connection string of libpq and one of
    /// the driver.</summary>
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
