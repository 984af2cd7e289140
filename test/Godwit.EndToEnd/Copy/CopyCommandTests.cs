using System.Text.Json.Nodes;
using Godwit.Copy.Rows;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Copy;

/// <summary><c>godwit copy</c> between two servers, as ordinary owners.</summary>
public sealed class CopyCommandTests(OtherServers servers)
{
    /// <summary>Tables that are divided, keys that are built beside other indexes, and a foreign key between the
    /// largest ones.</summary>
    public const string Large = """
        CREATE TABLE wide (id bigint PRIMARY KEY, other int NOT NULL, said text NOT NULL, UNIQUE (other, id));
        INSERT INTO wide SELECT i, i % 1000, repeat(md5(i::text), 8) FROM generate_series(1, 400000) i;
        CREATE INDEX wide_said ON wide (md5(said));
        CREATE TABLE narrow (wide bigint REFERENCES wide, at timestamptz);
        INSERT INTO narrow SELECT i, timestamptz '2026-01-01' + i * interval '1 s' FROM generate_series(1, 400000) i;
        CREATE MATERIALIZED VIEW counted AS SELECT other, count(*) FROM wide GROUP BY 1;
        """;

    /// <summary>A table that takes some seconds at a few megabytes a second, and a small one behind it.</summary>
    private const string Slow = """
        CREATE TABLE big (filler text);
        INSERT INTO big SELECT repeat(md5(i::text), 30) FROM generate_series(1, 30000) i;
        CREATE TABLE small (id int); INSERT INTO small SELECT generate_series(1, 10);
        """;

    /// <summary>Other tests write to other databases of these servers.</summary>
    private static readonly string[] Resume = ["--resume", "--frozen"];

    [Theory]
    [InlineData(13, 15)]
    [InlineData(15, 17)]
    public async Task A_copy_is_proven_by_verify(int from, int to)
    {
        await using var rig = await RigAsync(from, to);

        (await CopyAsync(rig)).Expect(0).Says("Copied 4 tables, 2,450 rows").Says("3 large objects");

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
        Assert.False(await rig.AskTargetAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'godwit_copy')"));
        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM pg_constraint WHERE NOT convalidated"));
        // Also of the one that has no index to wait for.
        Assert.Equal(2400, await rig.AskTargetAsync<float>(
            "SELECT sum(reltuples) FROM pg_class WHERE relname IN ('customers', 'orders', 'log')"));
    }

