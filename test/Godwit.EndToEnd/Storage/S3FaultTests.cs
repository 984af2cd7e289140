using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Tests.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>What the operator is told when the store, the keys or the network are not as they should be.</summary>
public sealed class S3FaultTests(SwiftServer swift)
{
    private const int MiB = 1024 * 1024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_secret_and_an_unknown_key_are_refused_keys()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        foreach (var keys in
            new[] { SwiftServer.Keys with { Key = new Secret("wrong") }, new S3Keys("nobody", new Secret("wrong")) })
        {
            await using var store = Open(bucket, swift.Options with { Keys = keys });
            Assert.Equal("storage.credentials_refused", (await FaultOfAsync(() => store.CheckAsync(Ct))).Code);
            Assert.Equal("storage.credentials_refused", (await FaultOfAsync(() => PutAsync(store, "k", "x"))).Code);
        }
    }

    [Fact]
    public async Task Keys_without_the_right_are_told_which_right()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var store = Open(bucket,
            swift.Options with { Keys = new S3Keys("test:stranger", new Secret("strange")) });

        var list = await FaultOfAsync(() => store.CheckAsync(Ct));
        var write = await FaultOfAsync(() => store.CheckWritableAsync(Ct));

        Assert.Equal(("storage.forbidden", "storage.forbidden"), (list.Code, write.Code));
        Assert.Contains("s3:ListBucket", list.Why, StringComparison.Ordinal);
        Assert.Contains("s3:PutObject", write.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_whose_quota_is_used_up_is_full_and_keeps_no_parts()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var store = Open(bucket, swift.Options);
        // Swift keeps parts in a bucket of their own, which comes with the first upload.
        await store.CheckWritableAsync(Ct);
        await SetQuotaAsync(bucket + "%2Bsegments", 10 * MiB);
        // Parts that set out together all find room, so there must be more of them than set out together.
        await using var content = new PatternStream(80 * MiB);

        Assert.Equal("storage.full",
            (await FaultOfAsync(() => store.PutAsync("k", new ObjectUpload(content), Ct))).Code);

        Assert.Null(await store.FindAsync("k", Ct));
        Assert.Equal(0, await store.AbortUploadsAsync("k", Ct));
    }

    [Fact]
    public async Task An_address_nobody_listens_on_is_unreachable_and_that_is_known_soon()
    {
        var watch = Stopwatch.StartNew();
        await using var store = Open("bucket",
            new S3Options { Keys = SwiftServer.Keys, Endpoint = "http://127.0.0.1:9" });

        var fault = await FaultOfAsync(() => store.CheckAsync(Ct));

        Assert.Equal(("storage.unreachable", FaultKind.Transient), (fault.Code, fault.Kind));
        Assert.Contains("http://127.0.0.1:9", fault.Why, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_an_unknown_host()
    {
        await using var store = Open("bucket",
            new S3Options { Keys = SwiftServer.Keys, Endpoint = "https://no-such-host.invalid" });

        Assert.Equal("storage.unknown_host", (await FaultOfAsync(() => store.CheckAsync(Ct))).Code);
    }

    [Fact]
    public async Task A_service_that_speaks_no_TLS_is_refused_when_TLS_was_asked_for()
    {
        await swift.StartAsync(Ct);
        await using var store = Open("bucket", swift.Options with { Endpoint = $"https://127.0.0.1:{swift.Port}" });

        Assert.Equal("storage.tls_refused", (await FaultOfAsync(() => store.CheckAsync(Ct))).Code);
    }

    [Fact]
    public async Task A_region_that_is_not_the_buckets_is_told_with_the_right_one()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var store = Open(bucket, swift.Options with { Region = "eu-central-1" });

        var fault = await FaultOfAsync(() => store.CheckAsync(Ct));

        Assert.Equal("storage.wrong_region", fault.Code);
        Assert.Contains("signed for the region eu-central-1, and the bucket is in us-east-1", fault.Why,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_takes_the_call_and_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var options = new StoreOptions
        {
            S3 = new S3Options { Keys = SwiftServer.Keys, Endpoint = $"http://{silent.LocalEndpoint}" },
        };
        await using var store = ObjectStores.Open(new StoreAddress.S3("bucket", ""), options,
            new NoLinkHost(), new Hurried());

        var fault = await FaultOfAsync(() => store.CheckAsync(Ct));

        Assert.Equal("storage.silent", fault.Code);
        Assert.Contains("nothing moved for 60 seconds", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_fault_repeats_the_secret()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        var secret = new Secret("a-very-secret-key");
        await using var store = Open(bucket, swift.Options with { Keys = SwiftServer.Keys with { Key = secret } });

        var thrown = await Assert.ThrowsAsync<FaultException>(() => store.CheckAsync(Ct));

        Assert.DoesNotContain(secret.Reveal(), thrown.ToString(), StringComparison.Ordinal);
    }

    private IObjectStore Open(string bucket, S3Options options) => ObjectStores.Open(
        new StoreAddress.S3(bucket, ""), new StoreOptions { S3 = options with { PartAttemptsMax = 2 } },
        new NoLinkHost(), TimeProvider.System);

    private static Task<StoredObject> PutAsync(IObjectStore store, string key, string text) =>
        store.PutAsync(key, new ObjectUpload(new MemoryStream(Encoding.UTF8.GetBytes(text))), Ct);

    private static async Task<Fault> FaultOfAsync(Func<Task> action) =>
        (await Assert.ThrowsAsync<FaultException>(action)).Fault;

    // S3 has no quotas, and Swift's own login needs a cache that is not there. So the container server is told itself,
    // in the one of its 16 partitions that holds the bucket.
    private async Task SetQuotaAsync(string bucket, long bytes)
    {
        using var http = new HttpClient();
        var answers = new List<HttpStatusCode>();
        for (var partition = 0; partition < 16; partition++)
        {
            using var change = new HttpRequestMessage(HttpMethod.Post,
                $"http://127.0.0.3:{swift.Port}/d1/{partition}/AUTH_test/{bucket}");
            change.Headers.Add("X-Timestamp", $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}.00000");
            change.Headers.Add("X-Container-Meta-Quota-Bytes", $"{bytes}");
            using var answer = await http.SendAsync(change, Ct);
            answers.Add(answer.StatusCode);
        }

        Assert.Single(answers, HttpStatusCode.NoContent);
    }
}

/// <summary>A clock whose timers ring a hundred times too soon: limits are reached without waiting for them.</summary>
internal sealed class Hurried : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 100 : dueTime, period);
}
