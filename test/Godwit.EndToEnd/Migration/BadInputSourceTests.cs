using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Migration;

/// <summary>A source that is missing, refuses the login, or cannot be read.</summary>
public sealed class BadInputSourceTests(JourneyServers servers, OtherServers others)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("postgres://godwit:s3cr3t@127.0.0.1:9/shop", 3, "postgres.unreachable", "127.0.0.1:9", "allow-list")]
    [InlineData("postgres://godwit:s3cr3t@no-such-host.invalid/shop", 1, "postgres.unknown_host",
        "no-such-host.invalid", "private name")]
    public async Task A_host_that_cannot_be_reached(string url, int exitCode, string code, string named, string advice)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["SOURCE_URL"] = new(url);

        var shown = await rig.StopsAsync(exitCode, code);

        Assert.Contains(named, shown.What, StringComparison.Ordinal);
        Assert.Contains(advice, shown.Next, StringComparison.OrdinalIgnoreCase);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_password_that_is_wrong_is_told_before_anything_is_touched_also_by_a_dry_run(bool dryRun)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["SOURCE_URL"] = rig.Source.Url(rig.Database, rig.Database, new("s3cr3t-but-wrong"));

        var shown = await rig.StopsAsync(1, "postgres.wrong_password",
            dryRun ? [.. rig.Migrate, "--dry-run"] : rig.Migrate);

        Assert.Contains($"'{rig.Database}'", shown.Why, StringComparison.Ordinal);
        Assert.Contains("percent-encoded", shown.Next, StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
        Assert.Equal(dryRun ? 0 : 1, rig.RunFolders.Count);
    }

    [Fact]
    public async Task A_password_that_is_missing()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["SOURCE_URL"] =
            new($"postgres://{rig.Database}@{rig.Source.Host}:{rig.Source.Port}/{rig.Database}");

        Assert.Contains("PGPASSWORD", (await rig.StopsAsync(1, "postgres.no_password")).Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_exist()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["SOURCE_URL"] = rig.Source.Url("no_such_shop", rig.Database, rig.SourcePassword);

        var shown = await rig.StopsAsync(1, "postgres.no_database");

        Assert.Contains("'no_such_shop'", shown.Why, StringComparison.Ordinal);
        Assert.Contains("psql", shown.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_that_the_server_does_not_have()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var plain = await others.OfMajorAsync(15);
        rig.Environment["SOURCE_URL"] = new(plain.Url("postgres", "postgres", rig.SourcePassword).Reveal()
            + "?sslmode=require");

        Assert.Contains("sslmode=disable", (await rig.StopsAsync(1, "postgres.tls_missing")).Next,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?sslmode=verify-full")]
    [InlineData("?sslmode=verify-ca")]
    public async Task A_certificate_nobody_vouches_for(string parameters)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, source: await others.WithTlsAsync());
        rig.Environment["SOURCE_URL"] = new(rig.SourceUrl.Reveal() + parameters);

        Assert.Contains("sslrootcert=FILE", (await rig.StopsAsync(1, "postgres.tls_untrusted")).Next,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_file_that_is_not_there()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, source: await others.WithTlsAsync());
        rig.Environment["SOURCE_URL"] = new(rig.SourceUrl.Reveal()
            + "?sslmode=verify-full&sslrootcert=/no/such/ca.pem");

        Assert.Contains("/no/such/ca.pem", (await rig.StopsAsync(1, "postgres.tls_root_unreadable")).Why,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    public async Task A_server_newer_than_every_pg_dump_here(int major)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var cluster = await others.OfMajorAsync(major);
        rig.Environment["SOURCE_URL"] = await OtherServers.AddDatabaseAsync(cluster, rig.Database, rig.SourcePassword);

        var shown = await rig.StopsAsync(1, "extract.source_newer");

        Assert.Contains($"PostgreSQL {major}", shown.What, StringComparison.Ordinal);
        Assert.Contains($"postgresql-client-{major}", shown.Next, StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Fact]
    public async Task A_pg_dump_that_was_named_and_is_too_old_is_noticed_before_anything_is_frozen()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var cluster = await others.OfMajorAsync(17);
        rig.Environment["SOURCE_URL"] = await OtherServers.AddDatabaseAsync(cluster, rig.Database, rig.SourcePassword);
        rig.Environment["GODWIT_PG_BIN"] = new(Path.GetDirectoryName(new PgTools(_ => null).Newest("pg_dump"))!);

        await rig.StopsAsync(1, "extract.source_newer");
    }

    [Fact]
    public async Task A_table_that_the_user_may_not_read_is_named_with_the_GRANT_it_needs()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.Source.ExecuteAsync(rig.Database,
            "CREATE TABLE public.\"Pay roll\" (id int); REVOKE ALL ON public.\"Pay roll\" FROM PUBLIC", Ct);

        var shown = await rig.StopsAsync(1, "assess.blocked");

        Assert.Contains("[assess.unreadable]", shown.Why, StringComparison.Ordinal);
        Assert.Contains("public.\"Pay roll\"", shown.Why, StringComparison.Ordinal);
        Assert.Contains($"GRANT SELECT ON public.\"Pay roll\" TO \"{rig.Database}\";", shown.Next,
            StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Fact]
    public async Task A_backup_that_nobody_vouched_for()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        var next = (await rig.StopsAsync(1, "assess.no_backup", [.. rig.Migrate.SkipLast(1)])).Next;
        Assert.Contains("godwit resume --i-have-a-backup", next, StringComparison.Ordinal);
        Assert.EndsWith("Take a backup or snapshot at your provider, and see it finished.", next,
            StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Fact]
    public async Task An_older_server_is_no_bad_input_but_a_journey()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var cluster = await others.OfMajorAsync(13);
        var url = await OtherServers.AddDatabaseAsync(cluster, rig.Database, rig.SourcePassword);
        rig.Environment["SOURCE_URL"] = url;
        var connection = cluster.ConnectionString(rig.Database, rig.Database, rig.SourcePassword).Reveal();
        await FillAsync(connection);

        (await rig.RunAsync(rig.Migrate)).Expect(0);

        Assert.Equal(await JourneySource.ContentsAsync(connection, Ct),
            await JourneySource.ContentsAsync(await rig.TargetConnectionAsync(), Ct));
    }

    private static async Task FillAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(JourneySource.Small, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
