using System.Globalization;
using Godwit.EndToEnd.Servers;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Migration;

/// <summary>A store that is missing, refuses access, or has no room.</summary>
public sealed class BadInputStoreTests(JourneyServers servers, SwiftServer swift)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bucket_that_does_not_exist()
    {
        await using var rig = await RigAsync("s3://godwit-no-such-bucket", swift.Endpoint);

        var shown = await rig.StopsAsync(1, "storage.bucket_missing", S3(rig));

        Assert.Contains("'godwit-no-such-bucket'", shown.What, StringComparison.Ordinal);
        Assert.Contains("--via", shown.Next, StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Fact]
    public async Task A_bucket_of_somebody_else()
    {
        await using var rig = await RigAsync("s3://" + await swift.MakeBucketAsync(Ct), swift.Endpoint);
        (rig.Environment["AWS_ACCESS_KEY_ID"],
            rig.Environment["AWS_SECRET_ACCESS_KEY"]) = (new("test:stranger"), new("strange"));

        Assert.Contains("s3:PutObject", (await rig.StopsAsync(1, "storage.forbidden", S3(rig))).Next,
            StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Fact]
    public async Task Keys_that_are_wrong()
    {
        await using var rig = await RigAsync("s3://" + await swift.MakeBucketAsync(Ct), swift.Endpoint);
        rig.Environment["AWS_SECRET_ACCESS_KEY"] = new("s3cr3t-but-wrong");

        Assert.Contains("AWS_SECRET_ACCESS_KEY", (await rig.StopsAsync(1, "storage.credentials_refused", S3(rig))).Next,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_answer()
    {
        await using var rig = await RigAsync("s3://bucket", "http://127.0.0.1:9");

        Assert.Contains("http://127.0.0.1:9", (await rig.StopsAsync(3, "storage.unreachable", S3(rig))).Why,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3600, "60 minutes behind")]
    [InlineData(-3600, "60 minutes ahead of")]
    public async Task A_clock_that_is_an_hour_off(int theirs, string told)
    {
        await using var skewed = new SwiftServer(TimeSpan.FromSeconds(theirs));
        await skewed.StartAsync(Ct);
        await using var rig = await RigAsync("s3://bucket", skewed.Endpoint);

        var shown = await rig.StopsAsync(1, "storage.clock_skewed", S3(rig));

        Assert.Contains(told, shown.Why, StringComparison.Ordinal);
        Assert.Contains("timedatectl", shown.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_a_file()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var file = Path.Combine(Path.GetDirectoryName(rig.StoreFolder)!, "a-file");
        await File.WriteAllTextAsync(file, "", Ct);
        rig.Via = "disk:" + file;

        Assert.Contains("is a file", (await rig.StopsAsync(1, "storage.disk_unusable")).Why, StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Fact]
    public async Task A_disk_that_fills_up_while_the_dump_is_written()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        // Otherwise the runtime keeps compiled code in a file, which could not grow either.
        rig.Environment["DOTNET_EnableWriteXorExecute"] = new("0");
        var run = rig.Start(rig.Migrate);
        await run.LineAsync(line => line.Contains("assess", StringComparison.Ordinal));
        // Like a full disk, but without root: from here on, no file of this process may grow beyond 4 MB.
        await using var limit = new ProcessRunner(TimeProvider.System).Start(new ProgramCall("prlimit",
            ["--fsize=4194304", "--pid", run.Id.ToString(CultureInfo.InvariantCulture)]));
        Assert.Equal(0, await limit.WaitAsync(Ct));

        var shown = FaultShown.Read((await run.EndAsync()).Expect(3));

        Assert.Equal("storage.full", shown.Code);
        Assert.Contains("--via", shown.Next, StringComparison.Ordinal);
        await rig.AssertUntouchedAsync();
    }

    private static IReadOnlyList<string> S3(GodwitRig rig) => [.. rig.Migrate, "--s3-region", "us-east-1"];

    private async Task<GodwitRig> RigAsync(string via, string endpoint)
    {
        await swift.StartAsync(Ct);
        var rig = await GodwitRig.CreateAsync(servers);
        rig.Via = via;
        rig.Environment["AWS_ENDPOINT_URL_S3"] = new(endpoint);
        rig.Environment["AWS_ACCESS_KEY_ID"] = new(SwiftServer.Keys.Id);
        rig.Environment["AWS_SECRET_ACCESS_KEY"] = SwiftServer.Keys.Key;
        return rig;
    }
}
