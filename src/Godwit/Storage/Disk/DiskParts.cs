using System.Security.Cryptography;
using System.Text;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.Disk;

/// <summary>The files of unfinished uploads. They lie in a folder of their own, so that a long key needs no longer
/// temporary name, on the same file system as the objects, so that the rename is one step.</summary>
internal sealed class DiskParts(string storeFolder)
{
    private const string FolderName = ".godwit-parts";

    private const int IdBytes = 8;

    private readonly string _folder = Path.Combine(storeFolder, FolderName);

    /// <summary>Whether what a walk of the store's folder came upon is ours and no object.</summary>
    public static bool Holds(string key) => key.StartsWith(FolderName + "/", StringComparison.Ordinal);

    /// <summary>A path no other upload uses; its beginning says which key it is for.</summary>
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
            // The failure that led here is the one to report; RemoveAbandoned finds what is left.
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

    /// <summary>Of which key each is, nobody can tell: a name is a hash.</summary>
    public IReadOnlyList<UnfinishedUpload> FindAbandoned() => !Directory.Exists(_folder) ? []
        : [.. Directory.GetFiles(_folder).Where(IsAbandoned)
            .Select(file => new UnfinishedUpload(Path.GetFileName(file), File.GetLastWriteTimeUtc(file))
            {
                SizeBytes = new FileInfo(file).Length,
            })];

    /// <summary>A file still open in a living process is locked (by FileShare.None); a killed process holds no
    /// lock.</summary>
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
