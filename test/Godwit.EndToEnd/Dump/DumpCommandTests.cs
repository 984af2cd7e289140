using System.Text.Json.Nodes;
using Amazon.S3.Model;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;

namespace Godwit.EndToEnd.Dump;

/// <summary>godwit dump, to every place it can write to; stock pg_restore reads what came of it.</summary>
public sealed class DumpCommandTests(JourneyServers servers, SwiftServer swift)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("godwit")]
    [InlineData("pg_dump")]
    public async Task To_a_file_which_is_whole_readable_by_its_owner_alone_and_restores(string engine)
    {
        await using var rig = await DumpRig.CreateAsync(servers);

        var end = (await rig.DumpAsync(rig.FileOf("shop.dump"), "--engine", engine)).Expect(0);

        end.Says($"Wrote {rig.FileOf("shop.dump")}: ").Says("pg_dump 1");
        if (engine == "godwit")
            end.Says("3 tables, 2,300 rows");
        Assert.Empty(end.Error);
        Assert.Equal([rig.FileOf("shop.dump")], Directory.EnumerateFileSystemEntries(rig.Folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(rig.FileOf("shop.dump")));
        await rig.AssertRestoresAsync(rig.FileOf("shop.dump"));
        await rig.AssertRestoresAsync(rig.FileOf("shop.dump"), "-j", "2");
    }

    [Fact]
    public async Task Into_a_bucket_and_a_program_is_told_what_it_is()
    {
        await using var rig = await DumpRig.CreateAsync(servers, SourceContents.Slow);
        var bucket = await swift.MakeBucketAsync(Ct);
        rig.UseBuckets(swift.Endpoint);

        var end = (await rig.DumpAsync($"s3://{bucket}/dumps/shop.dump", "--json")).Expect(0);

        using var client = swift.OpenClient();
        using (var found =
            await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = "dumps/shop.dump" }, Ct))
        {
            var told = end.Events[^1];
            Assert.Equal(("dump_ended", "written"),
                (told["event"]!.GetValue<string>(), told["outcome"]!.GetValue<string>()));
            Assert.Equal((found.ContentLength, found.ETag.Trim('"')),
                (told["size_bytes"]!.GetValue<long>(), told["etag"]!.GetValue<string>()));
            Assert.Equal((4, 12_300L), (told["tables"]!.GetValue<int>(), told["rows"]!.GetValue<long>()));
            // More than one part, so that the first one really went up last.
            Assert.InRange(found.ContentLength, 9 * 1024 * 1024, long.MaxValue);
            await using var file = File.Create(rig.FileOf("back.dump"));
            await found.ResponseStream.CopyToAsync(file, Ct);
        }

        Assert.Contains(end.Events, one => Kind(one) == "bytes_moved");
        await rig.AssertRestoresAsync(rig.FileOf("back.dump"), "-j", "2");
    }

    [Theory]
    [InlineData("dump", "godwit")]
    [InlineData("dump", "pg_dump")]
    [InlineData("migrate", "godwit")]
    [InlineData("migrate", "pg_dump")]
    [InlineData("migrate --no-clean", "godwit")]
    public async Task The_engine_and_the_level_that_were_asked_for_are_the_ones_that_work(string command, string engine)
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        var calls = await rig.ListenToPgDumpAsync();
        IReadOnlyList<string> line = command == "dump"
            ? ["dump", "--from", "env:SOURCE_URL", "--to", rig.FileOf("x"), "-N", "Odd*"]
            : [.. rig.Journey.Migrate, "--create-app", .. command.Split(' ')[1..]];

        (await rig.Journey.RunAsync([.. line, "--engine", engine, "--compress", "3", "--jobs", "2"])).Expect(0);

        // The trial before the freeze reads the definitions alone.
        var call = Assert.Single(await File.ReadAllLinesAsync(calls, Ct),
            one => !one.Contains("--version", StringComparison.Ordinal)
                && !one.Contains("--schema-only", StringComparison.Ordinal));
        Assert.Contains("--compress=3 ", call + " ", StringComparison.Ordinal);
        Assert.Equal(engine == "godwit", call.Contains("--snapshot=", StringComparison.Ordinal));
        // Heroku knows none of the roles, but what is lost of them is listed when the archive is cleaned; a dump alone
        // is what pg_dump makes.
        Assert.Equal(command == "migrate --no-clean", call.Contains("--no-owner", StringComparison.Ordinal));
        Assert.Equal(command == "dump", call.Contains("--exclude-schema=Odd*", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Into_a_disk_store_whose_folder_comes_with_it()
    {
        await using var rig = await DumpRig.CreateAsync(servers);

        (await rig.DumpAsync($"disk:{rig.FileOf("new/folder")}/shop.dump"))
            .Expect(0).Says($"Wrote disk:{rig.FileOf("new/folder")}/shop.dump: ");

        await rig.AssertRestoresAsync(rig.FileOf("new/folder/shop.dump"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--json")]
    public async Task To_standard_output_and_through_a_pipe_into_pg_restore(string json)
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        var url = await rig.EmptyDatabaseAsync();
        rig.Journey.Environment["TARGET_URL"] = url;
        rig.Journey.Environment["PGPASSWORD"] = rig.Journey.SourcePassword;

        var end = await rig.ShellAsync($"set -o pipefail; godwit dump --from env:SOURCE_URL --to - {json} | "
            + $"{DumpRig.PgRestore} --dbname=\"$TARGET_URL\" --exit-on-error");

        end.Expect(0);
        Assert.Contains(json.Length > 0 ? "\"outcome\":\"written\"" : "Wrote standard output: ", end.Error,
            StringComparison.Ordinal);
        await rig.AssertRestoredAsync();
    }

    [Fact]
    public async Task To_standard_output_redirected_between_other_output()
    {
        await using var rig = await DumpRig.CreateAsync(servers);

        (await rig.ShellAsync("{ printf 12345; godwit dump --from env:SOURCE_URL --to -; printf 67890; } > all; "
            + "head -c -5 all | tail -c +6 > shop.dump; head -c 5 all; tail -c 5 all")).Expect(0).Says("1234567890");

        await rig.AssertRestoresAsync(rig.FileOf("shop.dump"));
    }

    [Fact]
    public async Task A_terminal_gets_no_archive()
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        var program = Path.Combine(AppContext.BaseDirectory, "Godwit.App.dll");

        // script runs it with a terminal of its own.
        var end = await rig.ShellAsync(
            $"script --quiet --return --command \"dotnet '{program}' dump --from env:SOURCE_URL --to -\" /dev/null");

        end.Expect(2).Says("Cannot write a dump to a terminal").Says("cli.dump_to_terminal");
        await rig.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task What_has_the_name_already_stays_unless_it_may_be_overwritten()
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        var file = rig.FileOf("shop.dump");
        await File.WriteAllTextAsync(file, "the only copy", Ct);

        var shown = FaultShown.Read((await rig.DumpAsync(file)).Expect(1));
        Assert.Equal("dump.already_there", shown.Code);
        Assert.Contains("--overwrite", shown.Next, StringComparison.Ordinal);
        Assert.Equal("the only copy", await File.ReadAllTextAsync(file, Ct));

        (await rig.DumpAsync(file, "--overwrite")).Expect(0);
        await rig.AssertRestoresAsync(file);
    }

    [Fact]
    public async Task What_was_left_out_is_left_out_as_pg_dump_means_it()
    {
        await using var rig = await DumpRig.CreateAsync(servers);

        (await rig.DumpAsync(rig.FileOf("one"), "-t", "public.b*", "--exclude-table-data", "birds")).Expect(0);
        (await rig.DumpAsync(rig.FileOf("two"), "-N", "public", "--compress", "0")).Expect(0);
        (await rig.DumpAsync(rig.FileOf("three"), "-n", "public", "-T", "empty_one")).Expect(0);
        (await rig.DumpAsync(rig.FileOf("four"), "--exclude-table-data", "*.*")).Expect(0);

        var (one, two, three, four) = (await ListAsync(rig, "one"), await ListAsync(rig, "two"),
            await ListAsync(rig, "three"), await ListAsync(rig, "four"));
        Assert.Contains(one, line => line.Contains(" TABLE public birds ", StringComparison.Ordinal));
        Assert.DoesNotContain(one, line => line.Contains("TABLE DATA", StringComparison.Ordinal)
            || line.Contains("FUNCTION", StringComparison.Ordinal));
        Assert.Contains(two, line => line.Contains("TABLE DATA Odd schema ", StringComparison.Ordinal));
        Assert.DoesNotContain(two, line => line.Contains(" public ", StringComparison.Ordinal));
        Assert.Contains(three, line => line.Contains("TABLE DATA public birds ", StringComparison.Ordinal));
        Assert.DoesNotContain(three, line => line.Contains("empty_one", StringComparison.Ordinal));
        Assert.Contains(four, line => line.Contains(" TABLE Odd schema ", StringComparison.Ordinal));
        Assert.DoesNotContain(four, line => line.Contains("TABLE DATA", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "cli.dump_format", "/tmp/x", "--format", "directory")]
    [InlineData(2, "dump.no_name", "s3://bucket")]
    [InlineData(2, "dump.not_a_file", "/dev/null")]
    [InlineData(2, "dump.not_a_file", "disk:/tmp")]
    [InlineData(2, "cli.options", "/tmp/x", "--jobs", "0")]
    [InlineData(1, "dump.no_folder", "/tmp/godwit-there-is-no-such-folder/x")]
    public async Task What_cannot_be_done_is_told_before_the_source_is_touched(
        int exitCode, string code, string to, params string[] more)
    {
        await using var rig = await DumpRig.CreateAsync(servers);

        Assert.Equal(code, FaultShown.Read((await rig.DumpAsync(to, more)).Expect(exitCode)).Code);

        await rig.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("extract.no_table", "No table matches 'nope' or 'birds,empty_one'", "--table", "nope",
        "-t", "birds,empty_one")]
    [InlineData("extract.no_schema", "No schema matches 'nope'", "--schema", "nope")]
    public async Task A_selection_that_matches_nothing_is_a_slip_of_the_command_line(
        string code, string what, params string[] selection)
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        // pg_dump's words are understood whatever the user's language is.
        (rig.Journey.Environment["LC_ALL"], rig.Journey.Environment["LANGUAGE"]) = (new("de_DE.UTF-8"), new("de"));

        var shown = FaultShown.Read((await rig.DumpAsync(rig.FileOf("x"), selection)).Expect(2));

        Assert.Equal((code, what), (shown.Code, shown.What));
        await rig.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_table_that_may_not_be_read_comes_with_the_grant_that_allows_it()
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        var user = rig.Journey.Database;
        await rig.Journey.Source.ExecuteAsync(rig.Journey.Database,
            $"REVOKE ALL ON \"Odd schema\".\"select; drop \"\"table\"\" ♥\" FROM {user}", Ct);

        var shown = FaultShown.Read((await rig.DumpAsync(rig.FileOf("x"))).Expect(1));

        Assert.Equal("extract.forbidden", shown.Code);
        var grant = $"GRANT SELECT ON \"Odd schema\".\"select; drop \"\"table\"\" ♥\" TO \"{user}\";";
        Assert.Contains(grant, shown.Next, StringComparison.Ordinal);
        await rig.AssertNothingIsLeftAsync();
        await rig.Journey.Source.ExecuteAsync(rig.Journey.Database, grant, Ct);
        (await rig.DumpAsync(rig.FileOf("x"))).Expect(0);
    }

    private static string Kind(JsonNode one) => one["event"]!.GetValue<string>();

    private static async Task<string[]> ListAsync(DumpRig rig, string name) =>
        GodwitProcess.Lines((await rig.ShellAsync($"{DumpRig.PgRestore} -l {name}")).Expect(0).Output);
}
