using System.Globalization;
using System.Text;

namespace Godwit.Storage.AzureBlob;

/// <summary>Signs a request with the account's key.
/// https://learn.microsoft.com/en-us/rest/api/storageservices/authorize-with-shared-key</summary>
internal static class SharedKeySignature
{
    // Headers in signing order. Content-Length is the third; it is passed as a number.
    private static readonly string[] BeforeLength = ["Content-Encoding", "Content-Language"];

    private static readonly string[] AfterLength =
        ["Content-MD5", "Content-Type", "Date", "If-Modified-Since", "If-Match", "If-None-Match",
            "If-Unmodified-Since", "Range"];

    public static string Authorization(
        AccountKey key, string method, Uri url, IReadOnlyDictionary<string, string> headers, long contentBytes) =>
        $"SharedKey {key.Account}:{key.Sign(TextToSign(key.Account, method, url, headers, contentBytes))}";

    /// <param name="headers">All that are sent, with names in any case.</param>
    public static string TextToSign(
        string account, string method, Uri url, IReadOnlyDictionary<string, string> headers, long contentBytes)
    {
        var text = new StringBuilder(method).Append('\n');
        foreach (var name in BeforeLength)
            text.Append(headers.GetValueOrDefault(name)).Append('\n');
        // An empty body is signed as an empty length, not as 0.
        text.Append(contentBytes == 0 ? "" : contentBytes.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var name in AfterLength)
            text.Append(headers.GetValueOrDefault(name)).Append('\n');
        foreach (var (name, value) in headers
            .Select(header => (Name: header.Key.ToLowerInvariant(), header.Value))
            .Where(header => header.Name.StartsWith("x-ms-", StringComparison.Ordinal))
            .OrderBy(header => header.Name, StringComparer.Ordinal))
        {
            text.Append(name).Append(':').Append(value.Trim()).Append('\n');
        }

        // The path as sent: it repeats the account's name if the endpoint has it in its path.
        text.Append('/').Append(account).Append(url.AbsolutePath);
        foreach (var (name, value) in Query(url).OrderBy(pair => pair.Name, StringComparer.Ordinal))
            text.Append('\n').Append(name).Append(':').Append(value);
        return text.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Query(Uri url) =>
        from pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        let at = pair.IndexOf('=', StringComparison.Ordinal)
        select at < 0
            ? (Uri.UnescapeDataString(pair).ToLowerInvariant(), "")
            : (Uri.UnescapeDataString(pair[..at]).ToLowerInvariant(), Uri.UnescapeDataString(pair[(at + 1)..]));
}
