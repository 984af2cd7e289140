using Amazon.S3.Model;
using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Targets;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Assess;

/// <summary>What a bucket does by itself, what earlier runs left in it, and a bucket that is not there. Swift keeps
/// versions; what it does not know is answered for as AWS documents it.</summary>
public sealed class StoreGuardTests(OtherServers servers, SwiftServer swift)
{
    private const string VersioningOn = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";

    private static readonly AssessRequest Writes = new() { OnlyLooks = false };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bucket_with_versions_keeps_nothing_of_what_was_tried()
    {
        await using var rig = await RigAsync();
        var bucket = await VersionedBucketAsync();
        await using var store = Open(bucket, swift.Endpoint);

        Assert.DoesNotContain((await AssessAsync(rig, store)).Findings, IsAboutStore);
        Assert.Empty(await VersionsAsync(bucket));
    }

    [Fact]
    public async Task A_bucket_whose_old_versions_these_keys_may_not_delete()
    {
        await using var rig = await RigAsync();
        var bucket = await VersionedBucketAsync();
        await using var proxy = new S3Proxy(swift.Port, line => line.StartsWith("DELETE ", StringComparison.Ordinal)
            && line.Contains("versionId=", StringComparison.Ordinal)
            ? Verdict.Refuse : Verdict.Pass);
        await using var store = Open(bucket, proxy.Endpoint);

        var finding = Assert.Single((await AssessAsync(rig, store)).Findings, IsAboutStore);

        Assert.Equal(("assess.store_versions_stay", Severity.Warning), (finding.Code, finding.Severity));
        Assert.Contains("s3:DeleteObjectVersion", finding.Why, StringComparison.Ordinal);
        Assert.NotEmpty(await VersionsAsync(bucket));
    }

    [Fact]
    public async Task A_bucket_that_lets_nothing_be_deleted_is_a_blocker_and_nothing_is_put_there()
    {
        await using var rig = await RigAsync();
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = Answering(("?versioning", VersioningOn), ("?object-lock",
            "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>"
            + "<Mode>COMPLIANCE</Mode><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>"));
        await using var store = Open(bucket, proxy.Endpoint);

        var finding = Assert.Single((await AssessAsync(rig, store)).Findings, IsAboutStore);

        Assert.Equal(("assess.store_locked", Severity.Blocker), (finding.Code, finding.Severity));
        Assert.Contains("COMPLIANCE", finding.Why, StringComparison.Ordinal);
        Assert.Contains(DateTime.UtcNow.AddDays(30).ToString("yyyy-MM-dd",
            System.Globalization.CultureInfo.InvariantCulture), finding.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?requestPayment",
        "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>",
        "assess.store_requester_pays")]
    [InlineData("?lifecycle",
        "<LifecycleConfiguration><Rule><ID>x</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter><Expiration>"
        + "<Date>2020-01-01T00:00:00Z</Date></Expiration></Rule></LifecycleConfiguration>",
        "assess.store_deletes")]
    public async Task What_a_bucket_does_by_itself(string question, string answer, string code)
    {
        await using var rig = await RigAsync();
        await using var proxy = Answering((question, answer));
        await using var store = Open(await swift.MakeBucketAsync(Ct), proxy.Endpoint);

        Assert.Equal(code, Assert.Single((await AssessAsync(rig, store)).Findings, IsAboutStore).Code);
    }

    [Fact]
    public async Task Encryption_is_told_and_rules_of_others_are_not()
    {
        await using var rig = await RigAsync();
        await using var proxy = Answering(
            ("?encryption", "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
                + "<SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>"
                + "</ServerSideEncryptionConfiguration>"),
            ("?lifecycle", "<LifecycleConfiguration><Rule><Status>Enabled</Status><Filter><Prefix>logs/</Prefix>"
                + "</Filter><Expiration><Date>2020-01-01T00:00:00Z</Date></Expiration></Rule>"
                + "<Rule><Status>Enabled</Status><Filter><Prefix>dumps/</Prefix></Filter><Expiration><Days>7</Days>"
                + "</Expiration></Rule></LifecycleConfiguration>"));
        await using var store = Open(await swift.MakeBucketAsync(Ct), proxy.Endpoint);

        var assessment = await AssessAsync(rig, store);

        Assert.DoesNotContain(assessment.Findings, IsAboutStore);
        Assert.Contains(new("store at rest", "encrypted by the service: aws:kms"), assessment.Facts);
        Assert.Contains(new("store deletes", "what is 7 days old"), assessment.Facts);
    }

