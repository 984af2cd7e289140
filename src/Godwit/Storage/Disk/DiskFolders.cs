namespace Godwit.Storage.Disk;

/// <summary>Folders come with the first object in them and go with the last: a store has objects, not
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

        // The mode given to CreateDirectory is that of the last folder only, so each is made on its own.
        if (Path.GetDirectoryName(folder) is { } parent)
            Make(parent);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Does something in a folder that is made for it. Another upload may take the folder away as empty in
    /// between: then once more.</summary>
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
            // Another upload put something into it meanwhile: then it shall stay.
            return false;
        }
    }
}
