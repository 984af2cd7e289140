using Godwit.EndToEnd.Servers;

namespace Godwit.EndToEnd.Migration;

/// <summary>The whole way, with the real binary, through each kind of store.</summary>
public sealed class JourneyTests(JourneyServers servers, SwiftServer swift)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_database_arrives_whole_through_a_folder_in_an_app_that_is_created()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Sample, createApp: false);

        var end = await rig.RunAsync([.. rig.Migrate, "--create-app"]);

        end.Expect(0).Says("godwit rollback").Says(Path.Combine(rig.RunFolders[0], "report.html"));
        await AssertArrivedAsync(rig);
        (await rig.RunAsync("resume", rig.RunId)).Expect(0).Says("rows and 4 large objects of");
        (await rig.RunAsync("status")).Expect(0).Says(rig.RunId).Says("proven");
    }

    [Fact]
    public async Task The_sample_database_arrives_whole_through_a_bucket_and_every_line_of_json_is_json()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Sample, createApp: false);
        var bucket = await swift.MakeBucketAsync(Ct);
        rig.UseBucket(bucket);

        var end = await rig.RunAsync([.. rig.Migrate, "--create-app", "--json", "--s3-endpoint", swift.Endpoint]);

        end.Expect(0);
        Assert.Equal("proven", end.Events[^1]["outcome"]!.GetValue<string>());
        Assert.Equal(
            ["assess", "backup", "target", "freeze", "dump", "link", "restore", "settings", "verify", "cutover", "thaw", "cleanup"],
            end.Events.Where(one => one["event"]!.GetValue<string>() == "step_done").Select(one => one["step"]!.GetValue<string>()));
        await AssertArrivedAsync(rig);
        using var client = swift.OpenClient();
        Assert.Empty((await client.ListObjectsV2Async(new() { BucketName = bucket }, Ct)).S3Objects ?? []);
        Assert.Empty((await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads ?? []);
    }

    [Fact]
    public async Task A_dry_run_prints_the_plan_and_changes_nothing_at_all()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, createApp: false);

        var end = await rig.RunAsync([.. rig.Migrate, "--create-app", "--dry-run"]);

        end.Expect(0).Says("Nothing was changed").Says("12  cleanup");
        Assert.False(Directory.Exists(rig.Home), "the dry run left something in GODWIT_HOME");
        Assert.False(Directory.Exists(rig.StoreFolder), "the dry run left something in the store");
        Assert.False(await rig.AppExistsAsync());
        Assert.True(await rig.IsSourceWritableAsync());
    }

    [Fact]
    public async Task Without_a_freeze_neither_the_source_nor_the_app_is_touched_until_the_cut_over()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var url = Path.Combine(rig.StoreFolder + "-elsewhere", "source-url");
        Directory.CreateDirectory(Path.GetDirectoryName(url)!);
        await File.WriteAllTextAsync(url, rig.SourceUrl.Reveal() + "\n", Ct);

        var end = await rig.RunAsync(
            "migrate", "--from", "file:" + url, "--to", "heroku:" + rig.App, "--via", rig.Via, "--i-have-a-backup", "--no-freeze", "--json");

        end.Expect(0);
        await rig.AssertEverythingIsAsBeforeAsync();
        await rig.AssertTargetEqualsSourceAsync();
        (await rig.RunAsync("rollback", rig.RunId, "--confirm", rig.App)).Expect(0);
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    private static async Task AssertArrivedAsync(GodwitRig rig)
    {
        await rig.AssertProvenAsync();
        foreach (var name in new[] { "report.html", "report.json", "report.txt" })
            Assert.NotEmpty(await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], name), Ct));
    }
}
