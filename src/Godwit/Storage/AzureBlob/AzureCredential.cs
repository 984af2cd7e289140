using Azure.Core;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>How requests are signed and where they are sent. The first that is set counts: a connection string, a key,
/// a SAS, a login.</summary>
/// <param name="Endpoint">Of the account's blob service, without a slash at its end.</param>
/// <param name="Origin">Where the credential was found, for people: <c>AZURE_STORAGE_KEY</c>.</param>
internal abstract record AzureCredential(string Endpoint, string Origin)
{
    private const string ConnectionStringOrigin = "AZURE_STORAGE_CONNECTION_STRING";
    private const string KeyOrigin = "AZURE_STORAGE_KEY";
    private const string SasOrigin = "AZURE_STORAGE_SAS_TOKEN";

    public sealed record SharedKey(string Endpoint, string Origin, AccountKey Key) : AzureCredential(Endpoint, Origin);

    /// <param name="Token">The SAS query without its question mark.</param>
    public sealed record Sas(string Endpoint, string Origin, Secret Token) : AzureCredential(Endpoint, Origin);

    /// <param name="Source">Null: a login found on this machine.</param>
    public sealed record Login(string Endpoint, TokenCredential? Source)
        : AzureCredential(Endpoint, "the login at Microsoft Entra");

    /// <summary>Reads only the given settings; a login is looked for at the first request.</summary>
    /// <exception cref="FaultException">A given setting cannot be read, or belongs to another account.</exception>
    public static AzureCredential Find(StoreAddress.AzureBlob address, AzureBlobOptions options)
    {
        if (options.ConnectionString is { } text)
        {
            var connection = AzureConnectionString.Parse(text);
            RequireAccount(address, connection.Account, ConnectionStringOrigin);
            var there = EndpointOf(address, options, connection.BlobEndpoint);
            return connection.Key is { } secret
                ? new SharedKey(there, ConnectionStringOrigin,
                    AccountKey.Read(address.Account, secret, ConnectionStringOrigin))
                : new Sas(there, ConnectionStringOrigin, Query(connection.SasToken!));
        }

        var endpoint = EndpointOf(address, options, null);
        if (options.Key is { } key)
        {
            RequireAccount(address, options.Account, "AZURE_STORAGE_ACCOUNT");
            return new SharedKey(endpoint, KeyOrigin, AccountKey.Read(address.Account, key, KeyOrigin));
        }

        if (options.SasToken is { } sas)
        {
            RequireAccount(address, options.Account, "AZURE_STORAGE_ACCOUNT");
            return new Sas(endpoint, SasOrigin, Query(sas));
        }

        return new Login(endpoint, options.Login);
    }

    private static string EndpointOf(StoreAddress.AzureBlob address, AzureBlobOptions options, string? found) =>
        (options.Endpoint ?? found ?? AzureConnectionString.EndpointOf(address.Account)).TrimEnd('/');

    private static void RequireAccount(StoreAddress.AzureBlob address, string? said, string origin)
    {
        if (said is not null && !string.Equals(said, address.Account, StringComparison.OrdinalIgnoreCase))
            throw new FaultException(AzureBlobFaults.OtherAccount(address.ToString(), address.Account, said, origin));
    }

    private static Secret Query(Secret token) => new(token.Reveal().TrimStart('?', '&'));
}
