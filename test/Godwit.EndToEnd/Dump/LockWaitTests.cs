using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;
using Npgsql;

namespace Godwit.EndToEnd.Dump;

/// <summary>Somebody has locked a table of the source: who it is, is told, and the command waits as long as the user
/// says.</summary>
public sealed class LockWaitTests(OtherServers servers)
{
    /// <summary>So large that it is read in parts: each is a query, which looks at the indexes.</summary>
    private const string Script = """
        CREATE TABLE orders (id int PRIMARY KEY, said text NOT NULL);
        ALTER TABLE orders ALTER said SET STORAGE PLAIN;
        INSERT INTO orders SELECT i, repeat(md5(i::text), 60) FROM generate_series(1, 48000) i;
        """;

    /// <summary>Its own lock on the table lets others read; that on the index does not.</summary>
    private const string Reindex = "REINDEX INDEX public.orders_pkey";

    private const string Alter = "LOCK TABLE public.orders";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Reindex, "godwit")]
    [InlineData(Alter, "pg_dump")]
    public async Task A_dump_waits_and_names_the_session(string locks, string engine)
    {
        await using var rig = await RigAsync();
        await using var other = await LockAsync(rig, locks);
        var dump = rig.Start(["dump", "--from", "env:SOURCE_URL", "--to", rig.NewFile("a.dump"),
            "--engine", engine, "--json"]);

        var told = JsonNode.Parse(await dump.LineAsync(line => line.Contains("dump.waits", StringComparison.Ordinal)))!;
        await ExecuteAsync(other, "COMMIT");

        Assert.Contains("nightly report", told["what"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("pg_terminate_backend(", told["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        (await dump.EndAsync()).Expect(0);
    }

    [Fact]
    public async Task A_copy_waits_for_a_REINDEX_and_names_its_session()
    {
        await using var rig = await RigAsync();
        await using var other = await LockAsync(rig, Reindex);
        var copy = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--json"]);

        await copy.LineAsync(line => line.Contains("copy.waits", StringComparison.Ordinal)
            && line.Contains("nightly report", StringComparison.Ordinal));
        await ExecuteAsync(other, "COMMIT");

        (await copy.EndAsync()).Expect(0);
    }

    [Theory]
    [InlineData(Alter, "godwit", "extract.tables_locked")]
    [InlineData(Alter, "pg_dump", "extract.tables_locked")]
    [InlineData(Reindex, "godwit", "dump.table_locked")]
    public async Task A_dump_waits_no_longer_than_the_user_says(string locks, string engine, string code)
    {
        await using var rig = await RigAsync();
        await using var other = await LockAsync(rig, locks);

        var end = await rig.RunAsync(["dump", "--from", "env:SOURCE_URL", "--to", rig.NewFile("a.dump"),
            "--engine", engine, "--lock-wait", "3s"]);

        var fault = FaultShown.Read(end);
        Assert.Equal(code, fault.Code);
        Assert.Contains("for 3 seconds", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_waits_no_longer_than_the_user_says()
    {
        await using var rig = await RigAsync();
        await using var other = await LockAsync(rig, Reindex);

        var end = await rig.RunAsync(
            ["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--lock-wait", "3s"]);

        Assert.Equal("copy.source_locked", FaultShown.Read(end.Expect(4)).Code);
        end.Says("exclusive lock for 3 seconds");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_comparison_waits_and_names_the_session(bool atSource)
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17));
        await using var other = await LockAsync(rig, Alter, atSource);
        var verify = rig.VerifyAsync();

        await Task.Delay(TimeSpan.FromSeconds(12), Ct);
        await ExecuteAsync(other, "COMMIT");

        (await verify).Expect(0).Says("The comparison waits for process").Says("nightly report").Says("roven");
    }

    private async Task<VerifyRig> RigAsync() =>
        await VerifyRig.CreateAsync(await servers.OfMajorAsync(15), await servers.OfMajorAsync(17), Script);

    private static async Task<NpgsqlConnection> LockAsync(VerifyRig rig, string statement, bool atSource = true)
    {
        var other = await (atSource ? rig.Source : rig.Target).OpenAsync(rig.Name, Ct);
        await ExecuteAsync(other, $"SET application_name = 'nightly report'; BEGIN; {statement}");
        return other;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
