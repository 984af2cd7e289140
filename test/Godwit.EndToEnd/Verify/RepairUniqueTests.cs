using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Verify;

/// <summary>Rows that exchanged unique values, in tables that others reference with ON DELETE.</summary>
public sealed class RepairUniqueTests(OtherServers servers)
{
    private const string Sample = """
        CREATE TABLE people (
            id int PRIMARY KEY, email text NOT NULL UNIQUE, nick text NOT NULL, shelf int4range, name text,
            boss int REFERENCES people ON DELETE SET NULL, number bigint GENERATED ALWAYS AS IDENTITY,
            mirror text GENERATED ALWAYS AS ('m' || name) STORED UNIQUE, EXCLUDE USING gist (shelf WITH &&));
        CREATE UNIQUE INDEX ON people (lower(nick)) WHERE nick <> '';
        CREATE TABLE pets (id int PRIMARY KEY, owner int NOT NULL, mail text NOT NULL);
        ALTER TABLE pets ADD CONSTRAINT "has owner" FOREIGN KEY (owner) REFERENCES people ON DELETE CASCADE;
        ALTER TABLE pets ADD CONSTRAINT mailed FOREIGN KEY (mail) REFERENCES people (email)
            ON DELETE RESTRICT ON UPDATE CASCADE;
        COMMENT ON CONSTRAINT "has owner" ON pets IS 'it''s \ hers';
        CREATE TABLE parted (id int PRIMARY KEY, code text NOT NULL, UNIQUE (id, code)) PARTITION BY RANGE (id);
        CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100);
        ALTER TABLE parted_1 ADD UNIQUE (code);
        CREATE TABLE leaves (of int PRIMARY KEY REFERENCES parted ON DELETE CASCADE DEFERRABLE);
        INSERT INTO people (id, email, nick, shelf, name, boss)
        SELECT i, i || '@example.org', 'n' || i, int4range(i * 10, i * 10 + 5), 'p' || i, nullif(i - 1, 0)
        FROM generate_series(1, 30) i;
        INSERT INTO pets SELECT i, i, i || '@example.org' FROM generate_series(1, 30) i;
        INSERT INTO parted SELECT i, 'c' || i FROM generate_series(1, 30) i;
        INSERT INTO leaves SELECT i FROM generate_series(1, 30) i;
        """;

    /// <summary>Swaps, a chain, an extra row in a changed row's place, a number that only the server assigns, and every
    /// kind of unique index.</summary>
    private const string Swaps = """
        UPDATE pets SET mail = '9@example.org' WHERE id IN (1, 2, 3, 4, 5);
        UPDATE people SET email = 'x' WHERE id = 1;
        UPDATE people SET email = '1@example.org' WHERE id = 2;
        UPDATE people SET email = '2@example.org' WHERE id = 1;
        UPDATE people SET email = 'y' WHERE id = 5;
        UPDATE people SET email = '5@example.org' WHERE id = 4;
        UPDATE people SET email = '4@example.org' WHERE id = 3;
        UPDATE people SET nick = 'x' WHERE id = 6;
        UPDATE people SET nick = 'N6' WHERE id = 7;
        UPDATE people SET nick = 'N7' WHERE id = 6;
        UPDATE people SET shelf = NULL WHERE id = 8;
        UPDATE people SET shelf = int4range(80, 84) WHERE id = 10;
        UPDATE people SET shelf = int4range(100, 104) WHERE id = 8;
        UPDATE people SET name = 'x' WHERE id = 11;
        UPDATE people SET name = 'p11' WHERE id = 12;
        UPDATE people SET name = 'p12' WHERE id = 11;
        UPDATE people SET number = DEFAULT WHERE id = 13;
        DELETE FROM pets WHERE id = 14;
        UPDATE people SET boss = NULL WHERE id = 15;
        UPDATE people SET email = 'gone' WHERE id = 14;
        INSERT INTO people (id, email, nick) VALUES (99, '14@example.org', 'n99');
        INSERT INTO pets VALUES (99, 99, '14@example.org');
        UPDATE parted SET code = 'x' WHERE id = 1;
        UPDATE parted SET code = 'c1' WHERE id = 2;
        UPDATE parted SET code = 'c2' WHERE id = 1;
        """;

    [Theory]
    [InlineData(13, 15)]
    [InlineData(15, 17)]
    public async Task Unique_values_that_rows_swapped_are_put_right_and_nothing_is_deleted_with_them(int from, int to)
    {
        await using var rig =
            await VerifyRig.CreateAsync(await servers.OfMajorAsync(from), await servers.OfMajorAsync(to), Sample);
        await rig.AtTargetAsync(Sample);
        await rig.AtTargetAsync(Swaps);
        var script = rig.NewFile("repair.sql");

        (await rig.VerifyAsync("--repair-sql", script, "--repair", "--confirm", rig.Name)).Expect(0)
            .Says("Applied at the target").Says("Proven");

        Assert.Equal(30, await rig.AskTargetAsync<long>("SELECT count(*) FROM pets"));
        Assert.Equal(30, await rig.AskTargetAsync<long>("SELECT count(*) FROM leaves"));
        Assert.Equal("it's \\ hers", await rig.AskTargetAsync<string>(
            "SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE conname = 'has owner'"));
        Assert.True(await rig.AskTargetAsync<bool>("SELECT bool_and(convalidated) FROM pg_constraint"));
    }

    /// <summary>Checking a foreign key reads two tables, so none is dropped without need.</summary>
    [Fact]
    public async Task A_value_that_no_other_row_holds_costs_no_foreign_key()
    {
        await using var rig =
            await VerifyRig.CreateAsync(await servers.OfMajorAsync(15), await servers.OfMajorAsync(17), Sample);
        await rig.AtTargetAsync(Sample);
        await rig.AtTargetAsync("UPDATE parted SET code = 'another' WHERE id = 1");
        var script = rig.NewFile("repair.sql");

        (await rig.VerifyAsync("--repair-sql", script, "--repair", "--confirm", rig.Name)).Expect(0).Says("Proven");

        var sql = await File.ReadAllTextAsync(script, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("DROP CONSTRAINT", sql, StringComparison.Ordinal);
        Assert.Contains("UPDATE ONLY public.parted_1 SET \"code\" = 'c1' WHERE", sql, StringComparison.Ordinal);
    }
}
