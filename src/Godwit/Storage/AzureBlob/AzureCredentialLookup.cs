using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>Finds which credentials of <see cref="AzureCredential"/> are set, without asking a service. A login of this
/// machine does not count.</summary>
internal static class AzureCredentialLookup
{
    private const string ConnectionString = "AZURE_STORAGE_CONNECTION_STRING";

    // Credentials that do not name their storage account.
    private static readonly string[] WithAccount = ["AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN", "AZURE_CLIENT_ID"];

    public static StoreKind Look(Func<string, string?> environment) =>
        new("azblob", "Azure Blob Storage", "azblob://ACCOUNT/CONTAINER",
            $"{ConnectionString}, {string.Join(", ", WithAccount)}", Find(environment))
        {
            IsUnderAccount = true,
        };

    private static FoundCredentials? Find(Func<string, string?> environment)
    {
        if (StoreOptions.NonEmpty(environment(ConnectionString)) is { } text)
            return new(ConnectionString, AccountIn(new Secret(text)));
        var account = StoreOptions.NonEmpty(environment("AZURE_STORAGE_ACCOUNT"));
        return WithAccount.FirstOrDefault(name => StoreOptions.NonEmpty(environment(name)) is not null) is { } found
            ? new(found, account) : null;
    }

    // An unreadable connection string is reported when it is used.
    private static string? AccountIn(Secret connectionString)
    {
        try
        {
            return AzureConnectionString.Parse(connectionString).Account;
        }
        catch (FaultException)
        {
            return null;
        }
    }
}
