using Godwit.Storage.AzureBlob;
using Godwit.Storage.Gcs;
using Godwit.Storage.S3;

namespace Godwit.Storage;

/// <summary>Lists all kinds of stores, and whether credentials for them are set. Reads variables and files, and asks no
/// service.</summary>
public static class StoreKinds
{
    public static IReadOnlyList<StoreKind> Look(Func<string, string?> environment) =>
    [
        .. S3Services.Named.Select(service => S3CredentialLookup.Look(service, environment)),
        AzureCredentialLookup.Look(environment),
        GcsCredentialLookup.Look(environment),
        S3CredentialLookup.LookForOther(environment),
        new("disk", "a folder of this machine", "disk:FOLDER", "", null) { NeedsCredentials = false },
    ];
}

/// <param name="Scheme">How its addresses start, up to the colon.</param>
/// <param name="Title">For people.</param>
/// <param name="Example">An address with placeholders in capital letters.</param>
/// <param name="LookedFor">Where credentials are searched: names separated by commas.</param>
/// <param name="Found">Null: none.</param>
public sealed record StoreKind(string Scheme, string Title, string Example, string LookedFor, FoundCredentials? Found)
{
    public bool NeedsCredentials { get; init; } = true;

    /// <summary>Addresses start with the account, before the bucket.</summary>
    public bool IsUnderAccount { get; init; }

    /// <param name="bucket">A bucket or container.</param>
    public string AddressOf(string bucket) =>
        IsUnderAccount ? $"{Scheme}://{Found?.Owner}/{bucket}" : $"{Scheme}://{bucket}";
}

/// <summary>Where credentials were found, and whose they are. Does not hold them.</summary>
/// <param name="Where">The variable or file, for people.</param>
/// <param name="Owner">A key's id or an account's name: not secret, and the same next time. Null: only the service
/// knows.</param>
public sealed record FoundCredentials(string Where, string? Owner);
