using System.Globalization;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>Links that read one object and nothing else. What they are signed by decides whether there can be
/// one.</summary>
internal sealed class AzureBlobLinks(AzureBlobConnection azure)
{
    /// <summary>Clocks differ a little; a link must count for one that is behind.
    /// https://learn.microsoft.com/en-us/azure/storage/common/storage-sas-overview, "Best practices"</summary>
    private static readonly TimeSpan Back = TimeSpan.FromMinutes(5);

    /// <summary>A user delegation key lives a week at most, from its beginning; and nobody needs a link for longer,
    /// whoever signs it.</summary>
    private static readonly TimeSpan LifeMax = TimeSpan.FromDays(7) - Back - TimeSpan.FromSeconds(1);

    public async Task<SignedLink> SignAsync(string key, TimeSpan lifetime, CancellationToken ct)
    {
        var url = azure.UrlOf(key);
        if (azure.Credential is AzureCredential.Sas given)
            return Given(given, url);
        var now = azure.Clock.GetUtcNow();
        var sas = new BlobSas(
            azure.Address.Account, azure.Address.Container, azure.FullKey(key),
            WholeSeconds(now - Back), WholeSeconds(now + (lifetime < LifeMax ? lifetime : LifeMax)),
            new Uri(url).Scheme == Uri.UriSchemeHttps ? "https" : "https,http");
        var query = azure.Credential is AzureCredential.SharedKey own
            ? sas.Query(own.Key) : sas.Query(await DelegationKeyAsync(sas, ct));
        return new(new Secret($"{url}?{query.Reveal()}"), sas.To);
    }

    private async Task<UserDelegationKey> DelegationKeyAsync(BlobSas sas, CancellationToken ct)
    {
        var answer = await azure.CallAsync(
            new AzureBlobCall(HttpMethod.Post, AzureRight.Delegate)
            {
                IsOfService = true,
                Query = [("restype", "service"), ("comp", "userdelegationkey")],
                Body = AzureBlobCall.Utf8(AzureBlobXml.KeyInfo(sas.From, sas.To)),
                BodyType = "application/xml",
            },
            ct);
        return AzureBlobXml.DelegationKey(answer.Body, sas.Account);
    }

    /// <summary>A SAS cannot sign another. It is handed on only if it is for one object and to read; which object that
    /// is, the service checks.</summary>
    private SignedLink Given(AzureCredential.Sas sas, string url)
    {
        var pairs = sas.Token.Reveal().Split('&').Select(pair => pair.Split('=', 2))
            .ToLookup(pair => pair[0], pair => pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "");
        string? Value(string name) => pairs[name].FirstOrDefault();
        var why = Value("ss") is not null ? $"the SAS in {sas.Origin} is one for a whole account"
            : Value("sr") != "b" ? $"the SAS in {sas.Origin} is one for a whole container"
            : Value("sp") != "r" ? $"the SAS in {sas.Origin} allows more than to read"
            : null;
        if (why is not null)
            throw new FaultException(AzureBlobFaults.LinkNeedsKey(azure.Address.ToString(), azure.Address.Account,
                sas.Origin, why));
        var end = DateTimeOffset.TryParse(Value("se"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var time) ? time : azure.Clock.GetUtcNow();
        return new(new Secret($"{url}?{sas.Token.Reveal()}"), end);
    }

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
