using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>What stands behind <c>godwit dump --to</c>.</summary>
public abstract record DumpDestination
{
    private DumpDestination()
    {
    }

    /// <param name="text"><c>-</c>, <c>s3://bucket/prefix/name</c>, <c>disk:FOLDER/name</c>, or the path of a file.</param>
    /// <exception cref="FaultException">It names no object, no file, or a store there is no adapter for.</exception>
    public static DumpDestination Parse(string text)
    {
        if (text == "-")
            return new Pipe();
        if (!IsAddress(text))
            return ParseFile(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (!StoreAddress.IsOne(text))
            throw new FaultException(DumpFaults.NoPlace(text[..colon]));
        var slash = text.LastIndexOf('/');
        var isDisk = text.StartsWith("disk:", StringComparison.OrdinalIgnoreCase);
        var name = text[(Math.Max(slash, colon) + 1)..];
        // Behind s3:// the first name is the bucket's.
        if (name.Length == 0 || (!isDisk && slash < colon + "://x".Length))
        {
            StoreAddress.Parse(text);
            throw new FaultException(DumpFaults.NoName(text));
        }

        var folder = isDisk && slash < 0 ? "disk:." : slash == colon + 1 ? text[..(slash + 1)] : text[..slash];
        return new InStore(StoreAddress.Parse(folder), name);
    }

    /// <summary>Whether it means a store and not a file. A file whose name looks like an address can still be given as ./name:of:it.</summary>
    public static bool IsAddress(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && text[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c == '+');

    private static InFile ParseFile(string text)
    {
        var path = text.Length == 0 || text.Any(char.IsControl) ? throw new FaultException(DumpFaults.NoName(text)) : Path.GetFullPath(text);
        if (text.EndsWith(Path.DirectorySeparatorChar) || Directory.Exists(path))
            throw new FaultException(DumpFaults.NotAFile(path, "it is a folder"));
        // A dump is written beside its place and renamed into it: that would put a file where a device is.
        if (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal))
            throw new FaultException(DumpFaults.NotAFile(path, "it is a device"));
        return new InFile(path);
    }

    /// <summary>Standard output.</summary>
    public sealed record Pipe : DumpDestination;

    /// <param name="Path">Absolute.</param>
    public sealed record InFile(string Path) : DumpDestination;

    public sealed record InStore(StoreAddress Store, string Key) : DumpDestination
    {
        /// <summary>For whoever is to write there: the store would find out only when the dump is whole, and is renamed into its place.</summary>
        /// <exception cref="FaultException">It is a folder.</exception>
        public InStore RequireNoFolder() => Store is StoreAddress.Disk disk && Path.Combine(disk.Folder, Key) is var path && Directory.Exists(path)
            ? throw new FaultException(DumpFaults.NotAFile(path, "it is a folder")) : this;
    }
}
