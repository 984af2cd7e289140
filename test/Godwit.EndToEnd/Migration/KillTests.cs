using System.Text.RegularExpressions;
using Godwit.EndToEnd.Servers;

namespace Godwit.EndToEnd.Migration;

/// <summary>kill -9 at every critical point, then godwit resume or godwit rollback.</summary>
public sealed class KillTests(JourneyServers servers)
{
    [Theory]
    [InlineData("assess")]
    [InlineData("backup")]
    [InlineData("target")]
    [InlineData("trial")]
    [InlineData("freeze")]
    [InlineData("dump")]
    [InlineData("link")]
    [InlineData("restore")]
    [InlineData("rights")]
    [InlineData("analyze")]
    [InlineData("settings")]
    [InlineData("verify")]
    [InlineData("cutover")]
    [InlineData("thaw")]
    [InlineData("stats")]
    [InlineData("cleanup")]
    public async Task A_run_killed_behind_any_step_is_resumed_to_its_proof(string step)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.EventAsync("step_done", step);
        await first.KillAsync();

        var resumed = await rig.RunAsync("resume", rig.RunId);

        resumed.Expect(0);
        await rig.AssertProvenAsync();
        Assert.Single(rig.RunFolders);
        (await rig.RunAsync("status")).Expect(0).Says("proven");
    }
}

/// <summary>kill -9 in the middle of long steps.</summary>
public sealed class KillInTheMiddleTests(JourneyServers servers, SwiftServer swift)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_killed_in_the_middle_of_its_dump_is_resumed_to_its_proof()
    {
        await using var rig = await KilledInMidDumpAsync();
        Assert.NotEmpty(rig.StoreFiles);

        (await rig.RunAsync("resume")).Expect(0);

        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_run_killed_in_the_middle_of_its_dump_is_rolled_back_as_if_it_had_never_been()
    {
        await using var rig = await KilledInMidDumpAsync();

        (await rig.RunAsync("rollback")).Expect(0);

        await rig.AssertEverythingIsAsBeforeAsync();
        (await rig.RunAsync("status")).Expect(0).Says("rolled back");
    }

    /// <summary>An older version's journal does not have the traits of its steps.</summary>
    [Theory]
    [InlineData("resume")]
    [InlineData("rollback")]
    public async Task A_run_that_an_older_version_began_is_resumed_and_rolled_back(string command)
    {
        await using var rig = await KilledInMidDumpAsync();
        var journal = Path.Combine(rig.RunFolders.Single(), "journal.jsonl");
        var lines = await File.ReadAllTextAsync(journal, Ct);
        var older = Regex.Replace(lines, ",\"traits\":\"[a-z_, ]*\"", "");
        Assert.NotEqual(lines, older);
        await File.WriteAllTextAsync(journal, older, Ct);

        (await rig.RunAsync(command)).Expect(0);

        if (command == "resume")
            await rig.AssertProvenAsync();
        else
            await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task A_resume_that_fails_before_it_comes_to_the_freeze_ends_the_freeze_all_the_same()
    {
        await using var rig = await KilledInMidDumpAsync();
        Assert.False(await rig.IsSourceWritableAsync());

        // Without a valid token, the app cannot be restored, and the run says so.
        rig.Environment["HEROKU_API_KEY"] = new("expired");
        (await rig.RunAsync("resume")).Expect(4).Says("godwit rollback");
        Assert.True(await rig.IsSourceWritableAsync());
        Assert.True(await rig.IsInMaintenanceAsync());
        rig.Environment["HEROKU_API_KEY"] = rig.Heroku.Token;

        rig.HidePgDump();
        (await rig.RunAsync("resume")).Expect(3).Says("postgres.tools_missing");
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task A_run_killed_in_the_middle_of_its_restore_is_resumed_to_its_proof()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.LineAsync(line => line.Contains("\"bytes_moved\"", StringComparison.Ordinal)
            && line.Contains("\"step\":\"restore\"", StringComparison.Ordinal));
        await first.KillAsync();
        Assert.DoesNotContain("\"step\":\"settings\"", (await first.EndAsync()).Output, StringComparison.Ordinal);

        (await rig.RunAsync("resume")).Expect(0);

        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_run_killed_in_the_middle_of_its_restore_is_rolled_back_and_the_restore_cancelled()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.EventAsync("bytes_moved", "restore");
        await first.KillAsync();

        (await rig.RunAsync("rollback")).Expect(0);

        await rig.AssertEverythingIsAsBeforeAsync();
        var transfers = (await rig.GetAsync($"/client/v11/apps/{rig.App}/transfers")).AsArray();
        Assert.All(transfers, one => Assert.NotNull(one!["finished_at"]));
    }

    [Fact]
    public async Task Parts_that_a_killed_run_left_in_a_bucket_are_gone_after_its_rollback()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var bucket = await swift.MakeBucketAsync(Ct);
        rig.UseBucket(bucket);
        var first = rig.Start([.. rig.Migrate, "--json", "--s3-endpoint", swift.Endpoint]);
        await first.EventAsync("bytes_moved", "dump");
        // The first rows are read before the first part is uploaded.
        using var client = swift.OpenClient();
        while ((await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads is not { Count: > 0 })
            await Task.Delay(20, Ct);
        await first.KillAsync();
        Assert.NotEmpty((await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads ?? []);

        (await rig.RunAsync("rollback")).Expect(0);

        await rig.AssertEverythingIsAsBeforeAsync();
        Assert.Empty((await client.ListObjectsV2Async(new() { BucketName = bucket }, Ct)).S3Objects ?? []);
        Assert.Empty((await client.ListMultipartUploadsAsync(bucket, Ct)).MultipartUploads ?? []);
    }

    private async Task<GodwitRig> KilledInMidDumpAsync()
    {
        var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.EventAsync("bytes_moved", "dump");
        // The first rows are read before the first file is created.
        while (rig.StoreFiles.Count == 0)
            await Task.Delay(20, Ct);
        await first.KillAsync();
        Assert.DoesNotContain("\"step\":\"link\"", (await first.EndAsync()).Output, StringComparison.Ordinal);
        return rig;
    }
}
