using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>The value of <c>godwit dump --to</c>.</summary>
public abstract record DumpDestination
{
    // Linux keeps ordinary files of this folder in memory. https://man7.org/linux/man-pages/man7/shm_overview.7.html
    private const string MemoryFolder = "/dev/shm/";

    private DumpDestination()
    {
    }

    /// <param name="text"><c>-</c>, an object in a store (<c>s3://bucket/prefix/name</c>, <c>disk:FOLDER/name</c>), or
    /// the path of a file.</param>
    /// <exception cref="FaultException">The text names no object or file, or a store without an adapter.</exception>
    public static DumpDestination Parse(string text)
    {
        if (text == "-")
            return new Pipe();
        if (!IsAddress(text))
            return ParseFile(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (!StoreAddress.IsOne(text))
            throw new FaultException(DumpFaults.NoPlace(text[..colon]));
        return text.StartsWith("disk:", StringComparison.OrdinalIgnoreCase)
            ? ParseDisk(text, colon) : ParseObject(text);
    }

    /// <summary>True for a store, false for a file. A file whose name looks like an address can be given as
    /// ./name:of:it.</summary>
    public static bool IsAddress(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
        && text[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c == '+');

    private static InStore ParseDisk(string text, int colon)
    {
        var slash = text.LastIndexOf('/');
        var name = text[(Math.Max(slash, colon) + 1)..];
        if (name.Length == 0)
        {
            StoreAddress.Parse(text);
            throw new FaultException(DumpFaults.NoName(text));
        }

        return new InStore(
            StoreAddress.Parse(slash < 0 ? "disk:." : slash == colon + 1 ? text[..(slash + 1)] : text[..slash]), name);
    }

    // Only the address knows whether a bucket has one name or two.
    private static InStore ParseObject(string text)
    {
        var whole = StoreAddress.Parse(text);
        var slash = text.LastIndexOf('/');
        try
        {
            if (slash < text.Length - 1)
                return new InStore(StoreAddress.Parse(text[..slash]), text[(slash + 1)..]);
        }
        catch (FaultException)
        {
            // The last name is the bucket itself.
        }

        throw new FaultException(DumpFaults.NoName(whole.ToString()));
    }

    private static InFile ParseFile(string text)
    {
        var path = text.Length == 0
            || text.Any(char.IsControl) ? throw new FaultException(DumpFaults.NoName(text)) : Path.GetFullPath(text);
        if (text.EndsWith(Path.DirectorySeparatorChar) || Directory.Exists(path))
            throw new FaultException(DumpFaults.NotAFile(path, "it is a folder"));
        // A dump is renamed into its place, which would replace a device by a file.
        if (IsBelow("/dev/") && !IsBelow(MemoryFolder) || IsBelow("/proc/"))
            throw new FaultException(DumpFaults.NotAFile(path, "it is a device"));
        return new InFile(path);

        bool IsBelow(string folder) => path.StartsWith(folder, StringComparison.Ordinal);
    }

    /// <summary>Standard output.</summary>
    public sealed record Pipe : DumpDestination;

    /// <param name="Path">Absolute.</param>
    public sealed record InFile(string Path) : DumpDestination;

    public sealed record InStore(StoreAddress Store, string Key) : DumpDestination
    {
        /// <summary>Checked before writing: the store would notice only when the finished dump is renamed.</summary>
        public InStore RequireNoFolder() =>
            Store is StoreAddress.Disk disk && Path.Combine(disk.Folder, Key) is var path && Directory.Exists(path)
                ? throw new FaultException(DumpFaults.NotAFile(path, "it is a folder")) : this;
    }
}
