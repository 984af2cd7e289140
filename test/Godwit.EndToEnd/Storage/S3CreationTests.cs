using System.Collections.Concurrent;
using System.Security.Cryptography;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Buckets;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Storage;

/// <summary>A bucket is made closed, or not at all. What Swift does not know (blocking, encryption, rules) is answered
/// for as AWS documents it.</summary>
public sealed class S3CreationTests(SwiftServer swift)
{
    private readonly string _bucket = "godwit-made-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bucket_is_made_and_can_be_used_and_what_the_service_does_not_know_is_told()
    {
        await swift.StartAsync(Ct);
        await using var store = Open(swift.Endpoint);
        var creation = store.Bucket!;
        Assert.False(await creation.ExistsAsync(Ct));

        var made = await creation.CreateAsync(StoreUse.PassingThrough, Ct);

        Assert.True(made.Created);
        Assert.Equal(["it is private"], made.Protections);
        Assert.Equal(3, made.Notes.Count);
        Assert.True(await creation.ExistsAsync(Ct));
        await store.CheckWritableAsync(Ct);
        Assert.Empty(await swift.KeptAsync(_bucket, Ct));
    }

    [Fact]
    public async Task A_bucket_that_is_there_stays_as_it_is()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        var calls = new ConcurrentQueue<string>();
        await using var proxy = new S3Proxy(swift.Port, line =>
        {
            calls.Enqueue(line);
            return Verdict.Pass;
        });
        await using var store = Open(proxy.Endpoint, bucket);

        Assert.False((await store.Bucket!.CreateAsync(StoreUse.PassingThrough, Ct)).Created);
        Assert.StartsWith("GET ", Assert.Single(calls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_whose_making_was_never_answered_is_closed_too()
    {
        await swift.StartAsync(Ct);
        var isLost = false;
        await using var proxy = new S3Proxy(swift.Port, line =>
        {
            var isMaking = line.StartsWith($"PUT /{_bucket} ", StringComparison.Ordinal)
                || line.StartsWith($"PUT /{_bucket}/ ", StringComparison.Ordinal);
            return isMaking && !isLost && (isLost = true) ? Verdict.LoseAnswer : Verdict.Pass;
        });
        await using var store = Open(proxy.Endpoint);

        var made = await store.Bucket!.CreateAsync(StoreUse.PassingThrough, Ct);

        Assert.True(isLost);
        Assert.True(made.Created);
        Assert.Equal(["it is private"], made.Protections);
    }

    [Fact]
    public async Task A_service_that_knows_everything_is_asked_for_everything()
    {
        await swift.StartAsync(Ct);
        var wanted = new ConcurrentQueue<string>();
        await using var proxy = new S3Proxy(swift.Port, _ => Verdict.Pass, line =>
        {
            if (line.StartsWith("PUT ", StringComparison.Ordinal) && line.Contains('?', StringComparison.Ordinal))
                wanted.Enqueue(line.Split(' ')[1].Split('?')[1]);
            return AsAws(line, wanted);
        });
        await using var store = Open(proxy.Endpoint);

        var made = await store.Bucket!.CreateAsync(StoreUse.PassingThrough, Ct);

        Assert.Empty(made.Notes);
        Assert.Equal(
            ["public access to it is blocked", "what lies in it is encrypted at rest (AES256)",
                "what is named dumps/godwit-… is deleted after 7 days; unfinished uploads of it too"],
            made.Protections);
        Assert.Equal(["publicAccessBlock", "encryption", "lifecycle"], wanted.Select(one => one.Split('=')[0]));
    }

    /// <summary>The service answers with the rule for uploads alone: who asked for another one would call it
    /// refused.</summary>
    [Fact]
    public async Task A_bucket_for_dumps_that_are_kept_has_no_rule_that_deletes_them()
    {
        await swift.StartAsync(Ct);
        var wanted = new ConcurrentQueue<string>();
        await using var proxy = new S3Proxy(swift.Port, _ => Verdict.Pass, line =>
            line.StartsWith("GET ", StringComparison.Ordinal) && line.Contains("?lifecycle", StringComparison.Ordinal)
                ? "<LifecycleConfiguration><Rule><ID>godwit</ID><Status>Enabled</Status><Filter>"
                    + "<Prefix>dumps/</Prefix></Filter>"
                    + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation>"
                    + "</AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>"
                : AsAws(line, wanted));
        await using var store = Open(proxy.Endpoint);

        var made = await store.Bucket!.CreateAsync(StoreUse.Keeping, Ct);

        Assert.Contains("unfinished uploads to it are deleted after 7 days", made.Protections);
        Assert.DoesNotContain(made.Protections, one => one.Contains("godwit-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bucket_that_turns_out_open_is_removed_again()
    {
        await swift.StartAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port, _ => Verdict.Pass,
            line => line.Contains("?policyStatus", StringComparison.Ordinal)
                ? "<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>" : null);
        await using var store = Open(proxy.Endpoint);

        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            store.Bucket!.CreateAsync(StoreUse.PassingThrough, Ct));

        Assert.Equal("storage.creation_not_private", thrown.Fault.Code);
        Assert.Contains("removed again", thrown.Fault.Remedy, StringComparison.Ordinal);
        Assert.False(await store.Bucket!.ExistsAsync(Ct));
    }

    [Fact]
    public async Task A_bucket_of_somebody_else_is_told_as_such()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var store = Open(swift.Endpoint, bucket, new S3Keys("test:stranger", new Secret("strange")));

        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            store.Bucket!.CreateAsync(StoreUse.PassingThrough, Ct));

        Assert.Equal("storage.name_taken", thrown.Fault.Code);
    }

    [Fact]
    public async Task Keys_that_may_not_make_buckets()
    {
        await swift.StartAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port,
            line => line.StartsWith("PUT ", StringComparison.Ordinal) ? Verdict.Refuse : Verdict.Pass);
        await using var store = Open(proxy.Endpoint);

        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            store.Bucket!.CreateAsync(StoreUse.PassingThrough, Ct));

