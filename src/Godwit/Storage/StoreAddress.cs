using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>Where objects live, as the user typed it: <c>s3://bucket/prefix</c> or <c>disk:PATH</c>. Holds no secret.</summary>
public abstract record StoreAddress
{
    /// <summary>Services whose adapters are a later version's: known by name, so that they are not called a typing error.</summary>
    private static readonly string[] NotYet =
        ["azblob://", "gs://", "linode://", "vultr://", "spaces://", "upcloud://", "s3+https://", "s3+http://"];

    private StoreAddress()
    {
    }

    /// <summary>Whether it means to be one, well or badly formed, and be it of a service this version does not speak.</summary>
    public static bool IsOne(string text) =>
        NotYet.Append("disk:").Append("s3://").Any(scheme => text.TrimStart().StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="FaultException">Malformed, or a service this version does not speak.</exception>
    public static StoreAddress Parse(string text)
    {
        var address = text.Trim();
        if (address.StartsWith("disk:", StringComparison.OrdinalIgnoreCase))
            return ParseDisk(address["disk:".Length..]);
        if (address.StartsWith("s3://", StringComparison.OrdinalIgnoreCase))
            return ParseS3(address["s3://".Length..]);
        foreach (var scheme in NotYet)
        {
            if (address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                throw new FaultException(StorageFaults.NoAdapter(scheme));
        }

        throw new FaultException(StorageFaults.AddressMalformed(Redactor.Clean(address), "it begins with neither s3:// nor disk:"));
    }

    private static Disk ParseDisk(string path)
    {
        if (path.Length == 0)
            throw new FaultException(StorageFaults.AddressMalformed("disk:", "it names no folder"));
        if (path.Any(char.IsControl))
            throw new FaultException(StorageFaults.AddressMalformed("disk:…", "the path holds a control character"));
        // A shell expands ~ only at the start of a word, so disk:~/dumps arrives as typed.
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
            path = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..];
        return new Disk(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
    }

    private static S3 ParseS3(string rest)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        var prefix = slash < 0 ? "" : rest[(slash + 1)..].Trim('/');
        // What stands before an @ may be a secret key, so none of it is repeated.
        if (bucket.Contains('@', StringComparison.Ordinal))
            throw new FaultException(StorageFaults.AddressWithSecret());
        if (bucket.Length is < S3.BucketLengthMin or > S3.BucketLengthMax)
            throw new FaultException(StorageFaults.AddressMalformed("s3://" + rest, "the bucket's name must have 3 to 255 characters"));
        if (!bucket.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            throw new FaultException(StorageFaults.AddressMalformed(
                "s3://" + rest, "a bucket's name holds only letters, digits, dots, hyphens and underscores"));
        if (prefix.Length > 0)
            ObjectKey.Check(prefix);
        return new S3(bucket, prefix);
    }

    /// <param name="Folder">Absolute, without a slash at its end.</param>
    public sealed record Disk(string Folder) : StoreAddress
    {
        public override string ToString() => "disk:" + Folder;
    }

    /// <param name="Prefix">Empty, or without slashes at either end.</param>
    public sealed record S3(string Bucket, string Prefix) : StoreAddress
    {
        // AWS allows 3 to 63; older buckets and other services have up to 255.
        internal const int BucketLengthMin = 3;
        internal const int BucketLengthMax = 255;

        public override string ToString() => Prefix.Length == 0 ? $"s3://{Bucket}" : $"s3://{Bucket}/{Prefix}";
    }
}
