using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Storage;

namespace Godwit.EndToEnd.Cleanup;

/// <summary>What runs leave in a bucket is shown, removed when somebody agrees, and gone then.</summary>
public sealed class CleanupTests(JourneyServers servers, SwiftServer swift)
{
    private const string Run = "20260102-030405-abcd";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dump_killed_in_mid_upload_is_told_shown_and_removed()
    {
        await using var rig = await RigAsync(SourceContents.Slow);
        var bucket = await BucketAsync(rig);
        var dump = rig.Start("dump", "--from", "env:SOURCE_URL", "--to", $"{rig.Via}/{GodwitKeys.DumpOf(Run)}",
            "--compress", "0", "--json");
        using var client = swift.OpenClient();
        await UntilUploadingAsync(client, bucket);
        await dump.KillAsync();

        (await rig.RunAsync("cleanup", "--via", rig.Via)).Expect(0).Says("younger than --older-than");
        (await rig.RunAsync("cleanup", "--via", rig.Via, "--older-than", "0s"))
            .Expect(1).Says("unfinished upload").Says(GodwitKeys.DumpOf(Run)).Says("add --yes");
        Assert.NotEmpty((await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads ?? []);

        (await rig.RunAsync("cleanup", "--via", rig.Via, "--older-than", "0s", "--yes"))
            .Expect(0).Says("nothing of it is there any more");

        Assert.Empty((await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads ?? []);
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
    }

    [Fact]
    public async Task A_run_killed_in_mid_upload_is_left_to_resume_and_rollback_also_by_a_cleanup_of_its_store()
    {
        await using var rig = await RigAsync(SourceContents.Slow);
        var bucket = await BucketAsync(rig);
        var first = rig.Start([.. rig.Migrate, "--json"]);
        using var client = swift.OpenClient();
        await UntilUploadingAsync(client, bucket);
        // Its upload must not end while the others look.
        await first.SignalAsync("STOP");
        // Nobody touches a run that is being worked on.
        (await rig.RunAsync("cleanup", rig.RunId, "--yes")).Expect(1).Says("journal.busy");
        await first.KillAsync();

        (await rig.RunAsync("cleanup", "--yes")).Expect(1).Says("run.frozen").Says($"godwit rollback {rig.RunId}");
        (await rig.RunAsync("cleanup", "--via", rig.Via, "--older-than", "0s", "--yes"))
            .Expect(0).Says($"godwit rollback {rig.RunId}");
        Assert.NotEmpty((await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads ?? []);

        // Another machine knows nothing of that run.
        var home = rig.Home;
        rig.Home += "-elsewhere";
        (await rig.RunAsync("cleanup", "--via", rig.Via, "--older-than", "0s", "--yes")).Expect(0);
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
        rig.Home = home;

        // Whoever names the run wants what it changed put back.
        (await rig.RunAsync("cleanup", rig.RunId)).Expect(1)
            .Says("to be put back").Says("the source is read-only").Says($"{rig.App} is in maintenance")
            .Says("worker=2").Says("Nothing was removed");
        Assert.False(await rig.IsSourceWritableAsync());
        (await rig.RunAsync("cleanup", rig.RunId, "--yes")).Expect(0).Says("nothing of it is there any more");
        await rig.AssertEverythingIsAsBeforeAsync();
        (await rig.RunAsync("cleanup", rig.RunId)).Expect(0).Says("nothing to remove");
    }

    [Fact]
    public async Task After_a_run_its_dump_that_is_still_there_is_removed_with_every_old_version_of_it()
    {
        await using var rig = await RigAsync();
        var bucket = await BucketAsync(rig);
        using var client = swift.OpenClient();
        await client.PutBucketVersioningAsync(new PutBucketVersioningRequest
        {
            BucketName = bucket, VersioningConfig = new S3BucketVersioningConfig { Status = "Enabled" },
        }, Ct);
        (await rig.RunAsync(rig.Migrate)).Expect(0);
        Assert.Empty((await client.ListVersionsAsync(bucket, Ct)).Versions ?? []);
        // Somebody put it back: as a bucket restored from a backup has it.
        foreach (var text in new[] { "one", "two" })
            await client.PutObjectAsync(new PutObjectRequest
            {
                BucketName = bucket, Key = $"dumps/{GodwitKeys.DumpOf(rig.RunId)}", ContentBody = text,
                UseChunkEncoding = false,
            }, Ct);
        await client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket, Key = $"dumps/{GodwitKeys.DumpOf(Run)}", ContentBody = "of another",
            UseChunkEncoding = false,
        }, Ct);

        (await rig.RunAsync("cleanup")).Expect(1).Says("old version").Says("add --yes");
        Assert.Equal(3, (await client.ListVersionsAsync(bucket, Ct)).Versions.Count);

        var told = JsonNode.Parse((await rig.RunAsync("cleanup", rig.RunId, "--yes", "--json")).Expect(0).Output)!;
        Assert.Equal("removed", told["outcome"]!.GetValue<string>());
        Assert.Equal(["dump", "old_version"],
            told["leftovers"]!.AsArray().Select(one => one!["kind"]!.GetValue<string>()));
        Assert.Equal(GodwitKeys.DumpOf(Run),
            Path.GetFileName(Assert.Single((await client.ListVersionsAsync(bucket, Ct)).Versions).Key));
        (await rig.RunAsync("cleanup", "--all")).Expect(0).Says("nothing to remove");
    }

    [Fact]
    public async Task Uploads_of_checks_go_at_once_and_their_objects_when_they_are_old_and_those_of_others_stay()
    {
        await using var rig = await RigAsync();
        var bucket = await BucketAsync(rig);
        using var client = swift.OpenClient();
        var dump = $"dumps/{GodwitKeys.DumpOf(Run)}";
        foreach (var key in new[] { "dumps/godwit-probe-0a1b2c3d", "dumps/mine.txt", dump })
            await client.PutObjectAsync(
                new() { BucketName = bucket, Key = key, ContentBody = "text", UseChunkEncoding = false }, Ct);
        foreach (var key in new[] { "dumps/godwit-write-check", "dumps/video.mp4", "elsewhere/godwit-write-check" })
            await client.InitiateMultipartUploadAsync(
                new InitiateMultipartUploadRequest { BucketName = bucket, Key = key }, Ct);

        (await rig.RunAsync("cleanup", "--via", rig.Via, "--yes"))
            .Expect(0).Says("Removed 1 of 1").Says("godwit-write-check").Says("younger than --older-than");
        var end = (await rig.RunAsync("cleanup", "--via", rig.Via, "--older-than", "0s", "--yes")).Expect(0);
        end.Says("Removed 1 of 1").Says("video.mp4").Says("it is whole, and may be wanted");

        Assert.Equal([dump, "dumps/mine.txt"],
            (await client.ListObjectsV2Async(new() { BucketName = bucket }, Ct)).S3Objects.Select(one => one.Key));
        Assert.Equal(["dumps/video.mp4", "elsewhere/godwit-write-check"],
            (await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads.Select(one => one.Key));
    }

    [Fact]
    public async Task What_a_runs_checks_left_goes_with_the_run_and_another_runs_stays()
    {
        await using var rig = await RigAsync();
        var bucket = await BucketAsync(rig);
        using var client = swift.OpenClient();
        (await rig.RunAsync([.. rig.Migrate])).Expect(0);
        // As if it had been killed while it assessed.
        foreach (var run in new[] { rig.RunId, Run })
            await client.PutObjectAsync(new PutObjectRequest
            {
                BucketName = bucket, Key = $"dumps/{GodwitKeys.ProbeOf(run)}", ContentBody = "text",
                UseChunkEncoding = false,
            }, Ct);
        await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = "dumps/godwit-write-check" }, Ct);

        (await rig.RunAsync("cleanup", rig.RunId, "--yes")).Expect(0).Says("Removed 2 of 2");

        Assert.Equal([$"dumps/{GodwitKeys.ProbeOf(Run)}"],
            (await client.ListObjectsV2Async(new() { BucketName = bucket }, Ct)).S3Objects.Select(one => one.Key));
        Assert.Empty((await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads ?? []);
    }

    [Fact]
    public async Task What_only_looks_like_godwits_stays_and_so_do_old_versions_of_a_run_that_nobody_named()
    {
        await using var rig = await RigAsync();
        var bucket = await BucketAsync(rig);
        using var client = swift.OpenClient();
        await client.PutBucketVersioningAsync(new PutBucketVersioningRequest
        {
            BucketName = bucket, VersioningConfig = new S3BucketVersioningConfig { Status = "Enabled" },
        }, Ct);
        var dump = $"dumps/{GodwitKeys.DumpOf(Run)}";
        foreach (var key in new[] { "dumps/godwit-2026.dump", "dumps/godwit-probe-results.csv", dump, dump })
            await client.PutObjectAsync(
                new() { BucketName = bucket, Key = key, ContentBody = "text", UseChunkEncoding = false }, Ct);

        (await rig.RunAsync("cleanup", "--via", rig.Via, "--older-than", "0s", "--yes"))
            .Expect(0).Says("it is whole, and may be wanted");

        Assert.Equal(4, (await client.ListVersionsAsync(bucket, Ct)).Versions.Count);
    }

    [Fact]
    public async Task An_upload_that_began_long_ago_and_goes_on_is_in_use()
    {
        await using var rig = await RigAsync();
        var bucket = await BucketAsync(rig);
        using var client = swift.OpenClient();
        var key = $"dumps/{GodwitKeys.DumpOf(Run)}";
        var id = (await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = key }, Ct)).UploadId;
        await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = bucket, Key = key, UploadId = id, PartNumber = 1,
                InputStream = new MemoryStream(new byte[100]), UseChunkEncoding = false,
            }, Ct);
        await using var proxy = new S3Proxy(swift.Port, _ => S3Proxy.Verdict.Pass, line => !line.StartsWith("GET ",
            StringComparison.Ordinal) || !line.Contains("uploads", StringComparison.Ordinal) ? null
            : $"<ListMultipartUploadsResult><Bucket>{bucket}</Bucket><IsTruncated>false</IsTruncated><Upload>"
                + $"<Key>{key}</Key><UploadId>{id}</UploadId>"
                + "<Initiated>2020-01-01T00:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>");
        rig.Environment["AWS_ENDPOINT_URL_S3"] = new(proxy.Endpoint);

        (await rig.RunAsync("cleanup", "--via", rig.Via, "--yes")).Expect(0).Says("younger than --older-than");

        Assert.Single((await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads);
    }

    [Fact]
    public async Task Keys_that_may_look_and_not_delete_leave_it_to_a_person()
    {
        await using var rig = await RigAsync();
        var bucket = await BucketAsync(rig);
        using var client = swift.OpenClient();
        await client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket, Key = "dumps/godwit-probe-0a1b2c3d", ContentBody = "text", UseChunkEncoding = false,
        }, Ct);
        await using var proxy = new S3Proxy(swift.Port, line =>
            line.StartsWith("DELETE ", StringComparison.Ordinal) ? S3Proxy.Verdict.Refuse : S3Proxy.Verdict.Pass);
        rig.Environment["AWS_ENDPOINT_URL_S3"] = new(proxy.Endpoint);

        (await rig.RunAsync("cleanup", "--via", rig.Via, "--older-than", "0s", "--yes")).Expect(4)
            .Says("Removed 0 of 1").Says("s3:DeleteObject").Says("cli.not_removed");
    }

    [Fact]
    public async Task Nothing_to_look_at()
    {
        await using var rig = await RigAsync();
        await BucketAsync(rig);
        (await rig.RunAsync("cleanup", "--yes")).Expect(2).Says("cli.no_run_to_clean");
        (await rig.RunAsync("cleanup", Run)).Expect(2).Says("journal.no_such_run");
        (await rig.RunAsync("cleanup", "--all", "--via", rig.Via)).Expect(2).Says("--via names a store");
        (await rig.RunAsync("cleanup", "--via", rig.Via, "--older-than", "soon")).Expect(2).Says("12h");
        rig.Environment["AWS_ENDPOINT_URL_S3"] = new("http://127.0.0.1:9");
        (await rig.RunAsync("cleanup", "--via", rig.Via)).Expect(3).Says("storage.unreachable");
    }

    [Fact]
    public async Task A_folder_of_the_disk_is_cleaned_as_a_bucket_is()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var dump = rig.Start("dump", "--from", "env:SOURCE_URL", "--to", $"disk:{rig.StoreFolder}/shop.dump",
            "--compress", "0", "--json");
        await dump.EventAsync("bytes_moved", "dump");
        await dump.SignalAsync("STOP");
        string[] cleanup = ["cleanup", "--via", "disk:" + rig.StoreFolder, "--older-than", "0s", "--yes"];
        (await rig.RunAsync(cleanup)).Expect(0).Says("nothing to remove");
        await dump.KillAsync();
        Assert.NotEmpty(rig.StoreFiles);
        (await rig.RunAsync(cleanup)).Expect(0).Says("Removed 1 of 1");
        Assert.Empty(rig.StoreFiles);
    }

    [Fact]
    public async Task A_migration_makes_its_bucket_and_leaves_it_empty()
    {
        await using var rig = await RigAsync();
        await swift.StartAsync(Ct);
        var bucket = "godwit-journey-" + Guid.NewGuid().ToString("n")[..10];
        rig.UseBucket(bucket);

        Assert.Contains("--create-store", (await rig.StopsAsync(1, "storage.bucket_missing")).Next,
            StringComparison.Ordinal);
        (await rig.RunAsync([.. rig.Migrate, "--create-store", "--dry-run"])).Expect(0).Says("a run would create it");
        (await rig.RunAsync([.. rig.Migrate, "--create-store"]))
            .Expect(0).Says("was created for this run").Says("was made by this run, and stays");

        Assert.Empty(await swift.KeptAsync(bucket, Ct));
        (await rig.RunAsync("dump", "--from", "env:SOURCE_URL", "--to", $"s3://{bucket}-2/shop.dump", "--create-store"))
            .Expect(0).Says("was made");
    }

    /// <summary>The check before it begins an upload too, and abandons it.</summary>
    private static async Task UntilUploadingAsync(AmazonS3Client client, string bucket)
    {
        while ((await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads?.Exists(IsOfDump) != true)
            await Task.Delay(20, Ct);
    }

    private static bool IsOfDump(MultipartUpload one) => one.Key.EndsWith(".dump", StringComparison.Ordinal);

    private async Task<GodwitRig> RigAsync(SourceContents contents = SourceContents.Small)
    {
        await swift.StartAsync(Ct);
        var rig = await GodwitRig.CreateAsync(servers, contents);
        rig.Environment["AWS_ENDPOINT_URL_S3"] = new(swift.Endpoint);
        rig.Environment["AWS_REGION"] = new("us-east-1");
        return rig;
    }

    private async Task<string> BucketAsync(GodwitRig rig)
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        rig.UseBucket(bucket);
        return bucket;
    }
}
