using Azure.Core;
using Godwit.Faults;
using Godwit.Storage.AzureBlob;
using Godwit.Storage.Calls;

namespace Godwit.Storage;

/// <summary>What the user may say about Azure Blob Storage. The three secrets are those of Azure's own tools; the first
/// there is counts.</summary>
public sealed record AzureBlobOptions
{
    internal const string EndpointVariable = "AZURE_STORAGE_BLOB_ENDPOINT";

    /// <summary>Of the blob service of the account, with the account in the path where it is not in the host's name.
    /// Null: what the connection string says, else the public cloud's.</summary>
    public string? Endpoint { get; init; }

    public Secret? ConnectionString { get; init; }

    /// <summary>The account that <see cref="Key"/> and <see cref="SasToken"/> are said to be of. Null: not
    /// said.</summary>
    public string? Account { get; init; }

    public Secret? Key { get; init; }

    public Secret? SasToken { get; init; }

    /// <summary>Asked for tokens of Microsoft Entra when there is none of the secrets. Null: what Azure's own tools
    /// would find on this machine.</summary>
    public TokenCredential? Login { get; init; }

    /// <summary>How often one part of an upload is tried before the upload is given up.</summary>
    public int PartAttemptsMax { get; init; } = StoreRetry.PartAttemptsMax;

    /// <summary>Where the account's blobs are, as a resumed run must find them again.</summary>
    /// <exception cref="FaultException">The connection string cannot be read.</exception>
    public string EndpointOf(StoreAddress.AzureBlob address) => AzureCredential.Find(address, this).Endpoint;

    /// <summary>What the variables of Azure's own tools say; flags are laid over it.</summary>
    /// <remarks>https://learn.microsoft.com/en-us/cli/azure/storage/blob (Storage Account Arguments)</remarks>
    internal static AzureBlobOptions FromEnvironment(Func<string, string?> environment) => new()
    {
        Endpoint = StoreOptions.NonEmpty(environment(EndpointVariable)),
        ConnectionString = SecretOf(environment("AZURE_STORAGE_CONNECTION_STRING")),
        Account = StoreOptions.NonEmpty(environment("AZURE_STORAGE_ACCOUNT")),
        Key = SecretOf(environment("AZURE_STORAGE_KEY")),
        SasToken = SecretOf(environment("AZURE_STORAGE_SAS_TOKEN")),
    };

    internal IEnumerable<OptionProblem> Problems()
    {
        if (Endpoint is not null && !StoreOptions.IsSafeAddress(Endpoint))
            yield return new("--azure-endpoint",
                "is not an https:// address without user, query or fragment (http:// is for this machine alone)",
                "Give the blob service's address, e.g. https://ACCOUNT.blob.core.usgovcloudapi.net.");
    }

    private static Secret? SecretOf(string? value) =>
        StoreOptions.NonEmpty(value) is { } text ? new Secret(text.Trim()) : null;
}
