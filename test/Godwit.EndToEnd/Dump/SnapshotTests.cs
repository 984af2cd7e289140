using Godwit.EndToEnd.Migration;
using Godwit.HerokuLocal;
using Npgsql;

namespace Godwit.EndToEnd.Dump;

/// <summary>What a dump must not get wrong while others use the database, or keep rows from it.</summary>
public sealed class SnapshotTests(ZooServers zoo, JourneyServers servers)
{
    // Money moves between rows at both ends of a table of many ranges; sums and counts that hold in every snapshot hold
    // in no mixture of two.
    private const string Ledger = """
        CREATE TABLE ledger (id int PRIMARY KEY, amount bigint NOT NULL, filler text NOT NULL);
        INSERT INTO ledger SELECT n, 0, repeat(md5(n::text), 6) FROM generate_series(1, 250000) n;
        CREATE TABLE movement (id bigserial PRIMARY KEY, from_id int, to_id int);
        CREATE TABLE movements (happened bigint NOT NULL);
        INSERT INTO movements VALUES (0);
        """;

    // Every change leaves the row somewhere else in the table: updated where there is room, taken out and put in
    // again at its end.
    private const string Move = """
        SET LOCAL search_path = public;
        UPDATE ledger SET amount = amount - 5 WHERE id = 1 + (@n * 7919) % 250000;
        UPDATE ledger SET amount = amount + 5 WHERE id = 250000 - (@n * 104729) % 250000;
        WITH gone AS (DELETE FROM ledger WHERE id = 1 + (@n * 15485863) % 250000
            RETURNING id, amount, filler) INSERT INTO ledger SELECT * FROM gone;
        INSERT INTO movement (from_id, to_id) VALUES (@n % 1000, @n % 7);
        UPDATE movements SET happened = happened + 1;
        """;

    private const string Sums = """
        SELECT format('sum %s, movements %s, noted %s', (SELECT sum(amount) FROM ledger),
            (SELECT count(*) FROM movement), (SELECT happened FROM movements))
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    public async Task All_workers_see_one_moment_of_a_database_that_others_write_to(int major)
    {
        var server = await zoo.SourceAsync(major);
        var (source, target) = (await zoo.NewDatabaseAsync(server, "UTF8"), await zoo.NewDatabaseAsync(server, "UTF8"));
        await server.ExecuteAsync(source, Ledger, Ct);
        var archive = zoo.NewPath();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var begun = new TaskCompletionSource();
        var writing = WriteAsync(server, source, begun, over.Token);
        await begun.Task;
        var before = await HappenedAsync(server, source);

        await Archives.MakeAsync(Maker.Godwit, server, source, archive, "--jobs=4");

        var after = await HappenedAsync(server, source);
        await over.CancelAsync();
        await writing;
        await PgProgram.RunAsync(major, "pg_restore", [$"--dbname={target}", archive], server, target);
        var dumped = await HappenedAsync(server, target);
        Assert.Equal($"sum 0, movements {dumped}, noted {dumped}", await server.ScalarAsync<string>(target, Sums, Ct));
        Assert.Equal(250_000, await server.ScalarAsync<long>(target, "SELECT count(*) FROM ledger", Ct));
        // Otherwise nobody wrote while the dump was made, and nothing is proven.
        Assert.InRange(dumped, before, after - 1);
    }

    [Fact]
    public async Task An_owner_gets_all_rows_of_a_table_with_policies()
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        await rig.Journey.ExecuteAtSourceAsync(
            "CREATE POLICY few ON birds USING (id < 10); ALTER TABLE birds ENABLE ROW LEVEL SECURITY");

        (await rig.DumpAsync(rig.FileOf("shop.dump"))).Expect(0);

        await rig.AssertRestoresAsync(rig.FileOf("shop.dump"));
    }

    [Fact]
    public async Task A_policy_that_would_hide_rows_fails_the_dump_instead_of_dumping_a_part()
    {
        await using var rig = await DumpRig.CreateAsync(servers);
        await rig.Journey.ExecuteAtSourceAsync("CREATE POLICY few ON birds USING (id < 10); "
            + "ALTER TABLE birds ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");

        var shown = FaultShown.Read(await rig.DumpAsync(rig.FileOf("shop.dump")));

        Assert.Contains("birds", shown.What + shown.Why, StringComparison.Ordinal);
        Assert.Contains("row-level security", shown.Why, StringComparison.Ordinal);
        await rig.AssertNothingIsLeftAsync();
    }

    private static async Task WriteAsync(
        LocalCluster server, string database, TaskCompletionSource begun, CancellationToken over)
    {
        await using var connection = await PgProgram.OpenAsync(server, database);
        for (long n = 1; !over.IsCancellationRequested; n++)
        {
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await using var move = new NpgsqlCommand(Move, connection, transaction);
            move.Parameters.AddWithValue("n", n);
            await move.ExecuteNonQueryAsync(Ct);
            await transaction.CommitAsync(Ct);
            begun.TrySetResult();
        }
    }

    private static Task<long> HappenedAsync(LocalCluster server, string database) =>
        server.ScalarAsync<long>(database, "SELECT happened FROM movements", Ct);

}