        Assert.Equal("storage.creation_forbidden", thrown.Fault.Code);
        Assert.Contains("s3:CreateBucket", thrown.Fault.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("With-Capitals", "capital")]
    [InlineData("under_score", "underscore")]
    [InlineData("-begins", "begins and ends")]
    [InlineData("with.dots", "dots")]
    [InlineData("xn--name", "reserved")]
    [InlineData("name-s3alias", "reserved")]
    public async Task A_name_that_no_new_bucket_may_have(string name, string told)
    {
        await swift.StartAsync(Ct);
        await using var store = Open(swift.Endpoint, name);

        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            store.Bucket!.CreateAsync(StoreUse.PassingThrough, Ct));

        Assert.Equal("storage.name_refused", thrown.Fault.Code);
        Assert.Contains(told, thrown.Fault.Why, StringComparison.Ordinal);
    }

    /// <summary>https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html and its
    /// neighbours.</summary>
    private static string? AsAws(string line, IReadOnlyCollection<string> put) =>
        line.Split('?', ' ') is not [var verb, _, var question, _] ? null
            : question.Split('=')[0] switch
            {
                _ when verb == "PUT" => "",
                "publicAccessBlock" => "<PublicAccessBlockConfiguration><IgnorePublicAcls>true</IgnorePublicAcls>"
                    + "<RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>",
                "encryption" => put.Contains("encryption")
                    ? "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
                        + "<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>"
                        + "</ServerSideEncryptionConfiguration>"
                    : "<ServerSideEncryptionConfiguration></ServerSideEncryptionConfiguration>",
                "lifecycle" => "<LifecycleConfiguration><Rule><ID>godwit</ID><Status>Enabled</Status><Filter>"
                    + "<Prefix>dumps/</Prefix></Filter><Expiration><Days>7</Days></Expiration></Rule>"
                    + "</LifecycleConfiguration>",
                _ => null,
            };

    private IObjectStore Open(string endpoint, string? bucket = null, S3Keys? keys = null) => ObjectStores.Open(
        new StoreAddress.S3(bucket ?? _bucket, "dumps"),
        new StoreOptions { S3 = swift.Options with { Endpoint = endpoint, Keys = keys ?? SwiftServer.Keys } },
        new NoLinkHost(), TimeProvider.System);
}
