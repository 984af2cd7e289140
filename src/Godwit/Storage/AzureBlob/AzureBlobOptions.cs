using Azure.Core;
using Godwit.Faults;
using Godwit.Storage.AzureBlob;
using Godwit.Storage.Calls;

namespace Godwit.Storage;

/// <summary>The user's settings for Azure Blob Storage. The first secret that is set counts: connection string, key,
/// SAS.</summary>
public sealed record AzureBlobOptions
{
    internal const string EndpointVariable = "AZURE_STORAGE_BLOB_ENDPOINT";

    /// <summary>Address of the account's blob service; the path holds the account's name where the host name does not.
    /// Null: the connection string's endpoint, else the public cloud's.</summary>
    public string? Endpoint { get; init; }

    public Secret? ConnectionString { get; init; }

    /// <summary>Of <see cref="Key"/> and <see cref="SasToken"/>.</summary>
    public string? Account { get; init; }

    public Secret? Key { get; init; }

    public Secret? SasToken { get; init; }

    /// <summary>Gives Microsoft Entra tokens when no secret is set. Null: the login that Azure's own tools would
    /// find.</summary>
    public TokenCredential? Login { get; init; }

    public int PartAttemptsMax { get; init; } = StoreRetry.PartAttemptsMax;

    /// <summary>The blob service's address, which the journal keeps for a resumed run.</summary>
    /// <exception cref="FaultException">The connection string cannot be read.</exception>
    public string EndpointOf(StoreAddress.AzureBlob address) => AzureCredential.Find(address, this).Endpoint;

    /// <summary>Reads the variables of Azure's own tools; flags override them.</summary>
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
