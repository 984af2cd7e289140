using Amazon.S3.Model;
using Godwit.App.Web;
using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Targets;

namespace Godwit.EndToEnd.Assess;

/// <summary>A store is written to, fetched from, and left as it was.</summary>
public sealed class StoreTests(OtherServers servers, JourneyServers journeys, SwiftServer swift) : IDisposable
{
    private static readonly AssessRequest Writes = new() { OnlyLooks = false };

    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-store-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_bucket_is_no_finding_and_nothing_stays_in_it()
    {
        await using var rig = await RigAsync();
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var store = Open(bucket);

        var assessment = await rig.AssessAsync(Writes, Other(rig), store);

        Assert.DoesNotContain(assessment.Findings, IsAboutStore);
        Assert.All(assessment.Checks, check => Assert.True(check.CouldLook, check.Name));
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
    }

    [Fact]
    public async Task Who_only_looks_writes_nothing()
    {
        await using var rig = await RigAsync();
        var bucket = await swift.MakeBucketAsync(Ct);
        var written = 0;
        await using var proxy = new S3Proxy(swift.Port, line =>
        {
            if (!line.StartsWith("GET ", StringComparison.Ordinal)
                && !line.StartsWith("HEAD ", StringComparison.Ordinal))
                Interlocked.Increment(ref written);
            return S3Proxy.Verdict.Pass;
        });
        await using var store = Open(bucket, proxy.Endpoint);

        Assert.DoesNotContain((await rig.AssessAsync(new AssessRequest(), Other(rig), store)).Findings, IsAboutStore);
        Assert.Equal(0, written);
    }

    /// <summary>Swift keeps its access lists from those who ask for them by S3, so it is answered for as AWS
    /// answers.</summary>
    [Theory]
    [InlineData("?acl", """
        <AccessControlPolicy><Owner><ID>me</ID></Owner><AccessControlList><Grant>
        <Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group">
        <URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>
        <Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>
        """, "access control list")]
    [InlineData("?policyStatus", "<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>", "bucket policy")]
    public async Task A_bucket_that_everybody_can_read(string question, string answer, string told)
    {
        await using var rig = await RigAsync();
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port, _ => S3Proxy.Verdict.Pass,
            line => line.Contains(question, StringComparison.Ordinal) ? answer : null);
        await using var store = Open(bucket, proxy.Endpoint);

        var finding = Assert.Single((await rig.AssessAsync(Writes, Other(rig), store)).Findings, IsAboutStore);

