using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Godwit.Storage.AzureBlob;

/// <summary>Names of the blocks of one upload. Whoever uploads to the same blob shares one heap of blocks with us, so
/// each name says whose it is.</summary>
internal sealed class BlockIds
{
    private const string Maker = "godwit";
    private const int UploadBytes = 6;

    /// <summary>Of the plain text: all names in one blob must be equally long.</summary>
    private const int Length = 24;

    /// <summary>Of this upload, and of no other.</summary>
    public string Upload { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(UploadBytes));

    /// <param name="number">From 1, below 100,000.</param>
    public string Of(int number) => Convert.ToBase64String(Encoding.ASCII.GetBytes(
        $"{Maker}{Upload}-{number.ToString("D5", CultureInfo.InvariantCulture)}"));

    /// <summary>The upload a block belongs to; empty when another program made it.</summary>
    public static string UploadOf(string id)
    {
        var bytes = new byte[id.Length];
        if (!Convert.TryFromBase64String(id, bytes, out var length) || length != Length)
            return "";
        var text = Encoding.ASCII.GetString(bytes, 0, length);
        return text.StartsWith(Maker, StringComparison.Ordinal)
            ? text[Maker.Length..(Maker.Length + (2 * UploadBytes))] : "";
    }
}