    [Fact]
    public async Task What_the_target_would_refuse_is_left_out_told_and_written_down()
    {
        await using var rig = await RigAsync(15, 17);
        await rig.AtSourceAsync("CREATE PUBLICATION news FOR TABLE orders", asOwner: false);
        var file = rig.NewFile("left-out.sql");

        (await CopyAsync(rig, "--left-out", file)).Expect(0).Says("1 publication was left out of the copy (news)");

        Assert.Contains("CREATE PUBLICATION \"news\"",
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM pg_publication"));
    }

    [Fact]
    public async Task A_target_that_is_not_empty_is_left_alone()
    {
        await using var rig = await RigAsync(15, 17);
        await rig.AtTargetAsync("CREATE TABLE mine (id int)");

        Assert.Equal("copy.target_not_empty", FaultShown.Read((await CopyAsync(rig)).Expect(1)).Code);

        Assert.Equal(1, await rig.AskTargetAsync<long>(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task Rows_without_a_counterpart_end_the_copy_or_are_kept_and_told()
    {
        await using var rig = await RigAsync(15, 17);
        await rig.AtSourceAsync(
            "SET session_replication_role = replica; INSERT INTO orders (id, customer) VALUES (90001, 777)",
            asOwner: false);

        var fault = FaultShown.Read((await CopyAsync(rig)).Expect(4));
        Assert.Equal("copy.orphans", fault.Code);
        Assert.Contains("orders_customer_fkey", fault.What, StringComparison.Ordinal);
        (await CopyAsync(rig)).Expect(1).Says("copy.unfinished");

        var rest = (await CopyAsync(rig, [.. Resume, "--keep-orphans"]))
            .Expect(0).Says("NOT VALID").Says("the copy went on").Output;
        // Both tables of the key had come; the two others, of 100 and 50 rows, perhaps not.
        Assert.Matches("Copied the rest: (0|50|100|150) rows", rest);
        Assert.Equal("orders_customer_fkey", await rig.AskTargetAsync<string>(
            "SELECT string_agg(conname, ' ') FROM pg_constraint WHERE NOT convalidated"));
        Assert.Equal(2001, await rig.AskTargetAsync<long>("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task An_interval_which_may_be_infinite_is_text_for_a_server_that_knows_no_such_thing()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(17),
            await servers.OfMajorAsync(15), """
                CREATE TABLE times (n int, at timestamptz); CREATE TABLE spans (n int, span interval);
                CREATE TABLE lists (list interval[]); CREATE DOMAIN span AS interval; CREATE TABLE domains (span span)
                """);
        await using var source = await PostgresSession.OpenAsync(rig.Addresses.Source,
            TestContext.Current.CancellationToken);
        async Task<string> BinaryAsync(int targetMajor)
        {
            var tables = await source.RowsAsync(
                "SELECT oid, relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
                + "ORDER BY relname",
                row => (Oid: row.GetFieldValue<uint>(0), Name: row.GetString(1)),
                TestContext.Current.CancellationToken);
            var binary = await BinaryTypes.FindAsync(source, targetMajor, [.. tables.Select(table => table.Oid)],
                TestContext.Current.CancellationToken);
            return string.Join(' ', tables.Where(table => binary.Contains(table.Oid)).Select(table => table.Name));
        }

        Assert.Equal("times", await BinaryAsync(16));
        Assert.Equal("domains lists spans times", await BinaryAsync(17));
    }

    [Fact]
    public async Task Rows_that_are_there_need_nothing_of_a_source_that_goes_on()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), """
                CREATE TABLE parent (id int PRIMARY KEY); INSERT INTO parent SELECT generate_series(1, 10);
                CREATE TABLE child (parent int REFERENCES parent); INSERT INTO child VALUES (1);
                """);
        await rig.AtSourceAsync("SET session_replication_role = replica; INSERT INTO child VALUES (777)",
            asOwner: false);
        Assert.Equal("copy.orphans", FaultShown.Read((await CopyAsync(rig)).Expect(4)).Code);
        await rig.AtSourceAsync("INSERT INTO parent VALUES (11)");

        (await CopyAsync(rig, "--resume", "--keep-orphans")).Expect(0).Says("NOT VALID");

        Assert.Equal(10, await rig.AskTargetAsync<long>("SELECT count(*) FROM parent"));
        Assert.Equal(2, await rig.AskTargetAsync<long>("SELECT count(*) FROM child"));
    }

    [Fact]
    public async Task Rows_of_an_extension_that_the_target_does_not_take_are_left_out_and_told()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), "CREATE TABLE mine AS SELECT generate_series(1, 5) AS n");
        // As PostGIS has its table of coordinate systems where a superuser has made it.
        const string extension = "CREATE EXTENSION citext; CREATE TABLE systems (id int); CREATE TABLE others (id "
            + "int); GRANT SELECT ON systems, others TO PUBLIC; ALTER EXTENSION citext ADD TABLE systems; "
            + "ALTER EXTENSION citext ADD TABLE others; "
            + "UPDATE pg_extension SET extconfig = ARRAY['systems'::regclass::oid, 'others'::regclass::oid], "
            + "extcondition = ARRAY['WHERE id > 100', ''] WHERE extname = 'citext';";
        await rig.AtSourceAsync(extension + "INSERT INTO systems VALUES (1), (101)", asOwner: false);
        await rig.AtTargetAsync(extension + "INSERT INTO systems VALUES (1)", asOwner: false);

        (await CopyAsync(rig))
            .Expect(0).Says("1 extension's table with rows of yours was left out of the copy (public.systems)")
            .Says("Copied 1 table, 5 rows");

