using System.Text;
using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>Allows only keys that every store can keep unchanged. Keys that one service rewrites ("..", an empty
/// segment) or cannot list (a control character) are refused before anything is sent.</summary>
internal static class ObjectKey
{
    /// <summary>Bytes of UTF-8 including the store's prefix: the limit of S3.
    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html</summary>
    public const int BytesMax = 1024;

    /// <exception cref="FaultException"><c>storage.bad_key</c>.</exception>
    public static void Check(string key)
    {
        if (Problem(key) is { } problem)
            throw new FaultException(StorageFaults.BadKey(key, problem));
    }

    private static string? Problem(string key)
    {
        if (key.Length == 0)
            return "it is empty";
        if (key.Any(char.IsControl))
            return "it holds a control character";
        // Azure Blob Storage turns backslashes into slashes.
        if (key.Contains('\\', StringComparison.Ordinal))
            return "it holds a backslash";
        if (Encoding.UTF8.GetByteCount(key) > BytesMax)
            return $"it is longer than {BytesMax} bytes";
        foreach (var segment in key.Split('/'))
        {
            if (segment.Length == 0)
                return "it has a slash at its start, at its end, or two in a row";
            if (segment is "." or "..")
                return "it has '.' or '..' between slashes";
        }

        return null;
    }
}
