using System.Globalization;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Postgres;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Dump;

/// <summary>A dump that fails leaves no part, no file, and no session at the source.</summary>
public sealed class DumpFailureTests(JourneyServers servers, SwiftServer swift)
{
    [Fact]
    public async Task A_bucket_that_everybody_can_read_gets_no_dump_unless_somebody_takes_that_on()
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port, _ => S3Proxy.Verdict.Pass,
            line => line.Contains("?policyStatus", StringComparison.Ordinal)
                ? "<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>" : null);
        rig.UseBuckets(proxy.Endpoint);
        rig.Journey.Environment["AWS_REGION"] = new("us-east-1");

        var shown = FaultShown.Read((await rig.DumpAsync($"s3://{bucket}/shop.dump")).Expect(1));

        Assert.Equal("dump.store_public", shown.Code);
        Assert.Contains("bucket policy", shown.Why, StringComparison.Ordinal);
        Assert.Contains("--accept assess.store_public", shown.Next, StringComparison.Ordinal);
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
        (await rig.DumpAsync($"s3://{bucket}/shop.dump", "--accept", "assess.store_public")).Expect(0);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_fails_on_part_three()
    {
        await using var rig = await DumpRig.CreateAsync(servers, SourceContents.Slow);
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port,
            line => line.Contains("partNumber=3&", StringComparison.Ordinal) ? Verdict.Refuse : Verdict.Pass);
        rig.UseBuckets(proxy.Endpoint);

        var shown = FaultShown.Read((await rig.DumpAsync($"s3://{bucket}/shop.dump")).Expect(3));

        Assert.Equal("storage.forbidden", shown.Code);
        await rig.AssertNothingIsLeftAsync();
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
    }

    [Fact]
    public async Task A_network_that_stays_cut_leaves_parts_which_is_said_and_which_the_next_dump_removes()
    {
        await using var rig = await DumpRig.CreateAsync(servers, SourceContents.Slow);
        var bucket = await swift.MakeBucketAsync(Ct);
        S3Proxy? cut = null;
        await using var proxy = cut = new S3Proxy(swift.Port, line =>
        {
            if (line.Contains("partNumber=3&", StringComparison.Ordinal))
                cut!.Cut();
            return Verdict.Pass;
        });
        rig.UseBuckets(proxy.Endpoint);

        var end = (await rig.DumpAsync($"s3://{bucket}/shop.dump", "--json")).Expect(4);

        Assert.Equal("needs_a_person", end.Events[^1]["outcome"]!.GetValue<string>());
        Assert.Equal("storage.unreachable", end.Events[^1]["fault"]!["code"]!.GetValue<string>());
        Assert.Equal("dump.parts_left", end.Events[^1]["left"]!["code"]!.GetValue<string>());
        Assert.NotEmpty(await swift.KeptAsync(bucket, Ct));
        rig.UseBuckets(swift.Endpoint);
        (await rig.DumpAsync($"s3://{bucket}/shop.dump", "-t", "birds")).Expect(0);
        Assert.Equal(["shop.dump"], (await swift.KeptAsync(bucket, Ct))
            .Where(name => !name.StartsWith("shop.dump/", StringComparison.Ordinal)));
        Assert.Single(await swift.KeptAsync(bucket, Ct));
    }

    [Fact]
    public async Task A_disk_that_fills_up()
    {
        await using var rig = await DumpRig.CreateAsync(servers, SourceContents.Slow);
        // The runtime keeps its own code in a file otherwise, which could not grow either.
        rig.Journey.Environment["DOTNET_EnableWriteXorExecute"] = new("0");
        var run = rig.Start(rig.FileOf("shop.dump"));
        await run.LineAsync(line => line.Contains("dump", StringComparison.Ordinal));
        // As good as a full disk, and it needs no rights: no file of this process may grow beyond four megabytes.
        await using var limit = new ProcessRunner(TimeProvider.System).Start(new ProgramCall("prlimit",
            ["--fsize=4194304", "--pid", run.Id.ToString(CultureInfo.InvariantCulture)]));
        Assert.Equal(0, await limit.WaitAsync(Ct));

        Assert.Equal("storage.full", FaultShown.Read((await run.EndAsync()).Expect(3)).Code);

        await rig.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("INT", "file")]
    [InlineData("TERM", "s3")]
    [InlineData("INT", "s3")]
    [InlineData("TERM", "disk")]
    public async Task A_signal_in_the_middle(string signal, string kind)
    {
        await using var rig = await DumpRig.CreateAsync(servers, SourceContents.Slow);
        var bucket = await swift.MakeBucketAsync(Ct);
        rig.UseBuckets(swift.Endpoint);
        var to = kind switch
        {
            "s3" => $"s3://{bucket}/shop.dump",
            "disk" => $"disk:{rig.Folder}/sub/shop.dump",
            _ => rig.FileOf("shop.dump"),
        };
        var run = rig.Start(to, "--json", "--jobs", "1", "--compress", "9");
        await run.LineAsync(line => line.Contains("\"bytes_moved\"", StringComparison.Ordinal));

        await run.SignalAsync(signal);

        var end = (await run.EndAsync()).Expect(3);
        Assert.Equal("dump.stopped", end.Events[^1]["fault"]!["code"]!.GetValue<string>());
        end.Says("Stopping, and removing");
        await rig.AssertNothingIsLeftAsync();
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
    }

    [Fact]
    public async Task A_terminal_that_is_closed_does_not_stop_a_dump()
    {
        await using var rig = await DumpRig.CreateAsync(servers, SourceContents.Slow);
        var run = rig.Start(rig.FileOf("shop.dump"), "--json", "--jobs", "1", "--compress", "9");
        await run.LineAsync(line => line.Contains("\"bytes_moved\"", StringComparison.Ordinal));

        await run.SignalAsync("HUP");

        (await run.EndAsync()).Expect(0);
        Assert.True(File.Exists(rig.FileOf("shop.dump")));
    }

    [Fact]
    public async Task A_reader_that_stops_reading_is_no_success()
    {
        await using var rig = await DumpRig.CreateAsync(servers, SourceContents.Slow);

        var end = await rig.ShellAsync("godwit dump --from env:SOURCE_URL --to - | head -c 100000 > /dev/null; "
            + "exit ${PIPESTATUS[0]}");

        end.Expect(4).Says("dump.output_closed").Says("dump.half_written");
        await rig.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Ctrl_C_ends_a_whole_pipeline_and_a_reader_that_is_gone_first_is_no_alarm()
    {
        await using var rig = await DumpRig.CreateAsync(servers, SourceContents.Slow);
        var program = Path.Combine(AppContext.BaseDirectory, "Godwit.App.dll");

        // The reader is gone before the signal comes, as may happen when a terminal sends it to both.
        var end = await rig.ShellAsync($"{{ echo $BASHPID > pid; exec dotnet '{program}' dump --from "
            + "env:SOURCE_URL --to -; } "
            + "| { head -c 100000 > /dev/null; exec 0<&-; kill -INT $(cat pid); rm pid; }; exit ${PIPESTATUS[0]}");

        end.Expect(4).Says("dump.stopped").Says("dump.half_written");
        Assert.DoesNotContain("Broken pipe", end.Everything, StringComparison.Ordinal);
        await rig.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData(">&-", 3)]
    [InlineData("> /dev/full", 3)]
    [InlineData("| true", 4)]
    public async Task A_standard_output_that_takes_nothing(string output, int code)
    {
        await using var rig = await DumpRig.CreateAsync(servers);

        // Whether the reader of the pipe is gone before the first byte or after it is chance.
        var end = await rig.ShellAsync($"godwit dump --from env:SOURCE_URL --to - {output}; exit ${{PIPESTATUS[0]}}");

        Assert.Contains(end.Code, new[] { 3, code });
        end.Says("dump.output_closed");
        await rig.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_worker_whose_session_is_ended_by_somebody()
    {
        await using var rig = await DumpRig.CreateAsync(servers, SourceContents.Slow);
        var bucket = await swift.MakeBucketAsync(Ct);
        rig.UseBuckets(swift.Endpoint);
        var run = rig.Start($"s3://{bucket}/shop.dump", "--json", "--jobs", "2", "--compress", "9");
        await run.LineAsync(line => line.Contains("\"bytes_moved\"", StringComparison.Ordinal));

        // Between two ranges a worker reads nothing for a moment.
        var ending = run.EndAsync();
        while (!ending.IsCompleted && await rig.Journey.Source.ScalarAsync<long>("postgres",
            $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{rig.Journey.Database}' "
            + "AND query LIKE 'COPY%' AND state = 'active'", Ct) == 0)
            await Task.Delay(10, Ct);

        var end = (await ending).Expect(3);
        Assert.Equal("dump.worker_lost", end.Events[^1]["fault"]!["code"]!.GetValue<string>());
        Assert.Contains("noise", end.Events[^1]["fault"]!["what"]!.GetValue<string>(), StringComparison.Ordinal);
        await rig.AssertNothingIsLeftAsync();
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
    }
}