        Assert.Equal(1, await rig.AskTargetAsync<long>("SELECT count(*) FROM systems"));
    }

    [Fact]
    public async Task Whoever_it_waits_for_is_named()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Large);
        var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--json"]);
        await using var other = await rig.Target.OpenAsync(rig.Name, TestContext.Current.CancellationToken);
        await process.LineAsync(line => line.Contains("bytes_moved", StringComparison.Ordinal));
        await ExecuteAsync(other,
            "SET application_name = 'nightly report'; BEGIN; LOCK TABLE public.wide IN ACCESS SHARE MODE");

        var told = JsonNode.Parse(await process.LineAsync(line =>
            line.Contains("copy.waits", StringComparison.Ordinal)))!;
        await ExecuteAsync(other, "COMMIT");

        Assert.Contains("nightly report", told["what"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("pg_terminate_backend(", told["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        // Also where one worker has brought several parts of a table.
        var end = (await process.EndAsync()).Expect(0);
        var rows = await rig.AskTargetAsync<long>("SELECT (SELECT count(*) FROM wide) + (SELECT count(*) FROM narrow)");
        end.Says($"\"rows\":{rows}");
    }

    [Fact]
    public async Task Whoever_keeps_pg_dump_from_the_definitions_is_named()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), VerifyRig.Script);
        await using var other = await rig.Source.OpenAsync(rig.Name, TestContext.Current.CancellationToken);
        await ExecuteAsync(other, "SET application_name = 'long migration'; BEGIN; LOCK TABLE public.orders");
        var copy = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--json"]);
        var dump = rig.Start(["dump", "--from", "env:SOURCE_URL", "--to", rig.NewFile("locked.dump"), "--json"]);

        var told = (JsonNode.Parse(await copy.LineAsync(line =>
            line.Contains("copy.waits", StringComparison.Ordinal)))!,
            JsonNode.Parse(await dump.LineAsync(line => line.Contains("dump.waits", StringComparison.Ordinal)))!);
        await ExecuteAsync(other, "COMMIT");

        foreach (var one in (JsonNode[])[told.Item1, told.Item2])
        {
            Assert.Contains("of the source (", one["what"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Contains("long migration", one["what"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Contains("\"public\".\"orders\"", one["why"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Contains("pg_terminate_backend(", one["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        (await copy.EndAsync()).Expect(0);
        (await dump.EndAsync()).Expect(0);
    }

    /// <summary>It has no rows of its own, so nothing but the rows of its partitions says that it is too early.
    /// <c>pg_restore --jobs</c> makes it, and it acts on them.</summary>
    [Fact]
    public async Task A_partitioned_table_s_trigger_acts_on_no_row_that_comes()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), """
                CREATE TABLE seen (id int, at date, what text) PARTITION BY RANGE (at);
                CREATE TABLE seen_2025 PARTITION OF seen FOR VALUES
                    FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (id);
                CREATE TABLE seen_2025_any PARTITION OF seen_2025 DEFAULT;
                CREATE TABLE seen_2026 PARTITION OF seen FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
                INSERT INTO seen SELECT i, date '2025-01-01' + i % 700, repeat('godwit ', 20)
                    FROM generate_series(1, 3000) i;
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''too early''; END';
                CREATE TRIGGER refuse BEFORE INSERT ON seen FOR EACH ROW EXECUTE FUNCTION refuse();
                """);

        (await CopyAsync(rig, "--jobs", "1", "--max-rate", "200kB")).Expect(0);

        (await rig.VerifyAsync()).Expect(0).Says("roven");
    }

    [Fact]
    public async Task A_table_that_somebody_waits_to_alter_is_read_all_the_same()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Slow);
        var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--jobs", "1",
            "--max-rate", "5MB", "--json"]);
        await process.LineAsync(line => line.Contains("bytes_moved", StringComparison.Ordinal));
        var altering = rig.AtSourceAsync("ALTER TABLE small ADD COLUMN more int");

        (await process.EndAsync()).Expect(0);

        await altering;
        Assert.Equal(10, await rig.AskTargetAsync<long>("SELECT count(*) FROM small"));
    }

    [Fact]
    public async Task A_second_copy_into_the_same_target_is_refused_and_disturbs_nobody()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Slow);
        var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--jobs", "1",
            "--max-rate", "3MB", "--json"]);
        await process.LineAsync(line => line.Contains("bytes_moved", StringComparison.Ordinal));

        Assert.Equal("copy.target_busy", FaultShown.Read((await CopyAsync(rig, Resume)).Expect(1)).Code);

        (await process.EndAsync()).Expect(0);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What <c>assess</c> says a dump and a copy need: a connection for each worker, one that holds the locks,
    /// and two that are spared.</summary>
    [Theory]
    [InlineData(6, false)]
    [InlineData(5, true)]
    public async Task Three_workers_need_six_connections(int limit, bool hasFewer)
    {
        await using var rig = await RigAsync(13, 17);
        await rig.AtSourceAsync($"ALTER ROLE {rig.Name} CONNECTION LIMIT {limit}", asOwner: false);

        var ends = new[]
        {
            (await CopyAsync(rig, "--jobs", "3")).Expect(0),
            (await rig.RunAsync(["dump", "--from", "env:SOURCE_URL", "--to", rig.NewFile("shop.dump"), "--jobs", "3"]))
                .Expect(0),
        };

        Assert.All(ends, end => Assert.Equal(hasFewer, end.Output.Contains("instead of 3", StringComparison.Ordinal)));
    }

    private async Task<VerifyRig> RigAsync(int from, int to) =>
        await VerifyRig.CreateAsync(await servers.OfMajorAsync(from), await servers.OfMajorAsync(to), VerifyRig.Script);

    private static Task<GodwitEnd> CopyAsync(VerifyRig rig, params string[] more) =>
        rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", .. more]);
}
