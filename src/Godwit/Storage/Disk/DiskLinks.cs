using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Godwit.Faults;

namespace Godwit.Storage.Disk;

/// <summary>Signs links to single objects and judges those that come back. The key is random and lives as long as this
/// process: a link cannot outlive the run that made it, and there is no key to keep secret on disk.</summary>
public sealed class DiskLinks
{
    /// <summary>First segment of every link's path.</summary>
    public const string Path = "objects";

    private const int SecretBytes = 32;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(SecretBytes);
    private readonly Func<string, string?> _fileOf;
    private readonly TimeProvider _clock;

    /// <param name="fileOf">The file that holds a key's object, or null when there is none.</param>
    internal DiskLinks(Func<string, string?> fileOf, TimeProvider clock)
    {
        _fileOf = fileOf;
        _clock = clock;
    }

    /// <summary>Path and query, relative to the host's address. Expiry is cut to whole seconds, so it is never later
    /// than asked.</summary>
    internal string Sign(string key, DateTimeOffset expiresAt)
    {
        var expires = expiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var escaped = string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        return $"{Path}/{escaped}?expires={expires}&signature={Base64Url.EncodeToString(Mac("GET", key, expires))}";
    }

    /// <summary>The signature is looked at before anything else: whoever has none learns neither what exists nor what
    /// has expired.</summary>
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

    // None of the three can hold a line break (keys with control characters are refused), so no two triples sign alike.
    private byte[] Mac(string method, string key, string expires) =>
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{method}\n{key}\n{expires}"));
}

public enum LinkVerdict
{
    /// <summary>No, a wrong, a changed or an expired signature.</summary>
    Refused,

    /// <summary>Rightly signed; the object is gone.</summary>
    Missing,

    Serve,
}

/// <param name="File">Set when the verdict is to serve.</param>
public sealed record LinkAnswer(LinkVerdict Verdict, string? File);
