using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Godwit.Faults;

namespace Godwit.Storage.Disk;

/// <summary>Signs and checks links to single objects. The key is random and lives as long as this process, so a link
/// cannot outlive its run and no key is kept on disk.</summary>
public sealed class DiskLinks
{
    /// <summary>First segment of every link's path.</summary>
    public const string Path = "objects";

    private const int SecretBytes = 32;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(SecretBytes);
    private readonly Func<string, string?> _fileOf;
    private readonly TimeProvider _clock;

    /// <param name="fileOf">Null: no object has the key.</param>
    internal DiskLinks(Func<string, string?> fileOf, TimeProvider clock)
    {
        _fileOf = fileOf;
        _clock = clock;
    }

    /// <summary>Path and query. The expiry is rounded down to whole seconds.</summary>
    internal string Sign(string key, DateTimeOffset expiresAt)
    {
        var expires = expiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var escaped = string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        return $"{Path}/{escaped}?expires={expires}&signature={Base64Url.EncodeToString(Mac("GET", key, expires))}";
    }

    /// <summary>Checks the signature first: a caller without one learns neither what exists nor what has
    /// expired.</summary>
    public LinkAnswer Judge(string method, string key, string? expires, Secret? signature)
    {
        if (expires is null || signature is null || !Base64Url.IsValid(signature.Reveal(), out var bytes)
            || bytes != HMACSHA256.HashSizeInBytes)
            return new LinkAnswer(LinkVerdict.Refused, null);
        if (!CryptographicOperations.FixedTimeEquals(Mac(method, key, expires),
            Base64Url.DecodeFromChars(signature.Reveal())))
            return new LinkAnswer(LinkVerdict.Refused, null);
        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || _clock.GetUtcNow().ToUnixTimeSeconds() >= seconds)
            return new LinkAnswer(LinkVerdict.Refused, null);
        return _fileOf(key) is { } file ? new LinkAnswer(LinkVerdict.Serve,
            file) : new LinkAnswer(LinkVerdict.Missing, null);
    }

    // None of the three can hold a line break (keys with control characters are refused), so each triple has its own
    // text.
    private byte[] Mac(string method, string key, string expires) =>
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{method}\n{key}\n{expires}"));
}

public enum LinkVerdict
{
    /// <summary>The signature is missing, wrong, changed or expired.</summary>
    Refused,

    /// <summary>The signature is valid, but the object is gone.</summary>
    Missing,

    Serve,
}

/// <param name="File">Set when the verdict is <see cref="LinkVerdict.Serve"/>.</param>
public sealed record LinkAnswer(LinkVerdict Verdict, string? File);
