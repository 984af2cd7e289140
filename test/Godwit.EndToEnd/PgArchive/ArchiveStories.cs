using System.Text.Json.Nodes;
using Amazon.S3.Model;
using Godwit.EndToEnd.Dump;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.EndToEnd.PgArchive;

/// <summary>godwit archive, compared with stock pg_dump and pg_restore.</summary>
public sealed class ArchiveStories(JourneyServers servers, SwiftServer swift)
{
    /// <summary>Where ./check puts version 17's programs, seen from a test's own folder.</summary>
    private static readonly string Programs17 = Path.Combine(AppContext.BaseDirectory,
        "../../../../../.tools/postgresql-client/17/bin");

    private static readonly string Programs15 = Path.GetDirectoryName(new PgTools(_ => null).Find("pg_dump")
        .Single(found => found.Major == 15).Path)!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(15, "")]
    [InlineData(15, "-Z0")]
    [InlineData(15, "-Z9 --create --clean --inserts")]
    [InlineData(15, "--schema-only")]
    [InlineData(17, "")]
    [InlineData(17, "--data-only -Zlz4")]
    [InlineData(17, "--create -Znone")]
    [InlineData(17, "-Zzstd:long")]
    public async Task The_list_is_that_of_pg_restore_to_the_byte_in_every_time_zone(int major, string options)
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        var bin = major == 15 ? Programs15 : Programs17;

        var end = await rig.ShellAsync($$"""
            set -e
            {{bin}}/pg_dump -Fc {{options}} --file=shop.dump "$PLAIN_URL"
            for zone in UTC Europe/Berlin America/St_Johns Australia/Lord_Howe; do
                TZ=$zone {{bin}}/pg_restore -l shop.dump > stock
                TZ=$zone godwit archive list shop.dump > ours
                cmp stock ours
                TZ=$zone godwit archive list - < shop.dump | cmp stock -
            done
            wc -l < ours
            """);

        end.Expect(0);
        Assert.InRange(int.Parse(end.Output, System.Globalization.CultureInfo.InvariantCulture), 20, 1000);
    }

    [Fact]
    public async Task A_filtered_archive_restores_alone_and_by_two_at_once()
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        (await rig.ShellAsync($"{Programs15}/pg_dump -Fc --file=shop.dump \"$PLAIN_URL\"; "
            + $"{Programs15}/pg_dump -Fc \"$PLAIN_URL\" | cat > piped.dump")).Expect(0);
        // What is dropped at the source now is what will be left out: then the restored database must equal the source.
        await rig.Journey.ExecuteAtSourceAsync("DROP TABLE \"Odd schema\".\"select; drop \"\"table\"\" ♥\"; "
            + "DROP VIEW wide; DROP TABLE empty_one");

        var end = await rig.ShellAsync("""
            set -e -o pipefail
            without=(--without 'TABLE Odd schema select; drop "table" ♥' --without 'VIEW public wide'
                --without '* public empty_o??')
            godwit archive filter shop.dump --to file.dump "${without[@]}"
            godwit archive filter - --to file-of-pipe.dump "${without[@]}" < piped.dump
            godwit archive filter - --to - "${without[@]}" < shop.dump > pipe.dump
            godwit archive filter piped.dump --to - "${without[@]}" > pipe-of-pipe.dump
            godwit archive list shop.dump | grep -v -e 'Odd schema select' -e ' wide ' -e ' empty_one ' > list
            godwit archive filter shop.dump --to listed.dump --only-listed list
            for each in file file-of-pipe pipe pipe-of-pipe listed; do godwit archive check $each.dump; done
            """);

        end.Expect(0);
        Assert.Equal(5, GodwitProcess.Lines(end.Output)
            .Count(line => line.Contains("is whole: every block was read", StringComparison.Ordinal)));
        foreach (var name in new[] { "file", "file-of-pipe", "pipe", "pipe-of-pipe", "listed" })
            await rig.AssertRestoresAsync(rig.FileOf(name + ".dump"));
        foreach (var name in new[] { "file", "file-of-pipe", "pipe", "pipe-of-pipe" })
            await rig.AssertRestoresAsync(rig.FileOf(name + ".dump"), "-j", "2");
        Assert.Equal(await File.ReadAllBytesAsync(rig.FileOf("file.dump"), Ct),
            await File.ReadAllBytesAsync(rig.FileOf("pipe.dump"), Ct));
    }

    /// <summary>pg_dump writes them from 16 on; 17 here dumps a server of 15.</summary>
    [Theory]
    [InlineData("zstd", 1)]
    [InlineData("zstd:long", 2)]
    [InlineData("lz4:9", 2)]
    public async Task An_archive_of_another_compression_is_checked_and_restored(string compression, int jobs)
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        // More than one block of each compressor: half of it repeats, half does not.
        await rig.Journey.ExecuteAtSourceAsync("""
            CREATE TABLE mixed AS SELECT n, repeat('godwit ', n % 900) AS same, md5(n::text) AS other
            FROM generate_series(1, 4000) n
            """);
        (await rig.ShellAsync($"{Programs17}/pg_dump -Fc -Z{compression} --file=shop.dump \"$PLAIN_URL\"")).Expect(0);
        var target = await rig.EmptyDatabaseAsync();
        rig.Journey.Environment["TARGET_URL"] = target;
        rig.Journey.Environment["PGPASSWORD"] = rig.Journey.SourcePassword;

        (await rig.Journey.RunAsync("archive", "check", rig.FileOf("shop.dump")))
            .Expect(0).Says("6,300 rows, 1 large object").Says("no check sums with " + compression.Split(':')[0]);
        (await rig.Journey.RunAsync("restore", rig.FileOf("shop.dump"), "--to", "env:TARGET_URL",
            "--jobs", jobs.ToString(System.Globalization.CultureInfo.InvariantCulture))).Expect(0);

        await rig.AssertRestoredAsync();
    }

    [Fact]
    public async Task From_a_bucket_into_a_bucket()
    {
        await using var rig = await DumpRig.CreateAsync(servers, SourceContents.Slow);
        var bucket = await swift.MakeBucketAsync(Ct);
        rig.UseBuckets(swift.Endpoint);
        (await rig.ShellAsync($"{Programs15}/pg_dump -Fc -Z1 --file=shop.dump \"$PLAIN_URL\"; "
            + "head -c 20000000 shop.dump > cut.dump")).Expect(0);
        using var client = swift.OpenClient();
        foreach (var name in new[] { "shop.dump", "cut.dump" })
            await client.PutObjectAsync(new PutObjectRequest
            {
                BucketName = bucket, Key = "in/" + name, FilePath = rig.FileOf(name), UseChunkEncoding = false,
            }, Ct);

        (await rig.Journey.RunAsync("archive", "check", $"s3://{bucket}/in/shop.dump"))
            .Expect(0).Says("12,300 rows, 1 large object");
        (await rig.Journey.RunAsync("archive", "list", $"s3://{bucket}/in/cut.dump"))
            .Expect(0).Says("TABLE DATA public noise ");
        var told = JsonNode.Parse((await rig.Journey.RunAsync("archive", "check",
            "--json", $"s3://{bucket}/in/cut.dump")).Expect(1).Output)!;
        Assert.Equal((20_000_000L, "Truncated"),
            (told["problems"]![0]!["offset"]!.GetValue<long>(), told["problems"]![0]!["problem"]!.GetValue<string>()));

        (await rig.Journey.RunAsync("archive", "filter", $"s3://{bucket}/in/shop.dump",
            "--to", $"s3://{bucket}/out/shop.dump", "--without", "VIEW public wide")).Expect(0);
        Assert.Equal("archive.truncated", FaultShown.Read((await rig.Journey.RunAsync("archive", "filter",
            $"s3://{bucket}/in/cut.dump", "--to", $"s3://{bucket}/out/cut.dump")).Expect(1)).Code);
        Assert.Equal(["in/cut.dump", "in/shop.dump", "out/shop.dump"], (await swift.KeptAsync(bucket, Ct))
            .Where(name => name.EndsWith(".dump", StringComparison.Ordinal)).Order());
        (await rig.Journey.RunAsync("archive", "check", $"s3://{bucket}/out/shop.dump"))
            .Expect(0).Says("12,300 rows, 1 large object");
    }

    [Fact]
    public async Task An_archive_cut_off_anywhere_is_never_whole()
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        var end = await rig.ShellAsync($$"""
            {{Programs15}}/pg_dump -Fc --file=shop.dump "$PLAIN_URL"
            size=$(stat --format=%s shop.dump)
            for length in 0 4 1000 $((size / 2)) $((size - 100)) $((size - 1)); do
                head -c $length shop.dump > cut; godwit archive check cut > said 2>&1;
                echo "$? $(grep -c -e NOT -e 'not complete' -e 'not an archive' said)"; done
            { cat shop.dump; printf x; } | godwit archive check - 2> said | grep -c 'behind the last block'
            """);
        // An empty file is no archive (2); the others are not whole (1).
        Assert.Equal("2 1,1 1,1 1,1 1,1 1,1 1,1",
            string.Join(',', GodwitProcess.Lines(end.Output).Select(line => line.Trim())));
    }

    [Theory]
    [InlineData("shop.dump")]
    [InlineData("-")]
    public async Task What_godwit_dump_writes_is_whole(string to)
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        (await rig.ShellAsync($"godwit dump --from env:SOURCE_URL --to {to} | cat > piped; "
            + $"[ {to} = - ] && mv piped shop.dump; godwit archive check shop.dump"))
            .Expect(0).Says("shop.dump is whole: every block was read").Says("2,300 rows, 1 large object");
    }

    [Fact]
    public async Task Version_1_15_is_what_pg_restore_17_expects_of_it()
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        (await rig.ShellAsync($"{Programs17}/pg_dump -Fc --file=new.dump \"$PLAIN_URL\"")).Expect(0);
        await using (var source = File.OpenRead(rig.FileOf("new.dump")))
        await using (var output = File.Create(rig.FileOf("old.dump")))
        {
            var filter = await ArchiveFilter.OpenAsync(source,
                head => head with { Header = head.Header with { Version = ArchiveVersion.PgDump16 } }, null, Ct);
            await filter.WriteAsync(output, null, Ct);
        }

        var end = await rig.ShellAsync($$"""
            set -e
            for each in new old; do
                {{Programs17}}/pg_restore -l $each.dump | sed 's/1\.1[56]-0//' > $each.list
                {{Programs17}}/pg_restore --file=- $each.dump | sed '/^.\(un\)\?restrict /d' > $each.sql
            done
            cmp new.list old.list
            cmp new.sql old.sql
            grep -c 'COPY public.birds' old.sql
            {{Programs17}}/pg_restore -l old.dump > stock
            godwit archive list old.dump | cmp stock -
            godwit archive check old.dump
            """);
        end.Expect(0).Says("format 1.15-0").Says("is whole");
    }

    [Fact]
    public async Task A_redirected_dump_of_17_is_known_and_put_right()
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        var end = await rig.ShellAsync($$"""
            set -e
            {{Programs17}}/pg_dump -Fc "$PLAIN_URL" > redirected.dump
            {{Programs17}}/pg_dump -Fc --file=direct.dump "$PLAIN_URL"
            godwit archive check redirected.dump
            godwit archive filter redirected.dump --to right.dump
            stat --format=%s direct.dump right.dump
            """);
        end.Expect(0).Says("the table of contents stands a second time behind the data");
        var sizes = GodwitProcess.Lines(end.Output)[^2..];
        Assert.Equal(sizes[0], sizes[1]);
    }

    [Fact]
    public async Task A_filter_that_is_stopped_leaves_nothing()
    {
        await using var rig = await DumpRig.CreateAsync(servers, SourceContents.Slow);
        (await rig.ShellAsync($"{Programs15}/pg_dump -Fc -Z1 --file=../shop.dump \"$PLAIN_URL\"; mkfifo ../pipe"))
            .Expect(0);
        var pipe = Path.GetFullPath(rig.FileOf("../pipe"));
        var filter = rig.Journey.Start("archive", "filter", pipe, "--to", rig.FileOf("never.dump"));
        await using (var writer = new FileStream(pipe, FileMode.Open, FileAccess.Write))
        {
            await using var archive = File.OpenRead(Path.GetFullPath(rig.FileOf("../shop.dump")));
            var half = new byte[archive.Length / 2];
            await archive.ReadExactlyAsync(half, Ct);
            await writer.WriteAsync(half, Ct);
            await writer.FlushAsync(Ct);
            // It has taken all but what a pipe and its buffers hold, so it is writing.
            Assert.NotEmpty(Directory.EnumerateFileSystemEntries(rig.Folder));
            await filter.SignalAsync("TERM");
            var end = (await filter.EndAsync()).Expect(1);
            Assert.Equal("cli.stopped", FaultShown.Read(end).Code);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(rig.Folder));
    }
}
