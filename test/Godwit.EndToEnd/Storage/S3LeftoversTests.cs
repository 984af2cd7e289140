using Amazon.S3.Model;
using Godwit.EndToEnd.Servers;
using Godwit.Storage;
using Godwit.Storage.Buckets;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Storage;

/// <summary>What must not come back when a call fails half-way.</summary>
public sealed class S3LeftoversTests(SwiftServer swift)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deleted_object_does_not_come_back_when_one_of_its_versions_cannot_be_deleted()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        using (var client = swift.OpenClient())
        {
            await client.PutBucketVersioningAsync(
                new PutBucketVersioningRequest
                {
                    BucketName = bucket, VersioningConfig = new S3BucketVersioningConfig { Status = "Enabled" },
                }, Ct);
        }

        var deleted = 0;
        await using var proxy = new S3Proxy(swift.Port, line =>
            line.StartsWith("DELETE ", StringComparison.Ordinal)
            && line.Contains("versionId=", StringComparison.Ordinal) && Interlocked.Increment(ref deleted) > 1
                ? Verdict.Refuse : Verdict.Pass);
        await using var store = Open(bucket, proxy.Endpoint);
        foreach (var text in new[] { "one", "two" })
        {
            await using var body = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(text));
            await store.PutAsync("k", new ObjectUpload(body), Ct);
        }

        Assert.NotNull(await PermanentDeletion.DeleteAsync(store, "k", Ct));

        Assert.Null(await store.FindAsync("k", Ct));
        Assert.Single(await store.Bucket!.FindVersionsAsync("k", Ct), version => !version.IsMarker);
    }

    private IObjectStore Open(string bucket, string endpoint) => ObjectStores.Open(
        new StoreAddress.S3(bucket, ""), new StoreOptions { S3 = swift.Options with { Endpoint = endpoint } },
        new NoLinkHost(), TimeProvider.System);
}
