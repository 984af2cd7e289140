using Godwit.Storage.AzureBlob;
using Godwit.Storage.Gcs;
using Godwit.Storage.S3;

namespace Godwit.Storage;

/// <summary>Every kind of store there is, and whether credentials for it lie ready. Reads variables and files, and asks
/// nobody.</summary>
public static class StoreKinds
{
    /// <param name="environment">The variables of whoever started us.</param>
    public static IReadOnlyList<StoreKind> Look(Func<string, string?> environment) =>
    [
        .. S3Services.Named.Select(service => S3CredentialLookup.Look(service, environment)),
        AzureCredentialLookup.Look(environment),
        GcsCredentialLookup.Look(environment),
        S3CredentialLookup.LookForOther(environment),
        new("disk", "a folder of this machine", "disk:FOLDER", "", null) { NeedsCredentials = false },
    ];
}

/// <param name="Scheme">What its addresses begin with, up to the colon.</param>
/// <param name="Title">As its users call it.</param>
/// <param name="Example">What to write, with what is to be filled in in capital letters.</param>
/// <param name="LookedFor">Where its credentials are looked for: names, with commas between.</param>
/// <param name="Found">Null: none.</param>
public sealed record StoreKind(string Scheme, string Title, string Example, string LookedFor, FoundCredentials? Found)
{
    public bool NeedsCredentials { get; init; } = true;

    /// <summary>Whether the account stands in its addresses, before the bucket.</summary>
    public bool IsUnderAccount { get; init; }

    /// <param name="bucket">Or container.</param>
    public string AddressOf(string bucket) =>
        IsUnderAccount ? $"{Scheme}://{Found?.Owner}/{bucket}" : $"{Scheme}://{bucket}";
}

/// <summary>Credentials that lie ready: where, and whose; never themselves.</summary>
/// <param name="Where">For people: the variable or the file.</param>
/// <param name="Owner">No secret, and the same next time: a key's id, an account's name. Null when only the service
/// could tell.</param>
public sealed record FoundCredentials(string Where, string? Owner);
