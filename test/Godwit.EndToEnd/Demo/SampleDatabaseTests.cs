using Godwit.App.Demo;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Demo;

/// <summary>One cluster for the class, and the sample database built once in it by an ordinary owner.</summary>
public sealed class SampleDatabaseCluster : IAsyncLifetime
{
    public const string Owner = "limosa";
    private static readonly Secret Password = new("a1b2c3d4");
    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-sample-").FullName;
    private LocalCluster? _cluster;

    public Secret Sample => Connection("sample");

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        _cluster = await LocalCluster.StartAsync(
            new() { Folder = Path.Combine(_folder, "pg"), Durable = false },
                new ProcessRunner(TimeProvider.System), TimeProvider.System,
            CancellationToken.None);
        await _cluster.ExecuteAsync("postgres", $"CREATE ROLE {Owner} LOGIN PASSWORD '{Password.Reveal()}'",
            CancellationToken.None);
        await SampleDatabase.CreateAsync(await CreateDatabaseAsync("sample"), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public async Task<Secret> CreateDatabaseAsync(string name)
    {
        await _cluster!.ExecuteAsync("postgres", $"CREATE DATABASE {name} OWNER {Owner}", CancellationToken.None);
        return Connection(name);
    }

    public ProgramCall Call(string program, string database, params string[] arguments) => new(
        new PgTools(Environment.GetEnvironmentVariable).Newest(program),
        ["-h", _cluster!.Host, "-p", $"{_cluster.Port}", "-U", Owner, "-d", database, .. arguments])
    {
        Environment = new Dictionary<string, Secret?> { ["PGPASSWORD"] = Password },
    };

    private Secret Connection(string database) => _cluster!.ConnectionString(database, Owner, Password);
}

public sealed class SampleDatabaseTests(SampleDatabaseCluster cluster) : IClassFixture<SampleDatabaseCluster>
{
    private const string OurTables = """
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind = 'r'
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_has_the_tables_and_rows_it_says_and_the_size_of_a_small_shop()
    {
        var rows = await ReadAsync(cluster.Sample, $"""
            SELECT (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM ONLY %I.%I', nspname,
                relname), false, true, '')))[1]::text {OurTables}
            """);
        Assert.Equal(SampleDatabase.Tables, rows.Count);
        Assert.Equal(SampleDatabase.Rows, rows.Sum(long.Parse));
        Assert.Equal($"{SampleDatabase.LargeObjects}", await OneAsync("SELECT count(*) FROM pg_largeobject_metadata"));
        Assert.InRange(long.Parse(await OneAsync("SELECT pg_database_size(current_database())")),
            50_000_000, 120_000_000);
    }

    // Each line is a kind of object that a migration has to carry; a sample without it would prove less.
    [Theory]
    [InlineData("schemas of its own", 4, "pg_namespace WHERE nspowner = current_user::regrole AND nspname !~ '^pg_'")]
    [InlineData("extensions", 6, "pg_extension WHERE extname <> 'plpgsql'")]
    [InlineData("views", 5, "pg_class WHERE relkind = 'v' AND relowner = current_user::regrole")]
    [InlineData("materialized views, one never filled", 2, "pg_class WHERE relkind = 'm'")]
    [InlineData("partitioned tables, two of them partitions", 6, "pg_class WHERE relkind = 'p'")]
    [InlineData("range, list and hash", 3, "(SELECT DISTINCT partstrat FROM pg_partitioned_table) s")]
    [InlineData("inheriting tables", 2,
        "pg_inherits JOIN pg_class ON oid = inhrelid WHERE relkind = 'r' AND NOT relispartition")]
    [InlineData("identity columns", 4, "pg_attribute WHERE attidentity <> '' AND NOT attisdropped")]
    [InlineData("generated columns", 5, "pg_attribute WHERE attgenerated <> ''")]
    [InlineData("enums", 2, "pg_type WHERE typtype = 'e'")]
    [InlineData("domains", 4,
        "pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE typtype = 'd' AND nspname = 'shop'")]
    [InlineData("ranges", 1,
        "pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE typtype = 'r' AND nspname = 'shop'")]
    [InlineData("aggregates", 1,
        "pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE prokind = 'a' AND nspname = 'shop'")]
    [InlineData("procedures", 2, "pg_proc WHERE prokind = 'p' AND proowner = current_user::regrole")]
    [InlineData("operators", 1,
        "pg_operator WHERE oprowner = current_user::regrole AND oprnamespace = 'shop'::regnamespace")]
    [InlineData("triggers, one switched off", 1, "pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'")]
    [InlineData("constraint triggers", 1, "pg_constraint WHERE contype = 't'")]
    [InlineData("exclusion constraints", 2, "pg_constraint WHERE contype = 'x'")]
    [InlineData("constraints nobody validated", 2, "pg_constraint WHERE NOT convalidated")]
    [InlineData("deferrable constraints", 3, "pg_constraint WHERE condeferrable")]
    [InlineData("policies", 2, "pg_policy")]
    [InlineData("rules", 1, "pg_rewrite WHERE rulename <> '_RETURN' AND ev_class = 'shop.audit_log'::regclass")]
    [InlineData("extended statistics", 1, "pg_statistic_ext")]
    [InlineData("collations", 1, "pg_collation WHERE collowner = current_user::regrole")]
    [InlineData("text search configurations", 1, "pg_ts_config WHERE cfgowner = current_user::regrole")]
    [InlineData("unlogged tables", 1, "pg_class WHERE relkind = 'r' AND relpersistence = 'u'")]
    [InlineData("tables without columns", 1, "pg_class WHERE relkind = 'r' AND relnatts = 0")]
    [InlineData("names of 63 bytes", 1, "pg_class WHERE relkind = 'r' AND octet_length(relname) = 63")]
    [InlineData("names with a line break", 1, "pg_class WHERE relkind = 'r' AND relname LIKE E'%\\n%'")]
    [InlineData("columns dropped", 2, "pg_attribute WHERE attisdropped AND attrelid >= 16384")]
    [InlineData("comments on large objects", 2, "pg_description WHERE classoid = 'pg_largeobject'::regclass")]
    public async Task It_holds(string what, int count, string from)
    {
        Assert.NotEmpty(what);
        Assert.Equal($"{count}", await OneAsync($"SELECT count(*) FROM {from}"));
    }

    [Fact]
    public async Task A_second_build_gives_the_same_rows()
    {
        var second = await cluster.CreateDatabaseAsync("second");
        await SampleDatabase.CreateAsync(second, Ct);
        Assert.Equal(await ChecksumsAsync(cluster.Sample), await ChecksumsAsync(second));
    }

    [Fact]
    public async Task A_second_build_into_the_same_database_is_refused_and_changes_nothing()
    {
        var before = await ChecksumsAsync(cluster.Sample);
        await Assert.ThrowsAsync<PostgresException>(() => SampleDatabase.CreateAsync(cluster.Sample, Ct));
        Assert.Equal(before, await ChecksumsAsync(cluster.Sample));
    }

    [Fact]
    public async Task An_ordinary_owner_restores_its_stock_dump_without_a_warning_and_nothing_differs()
    {
        var archive = Path.Combine(Path.GetTempPath(), $"godwit-sample-{Environment.ProcessId}.dump");
        try
        {
            Assert.Equal("", await RunAsync(cluster.Call("pg_dump", "sample", "-Fc", "-f", archive)));
            var restored = await cluster.CreateDatabaseAsync("restored");
            Assert.Equal("", await RunAsync(cluster.Call("pg_restore", "restored", "--no-owner", "--no-acl", archive)));
            Assert.Equal(await ChecksumsAsync(cluster.Sample), await ChecksumsAsync(restored));
        }
        finally
        {
            File.Delete(archive);
        }
    }

    private async Task<string> OneAsync(string sql) => Assert.Single(await ReadAsync(cluster.Sample, sql));

    /// <summary>One line per table, sequence and large object: the same lines, the same contents.</summary>
    private static async Task<List<string>> ChecksumsAsync(Secret database)
    {
        var tables = await ReadAsync(database, $"""
            SELECT format('SELECT %L || count(*) || '' '' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)
                FROM ONLY %I.%I t',
                nspname || '.' || relname || ': ', nspname, relname) {OurTables}
            """);
        List<string> sums = [];
        foreach (var sql in tables)
            sums.AddRange(await ReadAsync(database, sql));
        sums.AddRange(await ReadAsync(database,
            "SELECT sequencename || ': ' || coalesce(last_value::text, 'never') FROM pg_sequences"));
        sums.AddRange(await ReadAsync(database, "SELECT oid || ': ' || md5(lo_get(oid)) FROM pg_largeobject_metadata"));
        sums.Sort(StringComparer.Ordinal);
        return sums;
    }

    private static async Task<List<string>> ReadAsync(Secret database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.Reveal());
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand($"SELECT line::text FROM ({sql}) q(line)", connection);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        List<string> lines = [];
        while (await reader.ReadAsync(Ct))
            lines.Add(reader.GetString(0));
        return lines;
    }

    private static async Task<string> RunAsync(ProgramCall call)
    {
        await using var process = new ProcessRunner(TimeProvider.System).Start(call);
        await process.Output.CopyToAsync(Stream.Null, Ct);
        return await process.WaitAsync(Ct) == 0 ? process.ErrorTail : $"failed: {process.ErrorTail}";
    }
}
