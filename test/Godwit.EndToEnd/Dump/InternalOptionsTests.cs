using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Dump;

/// <summary>A server that keeps options of its own in the columns, and a pg_dump that takes them for the user's. Minor
/// releases of 2026-11-12 do so by themselves; here the catalog is given such options, so that every machine has a
/// server like that.</summary>
public sealed class InternalOptionsTests(OtherServers servers) : IAsyncLifetime
{
    private const string Objects = """
        COMMENT ON SCHEMA public
            IS 'Told to quote all names, pg_dump would write the usual one, and Godwit would leave it out.';
        CREATE TABLE plain (id int PRIMARY KEY, name text);
        INSERT INTO plain SELECT n, 'godwit ' || n FROM generate_series(1, 100) n;
        ALTER TABLE plain ALTER COLUMN name SET (n_distinct = -0.5);
        ALTER TABLE plain ALTER COLUMN name SET STATISTICS 7;
        CREATE SCHEMA "odd "" one;";
        CREATE TABLE "odd "" one;"."ALTER TABLE t ALTER COLUMN a SET (pg_attver=1);" ("line
        feed; --" int, "SET (pg_attver=1)" text DEFAULT 'x;
        ALTER TABLE ONLY public.plain ALTER COLUMN id SET (pg_attver=1);
        ' CHECK ("SET (pg_attver=1)" <> E'\\'';ALTER TABLE ONLY t ALTER COLUMN a SET (pg_attver=1);'));
        COMMENT ON COLUMN plain.id IS 'ALTER TABLE ONLY plain ALTER COLUMN id SET (pg_attver=1);';
        CREATE FUNCTION body() RETURNS void LANGUAGE sql
            AS $$; ALTER TABLE ONLY plain ALTER COLUMN id SET (pg_attver=1); $$;
        CREATE FUNCTION atomic() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1 AS "SET (pg_attver=1);"; END;
        CREATE VIEW seen AS SELECT id AS "SET (pg_attver=1)" FROM plain;
        CREATE MATERIALIZED VIEW kept AS SELECT id, name FROM plain;
        CREATE INDEX ON kept ((id + 1));
        CREATE TABLE parts (id int, v text) PARTITION BY LIST (id);
        CREATE TABLE part PARTITION OF parts FOR VALUES IN (1);
        CREATE TYPE pair AS (a int, b text);
        """;

    private const string Options = """
        UPDATE pg_catalog.pg_attribute
            SET attoptions = '{pg_attver=86603112}'::text[] || coalesce(attoptions, '{}') || '{pg_later=on}'
        FROM pg_catalog.pg_class c
        WHERE c.oid = attrelid AND relkind IN ('r', 'p', 'm') AND attnum > 0 AND attrelid >= 16384
        """;

    /// <summary>What a server of those minors has written by itself.</summary>
    private const string WithoutOptions = """
        UPDATE pg_catalog.pg_attribute
            SET attoptions = (SELECT array_agg(o) FROM unnest(attoptions) o WHERE o !~ '^pg_') WHERE attrelid >= 16384
        """;

