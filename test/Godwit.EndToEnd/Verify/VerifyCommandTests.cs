using Godwit.EndToEnd.Migration;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Verify;

/// <summary><c>godwit verify</c> between two real servers of different majors.</summary>
public sealed class VerifyCommandTests(OtherServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<VerifyRig> RigAsync() =>
        await VerifyRig.CreateAsync(await servers.OfMajorAsync(13), await servers.OfMajorAsync(15));

    [Fact]
    public async Task A_copy_that_is_equal_is_proven_at_every_level()
    {
        await using var rig = await RigAsync();

        (await rig.VerifyAsync())
            .Expect(0).Says("Proven: the target holds what the source holds, 4 tables with 2,450 rows")
            .Says("3 large objects").Says("✓ public.orders");
        (await rig.VerifyAsync("--level", "rows", "--jobs", "1"))
            .Expect(0).Says("every row of every table, one by one");
        (await rig.VerifyAsync("--level", "counts")).Expect(0).Says("counted: 4 tables");
        var verdict = Assert.Single((await rig.VerifyAsync("--json", "--max-rate", "50MB")).Expect(0).Events);

        Assert.Equal("proven", verdict["overall"]!.GetValue<string>());
        var orders = verdict["tables"]!.AsArray()
            .Single(table => table!["table"]!.GetValue<string>() == "public.orders")!;
        Assert.Matches("^[0-9a-f]{16}$", orders["source_hash"]!.GetValue<string>());
        Assert.Equal(orders["source_hash"]!.GetValue<string>(), orders["target_hash"]!.GetValue<string>());
    }

    [Fact]
    public async Task Rows_and_large_objects_that_differ_are_shown_with_their_columns()
    {
        await using var rig = await RigAsync();
        await rig.AtTargetAsync("""
            UPDATE orders SET amount = 0.5 WHERE id = 17; DELETE FROM orders WHERE id = 18;
            INSERT INTO orders VALUES (9999, 1);
            UPDATE log SET said = 'b' WHERE ctid = '(0,1)';
            SELECT lo_put(7002, 2399999, 'x'); SELECT lo_unlink(7001)
            """);
        var page = rig.NewFile("verdict.html");

        var shown = await rig.VerifyAsync("--page", page);

        shown.Expect(1).Says("2 of 4 tables are equal")
            .Says("1 row is missing, 1 row is there that the source does not have, 1 row has other values")
            .Says("changed  id = '17'").Says("source  '5.666666666666667'").Says("missing  id = '18'")
            .Says("extra    id = '9999'").Says("missing  oid = '7001'").Says("changed  oid = '7002'")
            .Says("The target differs from the source: 2 of 4 tables, in 5 rows; 2 large objects.");
        Assert.Contains("id = &#39;17&#39;", await File.ReadAllTextAsync(page, Ct), StringComparison.Ordinal);
        (await rig.VerifyAsync("--show", "1")).Expect(1).Says("… and 2 more (--show)");
    }

    /// <summary>A slice of an array with NULLs keeps room for them, and its restored copy does not. No client sees
    /// that.</summary>
    [Fact]
    public async Task An_array_that_was_cut_from_another_is_equal_to_its_copy()
    {
        await using var rig = await RigAsync();
        foreach (var at in new Func<string, Task>[] { sql => rig.AtSourceAsync(sql), sql => rig.AtTargetAsync(sql) })
            await at("CREATE TABLE arrays (id integer PRIMARY KEY, tags text[])");
        await rig.AtSourceAsync("INSERT INTO arrays VALUES (1, (ARRAY['a', NULL])[1:1]), (2, ARRAY[NULL])");
        await rig.AtTargetAsync("INSERT INTO arrays VALUES (1, '{a}'), (2, '{NULL}')");
        (await rig.VerifyAsync()).Expect(0).Says("Proven");

        await rig.AtTargetAsync("UPDATE arrays SET tags = '{\"NULL\"}' WHERE id = 2");
        (await rig.VerifyAsync()).Expect(1).Says("changed  id = '2'");
    }

    /// <summary>A table that was not compared never counts as proven.</summary>
    [Fact]
    public async Task A_table_that_cannot_be_read_leaves_the_copy_unproven()
    {
        await using var rig = await RigAsync();
        await rig.AtSourceAsync("CREATE TABLE hidden (id integer); REVOKE ALL ON hidden FROM CURRENT_USER");
        await rig.AtTargetAsync("CREATE TABLE hidden (id integer); REVOKE ALL ON hidden FROM CURRENT_USER");

        (await rig.VerifyAsync())
            .Expect(3).Says("public.hidden").Says("may not read it").Says("Equality could not be proven");
    }

    [Fact]
    public async Task The_results_of_queries_are_compared_row_by_row()
    {
        await using var rig = await RigAsync();
        var (good, bad) = (rig.NewFile("good.sql"), rig.NewFile("bad.sql"));
        await File.WriteAllTextAsync(good,
            "-- a;b\nSELECT count(*), sum(amount) FROM orders; SELECT $$;$$, id, E'\\';' FROM customers "
            + "ORDER BY id DESC;\n/* ; */", Ct);
        (await rig.VerifyAsync("--query", good))
            .Expect(0).Says("✓ good.sql:2: equal, 1 row").Says("✓ good.sql:2: equal, 300 rows").Says("2 queries");

        await File.WriteAllTextAsync(bad,
            "SELECT version() LIKE '%nowhere%', amount FROM orders WHERE id = 17;\n"
            + "SELECT pg_catalog.current_setting('server_version_num');\nSELECT * FROM nowhere;\nCOMMIT", Ct);
        await rig.AtTargetAsync("ALTER TABLE orders DISABLE TRIGGER ALL", asOwner: false);
        await rig.AtTargetAsync("UPDATE orders SET amount = amount + 1e-9 WHERE id = 17");
        (await rig.VerifyAsync("--query", bad))
            .Expect(1).Says("bad.sql:1: differs, row 1: amount is '5.666666666666667'").Says("bad.sql:2: differs")
            .Says("bad.sql:3: not compared, both sides say: relation \"nowhere\" does not exist")
            .Says("bad.sql:4: not compared");
        (await rig.VerifyAsync("--query", bad, "--float-tolerance", "1e-6")).Expect(1).Says("✓ bad.sql:1: equal");
    }

    [Fact]
    public async Task Types_of_a_database_are_compared_by_name_in_the_results_of_queries()
    {
        await using var rig = await RigAsync();
        var moods = rig.NewFile("moods.sql");
        await File.WriteAllTextAsync(moods,
            "SELECT mood, ARRAY[mood], ROW(id, mood) FROM moods; SELECT mood FROM moods", Ct);
        const string definitions = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE moods (id int, mood mood); "
            + "INSERT INTO moods VALUES (1, 'ok')";
        await rig.AtSourceAsync(definitions);
        // The types get other OIDs than at the source.
        await rig.AtTargetAsync($"CREATE TYPE other AS ENUM (); DROP TYPE other; {definitions}");
        (await rig.VerifyAsync("--query", moods)).Expect(0).Says("✓ moods.sql:1: equal, 1 row");

        await rig.AtTargetAsync("ALTER TABLE moods ALTER mood TYPE text");
        (await rig.VerifyAsync("--query", moods))
            .Expect(1).Says("its column mood is public.mood at the source, and at the target text");
    }

    [Fact]
    public async Task The_source_can_be_looked_at_as_a_snapshot_of_somebody_else_sees_it()
    {
        await using var rig = await RigAsync();
        await using var holder = await PostgresSession.OpenAsync(rig.Addresses.Source, Ct);
        await holder.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ", Ct);
        var snapshot = (await holder.ScalarAsync<string>("SELECT pg_export_snapshot()", Ct))!;
        await rig.AtSourceAsync("DELETE FROM log");

        (await rig.VerifyAsync("--source-snapshot", snapshot)).Expect(0).Says("Proven");
        (await rig.VerifyAsync()).Expect(1).Says("100 rows are there that the source does not have");
        FaultShown.Read((await rig.VerifyAsync("--source-snapshot", "00000003-0000FFFF-1")).Expect(1));
    }

    [Fact]
    public async Task Bad_input_is_one_clear_fault()
    {
        await using var rig = await RigAsync();
        var meta = rig.NewFile("meta.sql");
        await File.WriteAllTextAsync(meta, "\\d orders", Ct);

        var all = FaultShown.Read((await rig.VerifyAsync("--jobs", "0", "--show", "x", "--max-rate", "fast",
            "--query", "no/such", "--float-tolerance", "2", "--confirm", "me")).Expect(2));
        Assert.Equal("cli.options", all.Code);
        Assert.All(["--jobs", "--show", "--max-rate", "--query", "--float-tolerance", "--confirm"],
            flag => Assert.Contains(flag, all.Why, StringComparison.Ordinal));
        Assert.Contains("a command of psql", FaultShown.Read((await rig.VerifyAsync("--query", meta)).Expect(2)).Why,
            StringComparison.Ordinal);
        Assert.Contains("has no --repair-sql",
            FaultShown.Read((await rig.VerifyAsync("--repair", "--confirm", rig.Name)).Expect(2)).Why,
            StringComparison.Ordinal);
        (await rig.VerifyAsync("--level", "fast")).Expect(2);
        var same = await rig.RunAsync(["verify", "--from", "env:SOURCE_URL", "--to", "env:SOURCE_URL"]);
        Assert.Equal("verify.same_database", FaultShown.Read(same.Expect(2)).Code);
        var nowhere = FaultShown.Read((await rig.VerifyAsync("--page", rig.NewFile("missing/page.html"),
            "--repair-sql", rig.NewFile("missing/repair.sql"))).Expect(2));
        Assert.Contains("--page", nowhere.Why, StringComparison.Ordinal);
        Assert.Contains("--repair-sql", nowhere.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_lost_is_a_fault_and_no_verdict()
    {
        await using var rig = await RigAsync();
        var process = rig.Start(["verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--max-rate", "10kB"]);
        while (await rig.AskTargetAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE usename = '{rig.Name}' "
            + "AND application_name = 'godwit' AND state = 'idle in transaction'") == 0)
            await Task.Delay(50, Ct);
        await rig.AtTargetAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{rig.Name}' "
            + "AND application_name = 'godwit'", asOwner: false);

        var end = await process.EndAsync();

        Assert.Contains(FaultShown.Read(end.Expect(3)).Code, new[] { "postgres.connection_lost", "verify.side_lost" });
        Assert.DoesNotContain("Proven", end.Output, StringComparison.Ordinal);
    }
}
