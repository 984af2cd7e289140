using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Godwit.EndToEnd.Servers;

/// <summary>Checks a link's signature with the public key, using only what arrived. Any changed letter makes the
/// signature invalid.</summary>
/// <remarks>https://cloud.google.com/storage/docs/authentication/canonical-requests</remarks>
internal static class GcsLinkJudge
{
    private static readonly TimeSpan LifeMax = TimeSpan.FromDays(7);

    /// <returns>Null: accepted.</returns>
    public static GcsFace.Refusal? Judge(HttpRequest request, string target, GcsAccount account)
    {
        var query = target[(target.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&');
        var path = target[..target.IndexOf('?', StringComparison.Ordinal)];
        var credential = request.Query["X-Goog-Credential"].ToString();
        var time = request.Query["X-Goog-Date"].ToString();
        if (request.Query["X-Goog-Algorithm"] != "GOOG4-RSA-SHA256"
            || !credential.StartsWith(account.Email + "/", StringComparison.Ordinal)
            || !DateTimeOffset.TryParseExact(time, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var signedAt)
            || !int.TryParse(request.Query["X-Goog-Expires"], NumberStyles.None, CultureInfo.InvariantCulture,
                out var seconds))
        {
            return Wrong();
        }

        var scope = credential[(account.Email.Length + 1)..];
        var names = request.Query["X-Goog-SignedHeaders"].ToString();
        if (scope != $"{time[..8]}/auto/storage/goog4_request" || names != "host")
            return Wrong();
        var canonical = string.Join('&', query.Where(one =>
            !one.StartsWith("X-Goog-Signature=", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var what = $"{request.Method}\n{path}\n{canonical}\nhost:{request.Host.Host}\n\n{names}\nUNSIGNED-PAYLOAD";
        var signed = $"GOOG4-RSA-SHA256\n{time}\n{scope}\n"
            + $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))}";
        if (!IsHex(request.Query["X-Goog-Signature"].ToString(), out var signature)
            || !account.Verify(Encoding.UTF8.GetBytes(signed), signature))
            return Wrong();
        var now = TimeProvider.System.GetUtcNow();
        if (TimeSpan.FromSeconds(seconds) > LifeMax)
            return new(HttpStatusCode.BadRequest, "AuthenticationQueryParametersError",
                "X-Goog-Expires must be less than a week.");
        return now >= signedAt + TimeSpan.FromSeconds(seconds) || now < signedAt - TimeSpan.FromMinutes(15)
            ? new(HttpStatusCode.Forbidden, "AccessDenied", "The link has expired, or is not valid yet.")
            : null;
    }

    private static GcsFace.Refusal Wrong() => new(HttpStatusCode.Forbidden, "SignatureDoesNotMatch", "Access denied.");

    private static bool IsHex(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigitLower))
            return false;
        bytes = Convert.FromHexString(text);
        return true;
    }
}
