using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>A connection string as Azure shows it: names and values separated by semicolons.
/// https://learn.microsoft.com/en-us/azure/storage/common/storage-configure-connection-string</summary>
internal sealed record AzureConnectionString(string? Account, Secret? Key, Secret? SasToken, string? BlobEndpoint)
{
    private const string SuffixDefault = "core.windows.net";

    // The local emulator, whose account and key are public.
    // https://learn.microsoft.com/en-us/azure/storage/common/storage-use-azurite
    private static readonly AzureConnectionString Development = new(
        "devstoreaccount1",
        new Secret("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="),
        null,
        "http://127.0.0.1:10000/devstoreaccount1");

    /// <exception cref="FaultException">The string is malformed. The fault repeats no part of it.</exception>
    public static AzureConnectionString Parse(Secret text)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in text.Reveal()
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Keys and signatures contain '=', so only the first one separates.
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                throw new FaultException(AzureBlobFaults.ConnectionStringMalformed(
                    "between two semicolons there is something without a name and '='"));
            values[pair[..at].Trim()] = pair[(at + 1)..].Trim();
        }

        if (string.Equals(values.GetValueOrDefault("UseDevelopmentStorage"), "true",
            StringComparison.OrdinalIgnoreCase))
            return Development;
        var key = values.GetValueOrDefault("AccountKey");
        var sas = values.GetValueOrDefault("SharedAccessSignature");
        if (string.IsNullOrEmpty(key) && string.IsNullOrEmpty(sas))
            throw new FaultException(AzureBlobFaults.ConnectionStringMalformed(
                "it holds neither AccountKey nor SharedAccessSignature"));
        var account = values.GetValueOrDefault("AccountName");
        var endpoint = values.GetValueOrDefault("BlobEndpoint")?.TrimEnd('/');
        if (endpoint is not null && !StoreOptions.IsSafeAddress(endpoint))
            throw new FaultException(AzureBlobFaults.ConnectionStringMalformed(
                "its BlobEndpoint is not an https:// address"));
        if (string.Equals(values.GetValueOrDefault("DefaultEndpointsProtocol"), "http",
            StringComparison.OrdinalIgnoreCase) && endpoint is null)
            throw new FaultException(AzureBlobFaults.ConnectionStringMalformed(
                "its DefaultEndpointsProtocol is http, and a database goes only over https"));
        if (endpoint is null && account is not null)
            endpoint = EndpointOf(account, values.GetValueOrDefault("EndpointSuffix"));
        return new(
            account ?? (endpoint is null ? null : AccountIn(new Uri(endpoint))),
            string.IsNullOrEmpty(key) ? null : new Secret(key),
            string.IsNullOrEmpty(sas) ? null : new Secret(sas),
            endpoint);
    }

    /// <param name="suffix">Null for the public cloud.</param>
    public static string EndpointOf(string account, string? suffix = null) =>
        $"https://{account}.blob.{(string.IsNullOrEmpty(suffix) ? SuffixDefault : suffix)}";

    /// <returns>Null: the address may be a custom domain, which does not name the account.</returns>
    private static string? AccountIn(Uri endpoint)
    {
        var dot = endpoint.Host.IndexOf(".blob.", StringComparison.OrdinalIgnoreCase);
        return dot < 0 ? null : endpoint.Host[..dot].Split('.')[0];
    }
}
