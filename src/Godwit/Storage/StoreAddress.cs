using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>The location of objects, as the user typed it: <c>s3://bucket/prefix</c>, <c>disk:PATH</c>. Holds no
/// secret.</summary>
public abstract partial record StoreAddress
{
    /// <summary>All kinds of addresses by how they start. Each kind reads the rest itself.</summary>
    private static readonly (string Scheme, Func<string, StoreAddress> Read)[] Kinds =
    [
        ("disk:", Disk.Read),
        .. S3.AllKinds,
        ("azblob://", AzureBlob.Read),
        ("gs://", Gcs.Read),
    ];

    private StoreAddress()
    {
    }

    /// <summary>Whether the text is meant as a store's address, well-formed or not.</summary>
    public static bool IsOne(string text) =>
        Kinds.Any(kind => text.TrimStart().StartsWith(kind.Scheme, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="FaultException">Malformed.</exception>
    public static StoreAddress Parse(string text)
    {
        var address = text.Trim();
        foreach (var (scheme, read) in Kinds)
        {
            if (address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return read(address[scheme.Length..]);
        }

        throw new FaultException(StorageFaults.AddressMalformed(Redactor.Clean(address),
            $"it begins with none of {string.Join(", ", Kinds.Select(kind => kind.Scheme))}"));
    }

    /// <summary>The part before the first slash, such as a bucket's name, and the prefix without slashes at either
    /// end.</summary>
    private static (string First, string Behind) Split(string rest)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? rest : rest[..slash];
        // Text before an @ may be a secret key, so the fault does not repeat it.
        if (first.Contains('@', StringComparison.Ordinal))
            throw new FaultException(StorageFaults.AddressWithSecret());
        return (first, slash < 0 ? "" : rest[(slash + 1)..].Trim('/'));
    }
}
