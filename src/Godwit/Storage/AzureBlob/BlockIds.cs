using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Godwit.Storage.AzureBlob;

/// <summary>Names the blocks of one upload. All uploads to a blob share one set of uncommitted blocks, so each name
/// holds its upload's id.</summary>
internal sealed class BlockIds
{
    private const string Maker = "godwit";
    private const int UploadBytes = 6;

    // Characters before Base64: all block names of a blob must have the same length.
    private const int Length = 24;

    public string Upload { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(UploadBytes));

    /// <param name="number">From 1, below 100,000.</param>
    public string Of(int number) => Convert.ToBase64String(Encoding.ASCII.GetBytes(
        $"{Maker}{Upload}-{number.ToString("D5", CultureInfo.InvariantCulture)}"));

    /// <summary>Empty: another program made the block.</summary>
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