    private readonly string _folder = TestRun.NewFolder();
    private readonly string _name = "internal_" + Guid.NewGuid().ToString("N")[..8];
#pragma warning disable CA2213 // Both servers are everybody's.
    private LocalCluster _server = null!;
    private LocalCluster _target = null!;
#pragma warning restore CA2213
    private string _expected = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Stock => Path.Combine(_folder, "stock.dump");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Directory.Exists(OtherServers.OlderClientFolder),
            "Debian 12 offers no pg_dump from before November 2026 any more.");
        (_server, _target) = (await servers.OfMajorAsync(15), await servers.OlderMinorAsync());
        await _server.ExecuteAsync("postgres", $"CREATE DATABASE {_name} TEMPLATE template0", Ct);
        // The driver would cut the body of a function at its semicolon.
        await File.WriteAllTextAsync(PathOf("objects.sql"), Objects, Ct);
        await PgProgram.LoadAsync(_server, _name, PathOf("objects.sql"));
        await _server.ExecuteAsync(_name, WithoutOptions, Ct);
        await MakeStockAsync();
        _expected = await SqlAsync(Stock);
        await _server.ExecuteAsync(_name, Options, Ct);
        await MakeStockAsync();
        Assert.Contains(" SET (pg_attver=86603112, n_distinct=-0.5, pg_later=on);", await SqlAsync(Stock),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--engine godwit --to out.dump")]
    [InlineData("--engine godwit --to - > out.dump")]
    [InlineData("--engine pg_dump --to out.dump")]
    [InlineData("--engine pg_dump --to - > out.dump")]
    public async Task A_dump_is_that_of_a_server_without_them_and_says_so(string how)
    {
        var end = (await GodwitAsync($"dump --from env:SOURCE_URL --left-out left.sql {how}")).Expect(0);

        Assert.Contains("5 sets of internal column options were left out of the dump", end.Output + end.Error,
            StringComparison.Ordinal);
        Assert.Equal(_expected, await SqlAsync(PathOf("out.dump")));
        var list = await File.ReadAllTextAsync(PathOf("left.sql"), Ct);
        Assert.Contains(
            "-- ALTER TABLE ONLY \"public\".\"kept\" ALTER COLUMN \"id\" SET (pg_attver=86603112, pg_later=on);", list,
            StringComparison.Ordinal);
        Assert.DoesNotContain("n_distinct", list, StringComparison.Ordinal);
    }

    /// <summary>An archive that somebody has made with such a pg_dump.</summary>
    [Theory]
    [InlineData("stock.dump --to out.dump")]
    [InlineData("- --to - < stock.dump > out.dump")]
    public async Task A_filtered_archive_is_that_of_a_server_without_them_and_says_so(string how)
    {
        var end = await GodwitAsync($"archive filter --left-out left.sql {how}");
        end.Expect(0);

        Assert.Contains("Also left out 5 sets of internal column options", end.Output + end.Error,
            StringComparison.Ordinal);
        Assert.Equal(_expected, await SqlAsync(PathOf("out.dump")));
        Assert.Contains("(pg_attver=86603112, pg_later=on);", await File.ReadAllTextAsync(PathOf("left.sql"), Ct),
            StringComparison.Ordinal);
        (await GodwitAsync("archive check out.dump")).Expect(0);
        Assert.DoesNotContain("internal column options",
            (await GodwitAsync("archive filter out.dump --dry-run")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("Would also leave out 5 sets",
            (await GodwitAsync("archive filter stock.dump --dry-run")).Expect(0).Output, StringComparison.Ordinal);
    }

    /// <summary>The target is of an older minor and would say <c>unrecognized parameter "pg_attver"</c>.</summary>
    [Theory]
    [InlineData("restore stock.dump --to env:TARGET_URL", "left out of the restore")]
    [InlineData("restore stock.dump --to env:TARGET_URL --no-clean", "left out of the restore")]
    [InlineData("copy --from env:SOURCE_URL --to env:TARGET_URL", "left out of the copy")]
    [InlineData("copy --from env:SOURCE_URL --to env:TARGET_URL --no-clean", "left out of the copy")]
    public async Task A_target_that_does_not_know_them_is_filled_and_has_the_users_own(string how, string said)
    {
        await _target.ExecuteAsync("postgres", $"CREATE DATABASE {_name} TEMPLATE template0", Ct);

        var end = (await GodwitAsync(how)).Expect(0).Says("5 sets of internal column options were " + said);

        Assert.DoesNotContain("warning", end.Output, StringComparison.Ordinal);
        Assert.Equal("n_distinct=-0.5", await _target.ScalarAsync<string>(_name,
            "SELECT string_agg(o, ';') FROM pg_attribute, unnest(attoptions) o WHERE attrelid >= 16384", Ct));
        Assert.Equal(100L, await _target.ScalarAsync<long>(_name, "SELECT count(*) FROM plain", Ct));
    }

    /// <summary>Rows alone are no matter of options.</summary>
    [Fact]
    public async Task Rows_alone_are_copied_without_a_word_about_them()
    {
        await _target.ExecuteAsync("postgres", $"CREATE DATABASE {_name} TEMPLATE template0", Ct);
        (await GodwitAsync("copy --from env:SOURCE_URL --to env:TARGET_URL --schema-only"))
            .Expect(0).Says("internal column options");

        var end = (await GodwitAsync("copy --from env:SOURCE_URL --to env:TARGET_URL --data-only")).Expect(0);

        Assert.DoesNotContain("internal column options", end.Output, StringComparison.Ordinal);
    }

    /// <summary>Also what only a pg_dump of the future understands.</summary>
    [Fact]
    public async Task What_pg_dump_writes_of_a_server_without_them_passes_byte_for_byte()
    {
        var folder = Directory.CreateDirectory(PathOf("bin")).FullName;
        var wrapper = Path.Combine(folder, "pg_dump");
        foreach (var written in new[] { "echo PGDMP of the future", $"cat {PathOf("plain.dump")}" })
        {
            await GodwitAsync("archive filter stock.dump --to plain.dump --overwrite");
            await File.WriteAllTextAsync(wrapper, $"""
                #!/bin/bash
                if [ "$1" = --version ]; then echo 'pg_dump (PostgreSQL) 17.99'; else {written}; fi
                """, Ct);
            File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

            (await GodwitAsync("dump --from env:SOURCE_URL --engine pg_dump --to - > out.dump 2> said; "
                + $"bash {wrapper} > direct.dump; cmp out.dump direct.dump", folder)).Expect(0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _server, _target }.OfType<LocalCluster>())
            await server.ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)",
                CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    private Task MakeStockAsync() => PgProgram.RunAsync(
        15, Path.Combine(OtherServers.OlderClientFolder, "pg_dump"),
        ["--format=custom", "--quote-all-identifiers", $"--file={Stock}"], _server, _name, asIs: true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static Task<string> SqlAsync(string archive) =>
        PgProgram.RunAsync(17, "pg_restore", ["--restrict-key=zoo", "--schema-only", "--file=-", archive]);

    /// <param name="programs">The folder of pg_dump.</param>
    private async Task<GodwitEnd> GodwitAsync(string line, string? programs = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Godwit.App.dll");
        await using var shell = new ProcessRunner(TimeProvider.System).Start(new ProgramCall("bash",
            ["-c", $"godwit() {{ dotnet '{program}' \"$@\"; }}; cd '{_folder}'; godwit {line}"])
        {
            Environment = new Dictionary<string, Secret?>
            {
                ["SOURCE_URL"] = _server.SuperUrl(_name),
                ["TARGET_URL"] = _target.SuperUrl(_name),
                ["GODWIT_PG_BIN"] = new(programs ?? OtherServers.OlderClientFolder),
                ["TERM"] = new("dumb"),
            },
        });
        using var reader = new StreamReader(shell.Output, leaveOpen: true);
        var output = await reader.ReadToEndAsync(Ct);
        return new GodwitEnd(await shell.WaitAsync(Ct), output, shell.ErrorTail);
    }
}
