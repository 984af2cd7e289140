namespace Godwit.EndToEnd.Migration;

/// <summary>Command lines and machines that cannot be used.</summary>
public sealed class BadInputCommandTests(JourneyServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("postgres://u:s3cr3t/more@h/d", "%2F")]
    [InlineData("mysql://u:s3cr3t@h/d", "does not begin with postgres://")]
    [InlineData("postgres://u:s3cr3t@h1,h2/d", "several hosts")]
    public async Task A_URL_that_is_malformed_is_named_and_not_repeated(string url, string why)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["SOURCE_URL"] = new(url);

        var shown = await rig.StopsAsync(2, "postgres.url");

        Assert.Contains("SOURCE_URL", shown.What, StringComparison.Ordinal);
        Assert.Contains(why, shown.Why, StringComparison.Ordinal);
        Assert.Empty(rig.RunFolders);
    }

    /// <summary>As for curl. The parser's own way would take the file's words for arguments, and show them.</summary>
    [Fact]
    public async Task A_file_behind_an_at_sign_is_not_read_so_nobody_sees_what_it_holds()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var file = Path.Combine(rig.Folder, "login.txt");
        await File.WriteAllTextAsync(file, $"postgres://shop@127.0.0.1/shop\n{rig.SourcePassword.Reveal()}\n",
            TestContext.Current.CancellationToken);

        var end = await rig.RunAsync("assess", "--from", "@" + file);

        Assert.Equal(2, end.Code);
        end.Says("file:" + file);
        Assert.DoesNotContain(GodwitRig.SecretMark, end.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flags_that_contradict_each_other_are_told_all_at_once()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        var missing = await rig.StopsAsync(2, "cli.options", "migrate", "--to", "heroku:" + rig.App,
            "--via", rig.Via, "--jobs", "0");
        Assert.Contains("--from is missing; --jobs is 0", missing.Why, StringComparison.Ordinal);
        var twice = await rig.StopsAsync(2, "cli.options", [.. rig.Migrate, "--from-stdin"]);
        Assert.Contains("--from is given twice", twice.Why, StringComparison.Ordinal);
        Assert.Empty(rig.RunFolders);
    }

    [Theory]
    [InlineData("--frm", "env:SOURCE_URL")]
    [InlineData("--plan")]
    [InlineData("--from", "env:ANOTHER")]
    [InlineData("--jobs", "many")]
    public async Task A_flag_that_is_unknown_or_lacks_its_value_says_where_help_is(params string[] flags)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        var end = (await rig.RunAsync([.. rig.Migrate, .. flags])).Expect(2);

        Assert.StartsWith("godwit: ", end.Error, StringComparison.Ordinal);
        Assert.Contains(flags[0], end.Error, StringComparison.Ordinal);
        Assert.EndsWith("  next: See: godwit migrate --help\n", end.Error, StringComparison.Ordinal);
        Assert.Empty(end.Output);
        await rig.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("ftp://somewhere", "storage.address_malformed")]
    [InlineData("gs://Bucket", "storage.address_malformed")]
    [InlineData("s3://key:of-nobody@bucket", "storage.address_secret")]
    public async Task A_store_that_cannot_be_meant(string via, string code)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Via = via;

        var shown = await rig.StopsAsync(2, code);

        Assert.Contains("s3://", shown.Next, StringComparison.Ordinal);
        Assert.DoesNotContain("of-nobody", shown.ToString(), StringComparison.Ordinal);
        Assert.Empty(rig.RunFolders);
    }

    [Theory]
    [InlineData("/dev/null/godwit")]
    [InlineData("/proc/godwit")]
    public async Task A_home_that_cannot_be_written_starts_nothing(string home)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Home = home;

        var shown = await rig.StopsAsync(1, "journal.not_writable");

        Assert.Contains("GODWIT_HOME", shown.Next, StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Fact]
    public async Task A_machine_without_pg_dump()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["GODWIT_PG_ROOT"] = new("/no/such/postgresql");

        var shown = await rig.StopsAsync(1, "postgres.tools_missing");

        Assert.Contains("pg_dump", shown.What, StringComparison.Ordinal);
        Assert.Contains("apt-get install", shown.Next, StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Fact]
    public async Task A_pg_dump_that_does_not_start()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var bin = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(rig.StoreFolder)!, "bin")).FullName;
        await File.WriteAllTextAsync(Path.Combine(bin, "pg_dump"),
            "#!/bin/sh\necho 'error while loading shared libraries: libpq.so.5' >&2\nexit 127\n", Ct);
        File.SetUnixFileMode(Path.Combine(bin, "pg_dump"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        rig.Environment["GODWIT_PG_BIN"] = new(bin);

        var shown = await rig.StopsAsync(1, "extract.program_unusable");

        Assert.Contains("libpq.so.5", shown.Why, StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("heroku-local")]
    public async Task A_machine_without_initdb(string command)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["GODWIT_PG_ROOT"] = new("/no/such/postgresql");

        Assert.Contains("initdb", (await rig.StopsAsync(1, "postgres.tools_missing", command)).What,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", "journal.no_such_run")]
    [InlineData("resume", "journal.no_such_run")]
    [InlineData("rollback", "journal.no_such_run")]
    public async Task A_run_that_does_not_exist(string command, string code)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        Assert.Contains("godwit status", (await rig.StopsAsync(2, code, command, "20260101-000000-zzzz")).Next,
            StringComparison.Ordinal);
    }
}
