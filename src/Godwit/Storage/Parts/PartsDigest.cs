using System.Globalization;
using System.Security.Cryptography;

namespace Godwit.Storage.Parts;

#pragma warning disable CA5351 // MD5 is what the services check; it guards against accidents, not against people.
/// <summary>The checksum of an object by its parts, as S3 keeps it: the MD5 of the parts' MD5s, a hyphen, and how many
/// there are; of an object that went up in one piece just its MD5. Parts may be added in any order.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html</remarks>
internal sealed class PartsDigest
{
    private readonly SortedDictionary<int, byte[]> _parts = [];

    // 900 MB/s on one core of a machine where a dump makes 50 MB/s: a twentieth of a core, and on services that do not
    // check the signature's own hash the only proof that a part arrived as it was sent.
    public static byte[] Of(ReadOnlySpan<byte> content) => MD5.HashData(content);

    public void Add(int number, byte[] md5) => _parts[number] = md5;

    /// <param name="isWhole">It went up in one piece.</param>
    public string ToText(bool isWhole)
    {
        if (isWhole)
            return Convert.ToHexStringLower(_parts.Values.Single());
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var part in _parts.Values)
            all.AppendData(part);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Convert.ToHexStringLower(all.GetHashAndReset())}-{_parts.Count}");
    }
}
