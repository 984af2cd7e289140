using System.Security.Cryptography;
using System.Text;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>Signs for a storage account: the account key or a user delegation key. Does not print itself.</summary>
internal sealed class AccountKey
{
    private readonly byte[] _key;

    private AccountKey(string account, byte[] key) => (Account, _key) = (account, key);

    public string Account { get; }

    /// <param name="origin">The key's variable, for the fault.</param>
    /// <exception cref="FaultException">The key is not Base64.</exception>
    public static AccountKey Read(string account, Secret key, string origin)
    {
        var text = key.Reveal();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length > 0
            ? new(account, bytes[..length])
            : throw new FaultException(AzureBlobFaults.KeyMalformed(account, origin));
    }

    public string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));

    public override string ToString() => "***";
}