        Assert.Equal("assess.store_public", finding.Code);
        Assert.Contains(told, finding.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_whose_objects_anybody_can_fetch()
    {
        await using var rig = await RigAsync();
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port, _ => S3Proxy.Verdict.Pass,
            line => line.Contains("/godwit-probe-", StringComparison.Ordinal)
                && line.StartsWith("GET ", StringComparison.Ordinal) && !line.Contains('?', StringComparison.Ordinal)
                ? "PGDMP and so on" : null);
        await using var store = Open(bucket, proxy.Endpoint);

        Assert.Contains("without any signature",
            Assert.Single((await rig.AssessAsync(Writes, Other(rig), store)).Findings, IsAboutStore).Why,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_say_who_can_read()
    {
        await using var rig = await RigAsync();
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port,
            line => line.Contains("?acl", StringComparison.Ordinal) ? S3Proxy.Verdict.Refuse : S3Proxy.Verdict.Pass);
        await using var store = Open(bucket, proxy.Endpoint);

        var finding = Assert.Single((await rig.AssessAsync(Writes, Other(rig), store)).Findings, IsAboutStore);

        Assert.Equal(("assess.store_privacy_unknown", Severity.Note), (finding.Code, finding.Severity));
        Assert.Contains("s3:GetBucketAcl", finding.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_does_not_lead_to_the_object()
    {
        await using var rig = await RigAsync();
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port, line => line.Contains("X-Amz-Signature=",
            StringComparison.Ordinal) ? S3Proxy.Verdict.Refuse : S3Proxy.Verdict.Pass);
        await using var store = Open(bucket, proxy.Endpoint);

        var finding = Assert.Single((await rig.AssessAsync(Writes, Other(rig), store)).Findings, IsAboutStore);

        Assert.Equal("assess.link_broken", finding.Code);
        Assert.Contains("403", finding.Why, StringComparison.Ordinal);
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
    }

    [Fact]
    public async Task An_upload_that_was_left_behind_days_ago()
    {
        await using var rig = await RigAsync();
        var bucket = await swift.MakeBucketAsync(Ct);
        using (var client = swift.OpenClient())
            await client.InitiateMultipartUploadAsync(
                new InitiateMultipartUploadRequest { BucketName = bucket, Key = "dumps/lost.dump" }, Ct);
        await using var store = Open(bucket);

        Assert.DoesNotContain((await rig.AssessAsync(Writes, Other(rig), store)).Findings, IsAboutStore);

        var later = new FixedClock(DateTime.UtcNow.Year + 1, 6, 1);
        var finding = Assert.Single((await rig.AssessAsync(Writes, Other(rig), store,
            parts => parts with { Clock = later })).Findings, IsAboutStore);
        Assert.Equal("assess.store_leftovers", finding.Code);
        Assert.Contains("1 upload", finding.What, StringComparison.Ordinal);
        Assert.EndsWith($"godwit cleanup --via s3://{bucket}/dumps", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_only_this_machine_can_reach()
    {
        await using var rig = await RigAsync();
        using var app = await AppRig.CreateAsync(journeys, "essential-0");
        await using var store = ObjectStores.Open(StoreAddress.Parse("disk:" + _folder), new StoreOptions(),
            new LinkHost(), TimeProvider.System);

        // A Heroku on this machine can.
        Assert.DoesNotContain((await rig.AssessAsync(Writes, app.Target, store)).Findings, IsAboutStore);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));

        var elsewhere = app.TargetElsewhere;
        var finding = Assert.Single((await rig.AssessAsync(Writes, elsewhere, store)).Findings, IsAboutStore);
        Assert.Equal("assess.link_loopback", finding.Code);
        Assert.Contains("--disk-public-url", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_without_room_for_the_dump()
    {
        await using var rig = await RigAsync();
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.noise AS SELECT gen_random_uuid() AS a, gen_random_uuid() "
            + "AS b FROM generate_series(1, 60000)");
        await using var disk = ObjectStores.Open(StoreAddress.Parse("disk:" + _folder), new StoreOptions(),
            new LinkHost(), TimeProvider.System);
        await using var full = new StoreSaying(disk, freeBytes: 1_000_000);

        Assert.DoesNotContain((await rig.AssessAsync(Writes, Other(rig), disk)).Findings,
            finding => finding.Code == "assess.store_full");

        var finding = Assert.Single((await rig.AssessAsync(Writes, Other(rig), full)).Findings,
            finding => finding.Code == "assess.store_full");
        Assert.Contains("1.0 MB are free", finding.Why, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Without a target Heroku is meant, which cannot follow links to this machine.</summary>
    private static ITarget Other(AssessRig rig) => new PostgresTarget(rig.Address);

    private static bool IsAboutStore(Finding finding) =>
        finding.Code.StartsWith("assess.store", StringComparison.Ordinal)
        || finding.Code.StartsWith("assess.link", StringComparison.Ordinal)
        || finding.Code.StartsWith("storage.", StringComparison.Ordinal);

    private IObjectStore Open(string bucket, string? endpoint = null) => ObjectStores.Open(
        StoreAddress.Parse($"s3://{bucket}/dumps"),
        new StoreOptions { S3 = swift.Options with { Endpoint = endpoint ?? swift.Endpoint } }, new NoLinkHost(),
        TimeProvider.System);

    private async Task<AssessRig> RigAsync() => await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
}
