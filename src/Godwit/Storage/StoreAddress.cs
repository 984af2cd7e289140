using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>The location of objects, as the user typed it: <c>s3://bucket/prefix</c>, <c>disk:PATH</c>. Holds no
/// secret.</summary>
public abstract partial record StoreAddress
{
    // All kinds of addresses by how they start. Each kind reads the rest itself.
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

    /// <summary>The text is meant as a store's address, well-formed or not.</summary>
    public static bool IsOne(string text) =>
        Kinds.Any(kind => text.TrimStart().StartsWith(kind.Scheme, StringComparison.OrdinalIgnoreCase));

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

    /// <summary>As typed, or as a run has kept it. One that cannot be read is refused when it is opened.</summary>
    public static StoreAddress Of(string text)
    {
        try
        {
            return Parse(text);
        }
        catch (FaultException e)
        {
            return new Unread(text, e.Fault);
        }
    }

    // The bucket's name, or whatever stands in its place, and the prefix without slashes at either end.
    private static (string First, string Behind) Split(string rest)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? rest : rest[..slash];
        // Text before an @ may be a secret key, so the fault does not repeat it.
        if (first.Contains('@', StringComparison.Ordinal))
            throw new FaultException(StorageFaults.AddressWithSecret());
        return (first, slash < 0 ? "" : rest[(slash + 1)..].Trim('/'));
    }

    /// <summary>One that this version cannot read, and why.</summary>
    public sealed record Unread(string Text, Fault Why) : StoreAddress
    {
        public override string ToString() => Text;
    }
}
