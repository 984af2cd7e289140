using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;
using Npgsql;

namespace Godwit.EndToEnd.Copy;

/// <summary><c>godwit copy</c> between two servers, as ordinary owners.</summary>
public sealed class CopyCommandTests(OtherServers servers)
{
    /// <summary>Tables that are divided, keys that are built beside other indexes, and a foreign key between the largest ones.</summary>
    private const string Large = """
        CREATE TABLE wide (id bigint PRIMARY KEY, other int NOT NULL, said text NOT NULL, UNIQUE (other, id));
        INSERT INTO wide SELECT i, i % 1000, repeat(md5(i::text), 8) FROM generate_series(1, 400000) i;
        CREATE INDEX wide_said ON wide (md5(said));
        CREATE TABLE narrow (wide bigint REFERENCES wide, at timestamptz); INSERT INTO narrow SELECT i, timestamptz '2026-01-01' + i * interval '1 s' FROM generate_series(1, 400000) i;
        CREATE MATERIALIZED VIEW counted AS SELECT other, count(*) FROM wide GROUP BY 1;
        """;

    /// <summary>Other tests write to other databases of these servers.</summary>
    private static readonly string[] GoOn = ["--resume", "--frozen"];

    [Theory]
    [InlineData(13, 15)]
    [InlineData(15, 17)]
    public async Task A_copy_is_proven_by_verify(int from, int to)
    {
        await using var rig = await RigAsync(from, to);

        (await CopyAsync(rig)).Expect(0).Says("Copied 4 tables, 2,450 rows").Says("3 large objects");

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
        Assert.False(await rig.AskTargetAsync<bool>("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'godwit_copy')"));
        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM pg_constraint WHERE NOT convalidated"));
        Assert.False(await rig.AskTargetAsync<bool>("SELECT bool_or(reltuples < 0) FROM pg_class WHERE relname IN ('customers', 'orders')"));
    }

    [Fact]
    public async Task What_the_target_would_refuse_is_left_out_told_and_written_down()
    {
        await using var rig = await RigAsync(15, 17);
        await rig.AtSourceAsync("CREATE PUBLICATION news FOR TABLE orders", asOwner: false);
        var file = rig.NewFile("left-out.sql");

        (await CopyAsync(rig, "--left-out", file)).Expect(0).Says("1 publication was left out of the copy (news)");

        Assert.Contains("CREATE PUBLICATION news", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM pg_publication"));
    }

    [Fact]
    public async Task A_target_that_is_not_empty_is_left_alone()
    {
        await using var rig = await RigAsync(15, 17);
        await rig.AtTargetAsync("CREATE TABLE mine (id int)");

        Assert.Equal("copy.target_not_empty", FaultShown.Read((await CopyAsync(rig)).Expect(1)).Code);

        Assert.Equal(1, await rig.AskTargetAsync<long>("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task Rows_without_a_counterpart_end_the_copy_or_are_kept_and_told()
    {
        await using var rig = await RigAsync(15, 17);
        await rig.AtSourceAsync("SET session_replication_role = replica; INSERT INTO orders (id, customer) VALUES (90001, 777)", asOwner: false);

        var fault = FaultShown.Read((await CopyAsync(rig)).Expect(4));
        Assert.Equal("copy.orphans", fault.Code);
        Assert.Contains("orders_customer_fkey", fault.What, StringComparison.Ordinal);
        (await CopyAsync(rig)).Expect(1).Says("copy.unfinished");

        (await CopyAsync(rig, [.. GoOn, "--keep-orphans"])).Expect(0).Says("NOT VALID");

        Assert.Equal("orders_customer_fkey", await rig.AskTargetAsync<string>("SELECT string_agg(conname, ' ') FROM pg_constraint WHERE NOT convalidated"));
        Assert.Equal(2001, await rig.AskTargetAsync<long>("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task Killed_at_ten_moments_it_goes_on_and_copies_no_finished_part_again()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15), await servers.OfMajorAsync(17), Large);
        var brought = 0L;
        for (var kill = 0; kill < 10; kill++)
        {
            var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--jobs", "2", "--json", .. kill == 0 ? [] : GoOn]);
            await process.LineAsync(line => line.Contains(kill == 0 ? "bytes_moved" : "reading the definitions", StringComparison.Ordinal));
            await Task.Delay(TimeSpan.FromMilliseconds(100 * kill), TestContext.Current.CancellationToken);
            await process.KillAsync();
            if ((await process.EndAsync()).Code == 0)
                break;
            // What stands in the ledger stays: nobody writes it a second time.
            var done = await rig.AskTargetAsync<long>("SELECT count(*) FROM godwit_copy.done");
            Assert.InRange(done, brought, long.MaxValue);
            brought = done;
        }

        if (await rig.AskTargetAsync<bool>("SELECT to_regclass('godwit_copy.done') IS NOT NULL"))
            (await CopyAsync(rig, GoOn)).Expect(0);
        (await rig.VerifyAsync()).Expect(0).Says("roven");
    }

    [Fact]
    public async Task Whoever_it_waits_for_is_named()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15), await servers.OfMajorAsync(17), Large);
        var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--json"]);
        await using var other = await rig.Target.OpenAsync(rig.Name, TestContext.Current.CancellationToken);
        await process.LineAsync(line => line.Contains("bytes_moved", StringComparison.Ordinal));
        await ExecuteAsync(other, "SET application_name = 'nightly report'; BEGIN; LOCK TABLE public.wide IN ACCESS SHARE MODE");

        var told = JsonNode.Parse(await process.LineAsync(line => line.Contains("copy.waits", StringComparison.Ordinal)))!;
        await ExecuteAsync(other, "COMMIT");

        Assert.Contains("nightly report", told["what"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("pg_terminate_backend(", told["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        (await process.EndAsync()).Expect(0);
    }

    [Fact]
    public async Task Who_wrote_to_the_source_meanwhile_is_noticed()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15), await servers.OfMajorAsync(17), Large);
        var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--jobs", "1", "--json"]);
        await process.LineAsync(line => line.Contains("bytes_moved", StringComparison.Ordinal) && JsonNode.Parse(line)!["rows"]?.GetValue<long>() > 0);
        await process.KillAsync();
        await rig.AtSourceAsync("DELETE FROM narrow WHERE wide = 5");

        Assert.Equal("copy.source_changed", FaultShown.Read((await CopyAsync(rig, "--resume")).Expect(1)).Code);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<VerifyRig> RigAsync(int from, int to) =>
        await VerifyRig.CreateAsync(await servers.OfMajorAsync(from), await servers.OfMajorAsync(to), VerifyRig.Script);

    private static Task<GodwitEnd> CopyAsync(VerifyRig rig, params string[] more) =>
        rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", .. more]).EndAsync();
}
