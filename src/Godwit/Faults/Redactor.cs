using System.Text.RegularExpressions;

namespace Godwit.Faults;

/// <summary>Takes secrets out of text that another program wrote (stderr of pg_dump, an HTTP body, a driver's message)
/// before it becomes part of a fault, an event or a report.</summary>
public static partial class Redactor
{
    private const string Mask = "***";

    // user:password@ in any URL, X-Amz-… / sig= / token query values, and libpq's password=… keyword.
    // And what an Azure connection string holds.
    // To the last @ of the word: a password with an unescaped @ or / in it must not leave its second half behind.
    [GeneratedRegex(@"(?<=://[^\s/:@]*:)[^\s'""]+(?=@)", RegexOptions.CultureInvariant)]
    private static partial Regex UrlPassword();

    [GeneratedRegex(@"(?<=[?&](X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential|X-Goog-Signature|X-Goog-Credential|Signature|AWSAccessKeyId|sig|signature|token)=)[^&\s'""]+",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex QuerySecret();

    [GeneratedRegex(@"(?<=\b((password|passfile|AccountKey|SharedAccessSignature)\s*=\s*|Authorization:\s*(Bearer|Basic)\s+))(""[^""]*""|'[^']*'|[^\s;]+)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex KeywordSecret();

    // A token of Google says by its beginning what it is. https://cloud.google.com/docs/authentication/token-types
    [GeneratedRegex(@"\bya29\.[\w.-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Token();

    /// <param name="known">Values that must not survive in any form; empty ones and those under four characters are skipped,
    /// because masking them would shred the text and reveal nothing less.</param>
    public static string Clean(string text, params IEnumerable<Secret?> known)
    {
        foreach (var secret in known)
        {
            if (secret is null || secret.Reveal().Length < 4)
                continue;
            text = text.Replace(secret.Reveal(), Mask, StringComparison.Ordinal)
                .Replace(Uri.EscapeDataString(secret.Reveal()), Mask, StringComparison.Ordinal);
        }

        text = UrlPassword().Replace(text, Mask);
        text = QuerySecret().Replace(text, Mask);
        text = Token().Replace(text, Mask);
        return KeywordSecret().Replace(text, Mask);
    }
}
