using System.Globalization;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>The query of a link: a shared access signature that can only read one blob.</summary>
/// <remarks>https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas#version-2020-12-06-and-later
/// and https://learn.microsoft.com/en-us/rest/api/storageservices/create-user-delegation-sas, the same
/// version</remarks>
/// <param name="Blob">The blob's whole name, not escaped.</param>
/// <param name="Protocol"><c>https</c>, or <c>https,http</c>.</param>
internal sealed record BlobSas(
    string Account, string Container, string Blob, DateTimeOffset From, DateTimeOffset To, string Protocol)
{
    private const string Permissions = "r";
    private const string Resource = "b";

    private string Name => $"/blob/{Account}/{Container}/{Blob}";

    public Secret Query(AccountKey key) => Query([], new(key.Sign(TextToSign())));

    public Secret Query(UserDelegationKey key) => Query(
        [
            ("skoid", key.ObjectId), ("sktid", key.TenantId), ("skt", Time(key.From)), ("ske", Time(key.To)),
            ("sks", key.Service), ("skv", key.Version),
        ],
        new(key.Key.Sign(TextToSign(key))));

    public string TextToSign() => Lines(
    [
        Permissions, Time(From), Time(To), Name,
        // No stored policy, no range of addresses.
        "", "",
        Protocol, AzureBlobConnection.Version, Resource,
        // No snapshot, no encryption scope, and none of the answer's five headers replaced.
        "", "", "", "", "", "", "",
    ]);

    public string TextToSign(UserDelegationKey key) => Lines(
    [
        Permissions, Time(From), Time(To), Name,
        key.ObjectId, key.TenantId, Time(key.From), Time(key.To), key.Service, key.Version,
        // No other identity, no correlation id, no range of addresses.
        "", "", "", "",
        Protocol, AzureBlobConnection.Version, Resource,
        "", "", "", "", "", "", "",
    ]);

    /// <summary>Whole seconds, as signatures hold them.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Lines(string[] lines) => string.Join('\n', lines);

    private Secret Query(IEnumerable<(string Name, string Value)> more, Secret signature)
    {
        IEnumerable<(string Name, string Value)> pairs =
        [
            ("sv", AzureBlobConnection.Version), ("spr", Protocol), ("st", Time(From)), ("se", Time(To)), .. more,
            ("sr", Resource), ("sp", Permissions), ("sig", signature.Reveal()),
        ];
        return new(string.Join('&', pairs.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}")));
    }
}

/// <summary>Azure's key for a logged-in user to sign links with. Valid for at most a week.
/// https://learn.microsoft.com/en-us/rest/api/storageservices/get-user-delegation-key</summary>
internal sealed record UserDelegationKey(
    string ObjectId, string TenantId, DateTimeOffset From, DateTimeOffset To, string Service, string Version,
    AccountKey Key);