    [Fact]
    public async Task Keys_that_may_not_ask_whether_it_is_encrypted()
    {
        await using var rig = await RigAsync();
        await using var proxy = new S3Proxy(swift.Port,
            line => line.Contains("?encryption", StringComparison.Ordinal) ? Verdict.Refuse : Verdict.Pass);
        await using var store = Open(await swift.MakeBucketAsync(Ct), proxy.Endpoint);

        var finding = Assert.Single((await AssessAsync(rig, store)).Findings, IsAboutStore);

        Assert.Equal(("assess.store_unencrypted", Severity.Note), (finding.Code, finding.Severity));
        Assert.Contains("s3:GetEncryptionConfiguration", finding.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dumps_of_earlier_runs_of_this_machine_are_named_with_the_command_that_removes_them()
    {
        await using var rig = await RigAsync();
        await using var store = Open(await swift.MakeBucketAsync(Ct), swift.Endpoint);
        foreach (var run in new[] { "20260101-000000-aaaa", "20260202-000000-bbbb" })
            await store.PutAsync(GodwitKeys.DumpOf(run), new ObjectUpload(new MemoryStream(new byte[1000])), Ct);

        var finding = Assert.Single(
            (await rig.AssessAsync(Writes, Other(rig), store, parts => parts with
            {
                EarlierRuns = new HashSet<string> { "20260202-000000-bbbb", "20260303-000000-cccc" },
            })).Findings,
            IsAboutStore);

        Assert.Equal(("assess.store_dumps", Severity.Note), (finding.Code, finding.Severity));
        Assert.EndsWith("godwit cleanup 20260202-000000-bbbb", finding.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("aaaa", finding.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_is_made_when_that_was_asked_for_and_only_then()
    {
        await using var rig = await RigAsync();
        await swift.StartAsync(Ct);
        await using var store = Open("godwit-asked-" + Guid.NewGuid().ToString("n")[..10], swift.Endpoint);
        var creation = store.Bucket!;

        var first = await AssessAsync(rig, store);
        Assert.Equal("storage.bucket_missing", Assert.Single(first.Findings, IsAboutStore).Code);
        var asking = Writes with { CreatesStore = true };
        Assert.Equal("assess.store_not_made_yet",
            Assert.Single((await AssessAsync(rig, store, asking)).Findings, IsAboutStore).Code);
        // Whatever else stands in the way here, a person takes on.
        asking = asking with { Accept = [.. first.Blockers.Select(one => one.Code)] };
        Assert.Equal("assess.store_would_be_made",
            Assert.Single((await AssessAsync(rig, store, new() { CreatesStore = true })).Findings, IsAboutStore).Code);
        Assert.False(await creation.ExistsAsync(Ct));

        var made = Assert.Single((await AssessAsync(rig, store, asking)).Findings, IsAboutStore);
        Assert.Equal("assess.store_made", made.Code);
        Assert.Contains("it is private", made.Why, StringComparison.Ordinal);
        Assert.True(await creation.ExistsAsync(Ct));
        Assert.DoesNotContain((await AssessAsync(rig, store, asking)).Findings, IsAboutStore);
    }

    private static bool IsAboutStore(Finding finding) =>
        finding.Code.StartsWith("assess.store", StringComparison.Ordinal)
        || finding.Code.StartsWith("assess.link", StringComparison.Ordinal)
        || finding.Code.StartsWith("storage.", StringComparison.Ordinal);

    private static ITarget Other(AssessRig rig) => new PostgresTarget(rig.Address);

    private static Task<Assessment> AssessAsync(AssessRig rig, IObjectStore store, AssessRequest? wishes = null) =>
        rig.AssessAsync(wishes ?? Writes, Other(rig), store);

    private S3Proxy Answering(params (string Question, string Answer)[] answers) => new(swift.Port, _ => Verdict.Pass,
        line => answers.Where(one => line.StartsWith("GET ", StringComparison.Ordinal)
            && line.Contains(one.Question, StringComparison.Ordinal)).Select(one => one.Answer).FirstOrDefault());

    private async Task<string> VersionedBucketAsync()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        using var client = swift.OpenClient();
        await client.PutBucketVersioningAsync(
            new PutBucketVersioningRequest
            {
                BucketName = bucket, VersioningConfig = new S3BucketVersioningConfig { Status = "Enabled" },
            }, Ct);
        return bucket;
    }

    private async Task<IReadOnlyList<S3ObjectVersion>> VersionsAsync(string bucket)
    {
        using var client = swift.OpenClient();
        return (await client.ListVersionsAsync(bucket, Ct)).Versions ?? [];
    }

    private static IObjectStore Open(string bucket, string endpoint) => ObjectStores.Open(
        StoreAddress.Parse($"s3://{bucket}/dumps"),
        new StoreOptions { S3 = new S3Options { Endpoint = endpoint, Keys = SwiftServer.Keys } }, new NoLinkHost(),
        TimeProvider.System);

    private async Task<AssessRig> RigAsync() => await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
}
