using System.Security.Cryptography;
using System.Text;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>Something that signs for an account: its own key, or a user delegation key. Does not print
/// itself.</summary>
internal sealed class AccountKey
{
    private readonly byte[] _key;

    private AccountKey(string account, byte[] key) => (Account, _key) = (account, key);

    public string Account { get; }

    /// <param name="origin">The variable it came from, for the fault.</param>
    /// <exception cref="FaultException">It is not in Base64, as every key is.</exception>
    public static AccountKey Read(string account, Secret key, string origin)
    {
        var text = key.Reveal();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length > 0
            ? new(account, bytes[..length])
            : throw new FaultException(AzureBlobFaults.KeyMalformed(account, origin));
    }

    /// <summary>HMAC-SHA256 in Base64.</summary>
    public string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));

    public override string ToString() => "***";
}
