namespace Godwit.Storage.Disk;

/// <summary>Creates folders with their first object and removes them with the last: a store has objects, not
/// folders.</summary>
internal static class DiskFolders
{
    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows() || Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            return;
        }

        // CreateDirectory applies the mode to the last folder only, so each folder is made on its own.
        if (Path.GetDirectoryName(folder) is { } parent)
            Make(parent);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Runs the action in the folder, which is made first. If another upload removes the empty folder in
    /// between, tries once more.</summary>
    public static T In<T>(string folder, Func<T> action)
    {
        Make(folder);
        try
        {
            return action();
        }
        catch (DirectoryNotFoundException)
        {
            Make(folder);
            return action();
        }
    }

    public static bool RemoveIfEmpty(string folder)
    {
        try
        {
            if (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any())
                return false;
            Directory.Delete(folder);
            return true;
        }
        catch (IOException)
        {
            // Another upload has put a file into the folder, so it stays.
            return false;
        }
    }
}
