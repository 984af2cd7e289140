using System.Globalization;
using System.Net;
using System.Text;
using System.Xml.Linq;
using Godwit.EndToEnd.Servers;
using Godwit.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>The failures of every store, over Azurite. What only Azure knows is in
/// <see cref="AzureBlobFaultTests"/>.</summary>
public sealed class AzureBlobFailuresTests(AzuriteServer azurite) : ObjectStoreFailures
{
    private string _container = "";

    protected override bool HasBegin => false;

    protected override string MistypedCode => "storage.azure_credentials_refused";

    protected override string StrangerCode => "storage.azure_sas_too_narrow";

    protected override string MissingCode => "storage.azure_container_missing";

    protected override string ForgottenCode => "storage.azure_blocks_gone";

    protected override string RemovedCode => "storage.azure_blocks_gone";

    protected override string SwappedCode => "storage.azure_blocks_differ";

    protected override string Busy => Answer("503 Service Unavailable", "x-ms-error-code: ServerBusy",
        "<?xml version='1.0'?><Error><Code>ServerBusy</Code><Message>The server is busy.</Message></Error>");

    private string BlobPath => $"/{_container}/{string.Join('/', Key.Split('/').Select(Uri.EscapeDataString))}";

    protected override string Acknowledge(byte[] part) => Answer("201 Created", "x-ms-version: 2021-12-02", "");

    protected override async Task<int> MakeBucketAsync()
    {
        _container = await azurite.MakeContainerAsync(Ct);
        return azurite.Port;
    }

    protected override IObjectStore Open(int port, Opener opener, int attempts, TimeProvider clock) =>
        Open(_container, port, opener, attempts, clock);

    protected override IObjectStore OpenMissing() =>
        Open("no-such-container", Port, Opener.Owner, attempts: 2, TimeProvider.System);

    // Azurite looks at the time in a SAS, and not at that of a request; so what tells a clock from a key is shown by
    // a wrong key.
    protected override Task<IObjectStore> OpenAheadAsync(TimeSpan ahead) =>
        Task.FromResult(Open(_container, Port, Opener.UsageProblems, attempts: 2, new Shifted(ahead)));

    protected override (Call Call, int Part) Read(string line)
    {
        if (!line.StartsWith("PUT ", StringComparison.Ordinal))
            return (Call.Other, 0);
        const string Name = "blockid=";
        if (line.IndexOf(Name, StringComparison.Ordinal) is > 0 and var at)
        {
            var id = Uri.UnescapeDataString(line[(at + Name.Length)..].Split('&', ' ')[0]);
            return (Call.SendPart, int.Parse(Encoding.ASCII.GetString(Convert.FromBase64String(id)).Split('-')[^1],
                CultureInfo.InvariantCulture));
        }

        return line.Contains("comp=blocklist", StringComparison.Ordinal) ? (Call.Complete, 0) : (Call.Other, 0);
    }

    protected override Task<IReadOnlyList<string>> KeptAsync() => azurite.KeptAsync(_container, Ct);

    protected override async Task SpoilAsync(bool isTruncated)
    {
        using var head = await azurite.SendAsync(HttpMethod.Head, BlobPath, Ct);
        using var list = await azurite.SendAsync(HttpMethod.Get,
            $"{BlobPath}?comp=blocklist&blocklisttype=committed", Ct);
        var xml = XElement.Parse((await list.Content.ReadAsStringAsync(Ct)).TrimStart('\uFEFF'));
        var ids = xml.Descendants("Name").Select(name => name.Value).ToList();
        (ids[1], ids[2]) = (ids[2], ids[1]);
        if (isTruncated)
            ids.RemoveAt(1);
        var wrong = new XElement("BlockList", ids.Select(id => new XElement("Committed", id))).ToString();
        using var done = await azurite.SendAsync(
            HttpMethod.Put, $"{BlobPath}?comp=blocklist", Ct, Encoding.UTF8.GetBytes(wrong),
            [.. head.Headers.Where(one => one.Key.StartsWith("x-ms-meta-", StringComparison.OrdinalIgnoreCase))
                .Select(one => (one.Key, one.Value.Single()))]);
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
    }

    private IObjectStore Open(string container, int port, Opener opener, int attempts, TimeProvider clock)
    {
        var options = azurite.Options with
        {
            Endpoint = $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/{AzuriteServer.Account}",
            PartAttemptsMax = attempts,
        };
        options = opener switch
        {
            Opener.UsageProblems => options with { Key = new(Convert.ToBase64String("another key"u8)) },
            Opener.Stranger => options with { Key = null, SasToken = AzuriteServer.ServiceSas(container, "r") },
            _ => options,
        };
        return ObjectStores.Open(new StoreAddress.AzureBlob(AzuriteServer.Account, container, ""),
            new StoreOptions { AzureBlob = options }, new NoLinkHost(), clock);
    }

    private static string Answer(string status, string header, string body) =>
        $"HTTP/1.1 {status}\r\n{header}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
}
