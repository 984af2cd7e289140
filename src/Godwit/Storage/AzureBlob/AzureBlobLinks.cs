using System.Globalization;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>Signs links that can read one object and nothing else, if the credential allows that.</summary>
internal sealed class AzureBlobLinks(AzureBlobConnection azure)
{
    // Links start this much earlier, because the service's clock may be behind ours.
    // https://learn.microsoft.com/en-us/azure/storage/common/storage-sas-overview, "Best practices"
    private static readonly TimeSpan Back = TimeSpan.FromMinutes(5);

    // A user delegation key lives at most a week from its start, and no link needs more.
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

    // A SAS cannot sign another SAS. The given SAS is used as the link only if it can just read a single object. The
    // service checks which object that is.
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
