using System.Collections.Concurrent;
using System.Net;
using Godwit.EndToEnd.Servers;

namespace Godwit.EndToEnd.Migration;

/// <summary>Whole migrations with the real binary, through each kind of store.</summary>
public sealed class JourneyTests(JourneyServers servers, SwiftServer swift)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_database_arrives_whole_through_a_folder_in_an_app_that_is_created()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Sample, createApp: false);
        rig.StartsProgram = true;

        var end = await rig.RunAsync([.. rig.Migrate, "--create-app"]);

        end.Expect(0).Says("godwit rollback").Says(Path.Combine(rig.RunFolders[0], "report.html"));
        // In a hurry, nobody knows the run's id.
        (await rig.RunAsync("rollback")).Expect(2).Says($"godwit rollback {rig.RunId}");
        await AssertArrivedAsync(rig);
        (await rig.RunAsync("resume", rig.RunId)).Expect(0).Says("rows and 4 large objects of");
        (await rig.RunAsync("status"))
            .Expect(0).Says(rig.RunId).Says("proven").Says("  down ").Says($" → heroku:{rig.App}");
    }

    [Fact]
    public async Task The_sample_database_arrives_whole_through_a_bucket_that_is_empty_afterwards_and_its_link_is_dead()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Sample, createApp: false);
        rig.StartsProgram = true;
        var bucket = await swift.MakeBucketAsync(Ct);
        rig.UseBucket(bucket);
        var links = new ConcurrentQueue<string>();
        await using var line = new S3Proxy(swift.Port, request =>
        {
            if (request.StartsWith("GET ", StringComparison.Ordinal)
                && request.Contains(".dump?", StringComparison.Ordinal)
                && request.Contains("X-Amz-Signature=", StringComparison.Ordinal))
                links.Enqueue(request.Split(' ')[1]);
            return S3Proxy.Verdict.Pass;
        });

        var end = await rig.RunAsync([.. rig.Migrate, "--create-app", "--json", "--s3-endpoint", line.Endpoint]);

        end.Expect(0);
        Assert.Equal("proven", end.Events[^1]["outcome"]!.GetValue<string>());
        Assert.Equal(
            ["assess", "backup", "target", "trial", "freeze", "dump", "link", "restore", "rights", "analyze",
                "settings", "verify", "cutover", "thaw", "stats", "cleanup"],
            end.Events.Where(one => one["event"]!.GetValue<string>() == "step_done")
                .Select(one => one["step"]!.GetValue<string>()));
        await AssertArrivedAsync(rig);
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
        using var client = swift.OpenClient();
        Assert.Empty((await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads ?? []);
        // Godwit has followed the link to check it, and Heroku to restore. Now nobody can.
        Assert.True(links.Count >= 2, $"{links.Count} requests by a signed link");
        using var http = new HttpClient();
        foreach (var link in links.Distinct())
        {
            using var answer = await http.GetAsync(new Uri(line.Endpoint + link), Ct);
            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound,
                $"{answer.StatusCode}");
        }
    }

    [Fact]
    public async Task A_dry_run_prints_the_plan_and_changes_nothing_at_all()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, createApp: false);
        rig.StartsProgram = true;

        var end = await rig.RunAsync([.. rig.Migrate, "--create-app", "--dry-run"]);

        end.Expect(0).Says("Nothing was changed").Says("16  cleanup");
        end.Says($"DATABASE_URL of {rig.App}: the app is not there yet").Says("compared when the target is there");
        Assert.False(Directory.Exists(rig.Home), "the dry run left something in GODWIT_HOME");
        Assert.False(Directory.Exists(rig.StoreFolder), "the dry run left something in the store");
        Assert.False(await rig.AppExistsAsync());
        Assert.True(await rig.IsSourceWritableAsync());
    }

    [Fact]
    public async Task Without_a_freeze_neither_the_source_nor_the_app_is_touched_until_the_cut_over()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.StartsProgram = true;
        var url = Path.Combine(rig.StoreFolder + "-elsewhere", "source-url");
        Directory.CreateDirectory(Path.GetDirectoryName(url)!);
        await File.WriteAllTextAsync(url, rig.SourceUrl.Reveal() + "\n", Ct);

        var end = await rig.RunAsync(
            "migrate", "--from", "file:" + url, "--to", "heroku:" + rig.App, "--via", rig.Via, "--i-have-a-backup",
            "--no-freeze", "--json");

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
