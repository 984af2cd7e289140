using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Verify;

/// <summary>The repair script, and what must not happen without consent.</summary>
public sealed class VerifyRepairTests(OtherServers servers)
{
    private const string Damage = """
        ALTER TABLE orders DISABLE TRIGGER shout;
        UPDATE orders SET note = E'other\nline', amount = NULL WHERE id = 17; DELETE FROM orders WHERE id IN (5, 6);
        INSERT INTO customers (id, name, email) OVERRIDING SYSTEM VALUE VALUES (9001, 'extra', 'x');
        INSERT INTO orders (id, customer) VALUES (90001, 9001);
        UPDATE orders SET customer = 9001 WHERE id = 30;
        UPDATE customers SET email = 'swap' WHERE id = 1; UPDATE customers SET email = '1@example.org' WHERE id = 2;
        UPDATE customers SET email = '2@example.org' WHERE id = 1;
        ALTER TABLE orders ENABLE TRIGGER shout;
        DELETE FROM log WHERE ctid IN ('(0,1)', '(0,2)'); INSERT INTO log SELECT 'm5', 'a' FROM generate_series(1, 3);
        DELETE FROM tree WHERE id > 40; INSERT INTO tree VALUES (99, 40);
        SELECT setval('numbers', 3); SELECT lo_unlink(7001); SELECT lo_put(7002, 2399999, 'x');
        SELECT lo_from_bytea(7004, '\x01')
        """;

    [Theory]
    [InlineData(13, 15)]
    [InlineData(15, 17)]
    public async Task What_was_damaged_is_repaired_in_one_transaction_and_proven(int from, int to)
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(from),
            await servers.OfMajorAsync(to));
        await rig.AtTargetAsync(Damage);
        var script = rig.NewFile("repair.sql");

        (await rig.VerifyAsync("--repair-sql", script)).Expect(1).Says(
            "6 rows to delete, 4 rows to change, 14 rows to insert, 3 large objects to make equal, 1 sequence to set");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(script));
        Assert.False(Directory.Exists(script + ".parts"));
        (await rig.VerifyAsync()).Expect(1);

        (await rig.VerifyAsync("--repair-sql", script, "--repair", "--confirm", rig.Name))
            .Expect(0).Says("Applied at the target").Says("Proven");

        Assert.Equal(70, await rig.AskTargetAsync<long>("SELECT last_value FROM numbers"));
        Assert.Equal("O",
            await rig.AskTargetAsync<string>("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'shout'"));
        Assert.False(await rig.AskTargetAsync<bool>(
            "SELECT bool_or(condeferrable) FROM pg_constraint WHERE contype = 'f'"));
        (await rig.VerifyAsync("--repair-sql", script)).Expect(0).Says("there is nothing to repair");
    }

    [Fact]
    public async Task Without_consent_or_with_another_name_nothing_is_done()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17));
        await rig.AtTargetAsync("DELETE FROM log");
        var script = rig.NewFile("repair.sql");

        foreach (var consent in new string[][] { [], ["--confirm", "another"], ["--confirm", rig.Name + "x"] })
            Assert.Equal("cli.repair_not_confirmed", FaultShown.Read((await rig.VerifyAsync(["--repair-sql", script,
                "--repair", .. consent])).Expect(2)).Code);

        Assert.False(File.Exists(script));
        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM log"));
    }

    /// <summary>If the target refuses one statement, nothing is changed.</summary>
    [Fact]
    public async Task What_the_target_refuses_undoes_all_of_it()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17));
        await rig.AtTargetAsync(
            "DELETE FROM log; DELETE FROM tree WHERE id = 50; ALTER TABLE tree ADD CONSTRAINT small CHECK (id < 50)");

        var fault = FaultShown.Read((await rig.VerifyAsync("--repair-sql", rig.NewFile("repair.sql"), "--repair",
            "--confirm", rig.Name)).Expect(1));

        Assert.Equal("verify.repair_refused", fault.Code);
        Assert.Contains("violates check constraint \"small\"", fault.Why, StringComparison.Ordinal);
        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM log"));
        Assert.Equal("verify.repair_not_written",
            FaultShown.Read((await rig.VerifyAsync("--repair-sql", rig.Folder)).Expect(1)).Code);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(rig.Folder)!),
            one => one.StartsWith(rig.Folder + ".", StringComparison.Ordinal));
    }
}
