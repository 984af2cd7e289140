using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Godwit.Storage.Gcs;

/// <summary>Signs links that read one object, with a service account's key (GOOG4-RSA-SHA256).</summary>
/// <remarks>https://cloud.google.com/storage/docs/authentication/signatures and /canonical-requests</remarks>
internal static class GcsSigner
{
    /// <summary>https://cloud.google.com/storage/docs/access-control/signed-urls</summary>
    public static readonly TimeSpan LifeMax = TimeSpan.FromDays(7);

    private const string Algorithm = "GOOG4-RSA-SHA256";

    /// <param name="endpoint">Scheme and host, with a port if needed, without a path.</param>
    /// <param name="path">Not yet escaped, with its leading slash: <c>/bucket/key</c>.</param>
    public static string Sign(GcsKeyFile key, string endpoint, string path, TimeSpan lifetime, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{GcsOptions.RegionDefault}/storage/goog4_request";
        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        var seconds = (long)lifetime.TotalSeconds;
        var query = string.Create(CultureInfo.InvariantCulture,
            $"X-Goog-Algorithm={Algorithm}&X-Goog-Credential={Uri.EscapeDataString($"{key.Account}/{scope}")}"
            + $"&X-Goog-Date={time}&X-Goog-Expires={seconds}&X-Goog-SignedHeaders=host");
        // The signed host has no port, as in Google's own test vectors.
        var request = $"GET\n{escaped}\n{query}\nhost:{new Uri(endpoint).Host}\n\nhost\nUNSIGNED-PAYLOAD";
        var what = $"{Algorithm}\n{time}\n{scope}\n"
            + $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}";
        return $"{endpoint}{escaped}?{query}&"
            + $"X-Goog-Signature={Convert.ToHexStringLower(key.Sign(Encoding.UTF8.GetBytes(what)))}";
    }
}
