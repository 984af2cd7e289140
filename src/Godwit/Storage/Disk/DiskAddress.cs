using Godwit.Faults;

namespace Godwit.Storage;

public abstract partial record StoreAddress
{
    /// <param name="Folder">Absolute, without a slash at its end.</param>
    public sealed record Disk(string Folder) : StoreAddress
    {
        public override string ToString() => "disk:" + Folder;

        internal static Disk Read(string path)
        {
            if (path.Length == 0)
                throw new FaultException(StorageFaults.AddressMalformed("disk:", "it names no folder"));
            if (path.Any(char.IsControl))
                throw new FaultException(StorageFaults.AddressMalformed("disk:…",
                    "the path holds a control character"));
            // A shell expands ~ only at the start of a word, so disk:~/dumps arrives as typed.
            if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
                path = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..];
            return new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        }
    }
}
