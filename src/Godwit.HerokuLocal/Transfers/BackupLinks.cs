using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Godwit.Faults;
using Godwit.HerokuLocal.Http;

namespace Godwit.HerokuLocal.Transfers;

/// <summary>Signed and expiring for everybody, unsigned only for heroku-local's own restores.</summary>
internal sealed class BackupLinks(LocalFiles files, Secret signingKey, TimeProvider clock)
{
    // As for Heroku's public URLs.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(60);

    /// <summary>Starts backups' URLs; set once the server listens.</summary>
    public string BaseUrl { get; set; } = "";

    public string FileOf(Guid transfer) => Path.Combine(files.Backups, $"{transfer}.dump");

    public string Plain(Guid transfer) => $"{BaseUrl}{Gate.FilesPath}/{transfer}";

    public (string Url, DateTimeOffset ExpiresAt) Sign(Guid transfer)
    {
        var expiresAt = clock.GetUtcNow() + Lifetime;
        var expires = expiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return ($"{Plain(transfer)}?expires={expires}&signature={Signature(transfer, expires)}", expiresAt);
    }

    public bool IsValid(Guid transfer, string expires, Secret signature) =>
        long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
        && clock.GetUtcNow().ToUnixTimeSeconds() < until
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Signature(transfer, expires)),
            Encoding.UTF8.GetBytes(signature.Reveal()));

    /// <summary>The file of our own unsigned URL, also from an earlier port; null: any other URL.</summary>
    public string? Own(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.IsLoopback && parsed.Query.Length == 0
        && parsed.AbsolutePath.StartsWith(Gate.FilesPath + "/", StringComparison.Ordinal)
        && Guid.TryParse(parsed.AbsolutePath[(Gate.FilesPath.Length + 1)..], out var transfer)
        && File.Exists(FileOf(transfer))
            ? FileOf(transfer)
            : null;

    private string Signature(Guid transfer, string expires) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(signingKey.Reveal()),
            Encoding.ASCII.GetBytes($"{transfer}\n{expires}")));
}
