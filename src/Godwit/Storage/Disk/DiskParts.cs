using System.Security.Cryptography;
using System.Text;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.Disk;

/// <summary>The files of unfinished uploads, in a folder of their own on the objects' file system: a long key needs no
/// longer file name, and the rename is atomic.</summary>
internal sealed class DiskParts(string storeFolder)
{
    private const string FolderName = ".godwit-parts";

    private const int IdBytes = 8;

    private readonly string _folder = Path.Combine(storeFolder, FolderName);

    /// <summary>Whether a file in the store's folder is an unfinished upload and not an object.</summary>
    public static bool Holds(string key) => key.StartsWith(FolderName + "/", StringComparison.Ordinal);

    /// <summary>A path that no other upload uses; it starts with a hash of the key.</summary>
    public string New(string key) =>
        Path.Combine(_folder, $"{NameOf(key)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes))}");

    public static FileStream Create(string part)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return DiskFolders.In(Path.GetDirectoryName(part)!, () => new FileStream(part, options));
    }

    public static void Remove(string part)
    {
        try
        {
            File.Delete(part);
            DiskFolders.RemoveIfEmpty(Path.GetDirectoryName(part)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The caller reports the first error; RemoveAbandoned finds what is left.
        }
    }

    public int RemoveAbandoned(string key)
    {
        if (!Directory.Exists(_folder))
            return 0;
        var abandoned = Directory.GetFiles(_folder, NameOf(key) + "-*").Where(IsAbandoned).ToList();
        abandoned.ForEach(File.Delete);
        DiskFolders.RemoveIfEmpty(_folder);
        return abandoned.Count;
    }

    public void RemoveAbandoned(UnfinishedUpload upload)
    {
        var part = Path.Combine(_folder, Path.GetFileName(upload.Key));
        if (!File.Exists(part) || !IsAbandoned(part))
            return;
        File.Delete(part);
        DiskFolders.RemoveIfEmpty(_folder);
    }

    /// <summary>The returned keys are file names: they start with a hash, from which the object's key cannot be
    /// derived.</summary>
    public IReadOnlyList<UnfinishedUpload> FindAbandoned() => !Directory.Exists(_folder) ? []
        : [.. Directory.GetFiles(_folder).Where(IsAbandoned)
            .Select(file => new UnfinishedUpload(Path.GetFileName(file), File.GetLastWriteTimeUtc(file))
            {
                SizeBytes = new FileInfo(file).Length,
            })];

    // FileShare.None locks a file while a process has it open; the lock ends with the process.
    private static bool IsAbandoned(string part)
    {
        try
        {
            using var file = new FileStream(part, FileMode.Open, FileAccess.Write, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string NameOf(string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, IdBytes));
}
