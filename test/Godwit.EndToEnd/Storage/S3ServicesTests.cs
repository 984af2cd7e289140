using System.Collections.Concurrent;
using System.Security.Cryptography;
using Godwit.EndToEnd.Servers;
using Godwit.Storage;
using Godwit.Storage.Buckets;
using Godwit.Tests.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>The part of the contract in which services differ, as each row of the table wants it: addressing, region,
/// checksums. Swift stands for the service, behind a proxy that refuses what the services refuse: what newer SDKs add
/// by themselves.</summary>
public sealed class S3ServicesTests(SwiftServer swift)
{
    private const int MiB = 1024 * 1024;
    private const string Odd = "ünï & co/100%/a+b=c 'x'.dump";

    // https://github.com/aws/aws-sdk-net/issues/3610
    private static readonly string[] NewerHabits = ["x-amz-checksum-", "x-amz-sdk-checksum-algorithm", "x-amz-trailer",
        "aws-chunked", "STREAMING-", "x-amz-acl"];

    private readonly ConcurrentBag<string> _heads = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("linode", "us-east", "us-east-1", false)]
    [InlineData("vultr", "ewr1", "us-east-1", false)]
    // Swift is in us-east-1 and says so; these services are told elsewhere, and the address in the table is a guess
    // until they answer.
    [InlineData("spaces", "fra1", "fra1", true)]
    [InlineData("upcloud", null, "europe-1", true)]
    [InlineData("s3+http", null, "us-east-1", false)]
    public async Task Each_service_is_spoken_to_as_its_row_says(
        string scheme, string? region, string signedFor, bool isCorrected)
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port, _ => S3Proxy.Verdict.Pass)
        {
            Refuse = head =>
            {
                _heads.Add(head);
                return Task.FromResult<(string, string)?>(NewerHabits.Any(habit =>
                    head.Contains(habit, StringComparison.OrdinalIgnoreCase))
                    ? ("400 Bad Request", "<?xml "
                        + "version='1.0'?><Error><Code>XAmzContentSHA256Mismatch</Code><Message>no</Message></Error>")
                    : null);
            },
        };
        // A name, because a service that has the bucket in its host has none for an address.
        var endpoint = proxy.Endpoint.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        var address = (StoreAddress.S3)StoreAddress.Parse(scheme == "s3+http"
            ? $"s3+{endpoint}/{bucket}/dumps" : $"{scheme}://{bucket}/dumps");
        var options = new S3Options
        {
            Endpoint = scheme == "s3+http" ? null : endpoint, Region = region, Keys = SwiftServer.Keys,
            PartAttemptsMax = 2,
        };
        await using var store = ObjectStores.Open(address, new StoreOptions { S3 = options }, new NoLinkHost(),
            TimeProvider.System);

        await UseAsync(store, bucket);

        var scopes = _heads.Select(Scope).OfType<string>().ToHashSet();
        Assert.Equal(isCorrected ? [signedFor, "us-east-1"] : [signedFor], scopes.Order(StringComparer.Ordinal));
        Assert.Equal(isCorrected ? 1 : 0, _heads.Count(head => Scope(head) == signedFor && isCorrected));
        var inHost = $"Host: {bucket}.localhost";
        Assert.All(_heads, head =>
            Assert.Equal(!address.Service.PathStyle, head.Contains(inHost, StringComparison.OrdinalIgnoreCase)));
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
    }

    private static async Task UseAsync(IObjectStore store, string bucket)
    {
        await store.CheckAsync(Ct);
        await store.CheckWritableAsync(Ct);
        await using var body = new PatternStream(20 * MiB);
        var head = RandomNumberGenerator.GetBytes(5000);

        var big = await store.PutAsync("big",
            new ObjectUpload(body) { Head = new LateHead(head.Length, () => head) }, Ct);
        var odd = await store.PutAsync(Odd, new ObjectUpload(new MemoryStream("odd"u8.ToArray())), Ct);
        await store.PutAsync("empty", new ObjectUpload(new MemoryStream()), Ct);

        Assert.Equal(20 * MiB + head.Length, big.SizeBytes);
        Assert.NotNull(big.Checksum);
        Assert.Equal(odd, await store.FindAsync(Odd, Ct));
        var keys = new List<string>();
        await foreach (var one in store.ListAsync("", Ct))
            keys.Add(one.Key);
        Assert.Equal(["big", "empty", Odd], keys.Order(StringComparer.Ordinal));
        await LinkGivesAsync(store, bucket);
        Assert.Empty(await store.Bucket!.FindUnfinishedAsync(Ct));
        Assert.NotEqual(PrivacyVerdict.Public, (await store.Bucket!.FindPrivacyAsync(Ct)).Verdict);
        foreach (var key in keys)
            await store.DeleteAsync(key, Ct);
        Assert.Equal(0, await store.AbortUploadsAsync("big", Ct));
    }

    private static async Task LinkGivesAsync(IObjectStore store, string bucket)
    {
        using var http = new HttpClient();
        var url = (await store.SignAsync(Odd, TimeSpan.FromMinutes(5), Ct)).Url.Reveal();
        Assert.Equal("odd", await http.GetStringAsync(new Uri(url), Ct));
        Assert.Contains(bucket, url, StringComparison.Ordinal);
        using var bare = await http.GetAsync(new Uri(url[..url.IndexOf('?', StringComparison.Ordinal)]), Ct);
        Assert.False(bare.IsSuccessStatusCode);
    }

    // "Credential=ID/20260101/us-east-1/s3/aws4_request", in a header or, escaped, in a link.
    private static string? Scope(string head)
    {
        var start = head.IndexOf("Credential=", StringComparison.Ordinal);
        return start < 0 ? null : head[start..].Replace("%2F", "/", StringComparison.Ordinal).Split('/')[2];
    }
}
