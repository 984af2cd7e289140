using System.Text.Json.Nodes;
using Godwit.EndToEnd.HerokuLocal;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.EndToEnd.Verify;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Copy;

/// <summary>Copies that were killed, and what is done of them when they go on.</summary>
public sealed class CopyResumeTests(OtherServers servers)
{
    /// <summary>Other tests write to other databases of these servers.</summary>
    private static readonly string[] Resume = ["--resume", "--frozen"];

    /// <summary>Tables that are no range of pages for an old server: one in the order of its key, whose values need
    /// quoting and are missing in part, and one that lies anyhow.</summary>
    private const string Keyed = """
        CREATE TABLE coded (code text UNIQUE, filler text);
        INSERT INTO coded SELECT CASE WHEN i % 1000 <> 0 THEN E'it''s \\\\ ' || lpad(i::text, 9, '0') END,
            repeat(md5(i::text), 30) FROM generate_series(1, 120000) i;
        CREATE TABLE scattered (id uuid PRIMARY KEY, filler text);
        INSERT INTO scattered SELECT md5(i::text)::uuid, repeat(md5(i::text), 30) FROM generate_series(1, 70000) i;
        CREATE TABLE keyless (filler text);
        INSERT INTO keyless SELECT repeat(md5(i::text), 30) FROM generate_series(1, 70000) i;
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_at_ten_moments_it_goes_on_and_copies_no_finished_part_again()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), CopyCommandTests.Large);
        // Each line of the ledger with the transaction that wrote it, which is that of its rows.
        var finished = new HashSet<string>();
        var rows = new HashSet<string>();
        for (var kill = 0; kill < 10; kill++)
        {
            var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--jobs", "2",
                "--json", .. kill == 0 ? [] : Resume]);
            // Before a part is whole, and behind one: a busy machine is slow, and moments by the clock alone would all
            // be too early.
            await process.LineAsync(line => line.Contains("copy_ended", StringComparison.Ordinal)
                || (kill % 2 == 0 ? line.Contains("bytes_moved", StringComparison.Ordinal) : HasRows(line)));
            await Task.Delay(TimeSpan.FromMilliseconds(40 * kill), Ct);
            await process.KillAsync();
            if ((await process.EndAsync()).Code == 0)
                break;
            var now = await LinesAsync(rig, "true");
            Assert.Subset(now, finished);
            finished = now;
            rows.UnionWith((await LinesAsync(rig, "rows > 0")).Select(line => line.Split('@')[1]));
        }

        if (await rig.AskTargetAsync<bool>("SELECT to_regclass('godwit_copy.done') IS NOT NULL"))
            (await CopyAsync(rig, Resume)).Expect(0);
        Assert.NotEmpty(rows);
        var there = await rig.AskTargetAsync<string>("SELECT string_agg(DISTINCT xmin::text, ' ') FROM (SELECT xmin "
            + "FROM wide UNION ALL SELECT xmin FROM narrow) one");
        Assert.Subset(there.Split(' ').ToHashSet(), rows);
        (await rig.VerifyAsync()).Expect(0).Says("roven");
    }

    [Fact]
    public async Task A_source_before_14_is_divided_by_its_keys_and_gone_on_with_in_the_same_parts()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15), Keyed);
        // Two workers would have none to wait for: each would take whole tables.
        var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--jobs", "8",
            "--max-rate", "60MB", "--json"]);
        await process.LineAsync(HasRows);
        await process.KillAsync();

        var parts = await rig.AskTargetAsync<string>(
            "SELECT string_agg(convert_from(condition, 'UTF8'), ' | ' ORDER BY entry, part) FROM godwit_copy.divided");
        Assert.Contains("\"code\" IS NULL", parts, StringComparison.Ordinal);
        Assert.Contains("\"code\" >= E'it''s ", parts, StringComparison.Ordinal);
        Assert.Contains("\"id\" < E'", parts, StringComparison.Ordinal);
        Assert.InRange(await rig.AskTargetAsync<long>("SELECT count(*) FROM godwit_copy.divided"), 6, 8);
        var finished = await LinesAsync(rig, "rows > 0");
        Assert.NotEmpty(finished);

        (await CopyAsync(rig, [.. Resume, "--jobs", "4"])).Expect(0);

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
        var there = await rig.AskTargetAsync<string>("SELECT string_agg(DISTINCT xmin::text, ' ') FROM (SELECT xmin "
            + "FROM coded UNION ALL SELECT xmin FROM scattered UNION ALL SELECT xmin FROM keyless) one");
        Assert.Subset(there.Split(' ').ToHashSet(), finished.Select(line => line.Split('@')[1]).ToHashSet());
    }

    [Fact]
    public async Task While_an_index_is_built_the_source_is_free_and_a_killed_copy_is_gone_on_with_at_once()
    {
        // Slow at the target alone.
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), """
                CREATE TABLE t (id int); INSERT INTO t SELECT generate_series(1, 20);
                CREATE FUNCTION slow(id int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
                'BEGIN IF pg_catalog.current_setting(''server_version_num'')::int >= 170000
                    THEN PERFORM pg_catalog.pg_sleep(0.25); END IF; RETURN id; END';
                CREATE INDEX slow_idx ON t (slow(id));
                """);
        var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"]);
        await LocalHeroku.UntilAsync(() => rig.AskTargetAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity "
            + "WHERE datname = current_database() AND state = 'active' AND query ~ '^CREATE INDEX \"slow_idx')"));
        await rig.AtSourceAsync("SET lock_timeout = '2s'; BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE; COMMIT");
        await process.KillAsync();

        (await CopyAsync(rig, "--resume")).Expect(0);

        Assert.Equal("slow_idx", await rig.AskTargetAsync<string>(
            "SELECT string_agg(indexname, ' ') FROM pg_indexes WHERE tablename = 't'"));
    }

    [Fact]
    public async Task Who_wrote_to_the_source_meanwhile_is_noticed()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), CopyCommandTests.Large);
        var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--jobs", "2",
            "--max-rate", "60MB", "--json"]);
        await process.LineAsync(HasRows);
        await process.KillAsync();
        await rig.AtSourceAsync("DELETE FROM narrow WHERE wide = 5");

        var fault = FaultShown.Read((await CopyAsync(rig, "--resume")).Expect(1));
        Assert.Equal("copy.source_changed", fault.Code);
        Assert.Contains("public.wide", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_nobody_has_written_to_needs_no_word_of_honour()
    {
        var folder = TestRun.NewFolder();
        try
        {
            await using var alone = await LocalCluster.StartAsync(
                new LocalClusterOptions
                {
                    Folder = Path.Combine(folder, "alone"), Durable = false,
                    Settings = new Dictionary<string, string> { ["autovacuum"] = "off" },
                },
                new ProcessRunner(TimeProvider.System), TimeProvider.System, Ct);
            await using var rig = await VerifyRig.CreateAsync(alone, await servers.OfMajorAsync(17),
                CopyCommandTests.Large);
            var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--jobs", "2",
                "--max-rate", "60MB", "--json"]);
            await process.LineAsync(HasRows);
            await process.KillAsync();

            (await CopyAsync(rig, "--resume")).Expect(0);

            (await rig.VerifyAsync()).Expect(0).Says("roven");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Numbers_that_moved_and_tables_that_were_rewritten_mislead_nobody()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17),
            CopyCommandTests.Large + "CREATE SEQUENCE numbers; DELETE FROM narrow; ALTER TABLE narrow DROP CONSTRAINT "
            + "narrow_wide_fkey; DELETE FROM wide WHERE id % 2 = 0; REFRESH MATERIALIZED VIEW counted;");
        var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--jobs", "2",
            "--max-rate", "60MB", "--json"]);
        await process.LineAsync(HasRows);
        await process.KillAsync();

        // pg_dump numbers what it finds, also what it leaves out; and a rewritten table has its rows on other pages,
        // though nobody has changed one.
        await using var other = await rig.Source.OpenAsync(rig.Name, Ct);
        await using (var command = new NpgsqlCommand(
            "CREATE TEMP TABLE passing (id int PRIMARY KEY); SELECT nextval('public.numbers')", other))
            await command.ExecuteNonQueryAsync(Ct);
        await rig.AtSourceAsync("VACUUM FULL wide");

        (await CopyAsync(rig, Resume)).Expect(0);

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    private static bool HasRows(string line) =>
        line.Contains("bytes_moved", StringComparison.Ordinal) && JsonNode.Parse(line)!["rows"]?.GetValue<long>() > 0;

    private static async Task<HashSet<string>> LinesAsync(VerifyRig rig, string which) =>
        [.. (await rig.AskTargetAsync<string>("SELECT coalesce(string_agg(format('%s/%s@%s', entry, part, xmin), ' '), "
            + $"'') FROM godwit_copy.done WHERE {which}"))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static Task<GodwitEnd> CopyAsync(VerifyRig rig, params string[] more) =>
        rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", .. more]);
}
