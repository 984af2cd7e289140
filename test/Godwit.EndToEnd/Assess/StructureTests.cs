using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Npgsql;

namespace Godwit.EndToEnd.Assess;

/// <summary>What stands at the source half made, or runs out, is named with the statements for it.</summary>
public sealed class StructureTests(OtherServers servers)
{
    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task An_index_that_failed_to_be_built_is_named_with_the_statement_that_finishes_it(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.users (id int PRIMARY KEY, mail text); "
            + "INSERT INTO public.users VALUES (1, 'same'), (2, 'same')");
        await rig.FindsNoAsync("assess.invalid_indexes");
        var connection = await rig.Server.OpenAsync(rig.Name, TestContext.Current.CancellationToken);
        await using (connection)
        await using (var command =
            new NpgsqlCommand("CREATE UNIQUE INDEX CONCURRENTLY by_mail ON public.users (mail)", connection))
            await Assert.ThrowsAsync<PostgresException>(() =>
                command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        var finding = await rig.FindsAsync("assess.invalid_indexes");

        Assert.Contains("public.by_mail (unique)", finding.What, StringComparison.Ordinal);
        Assert.EndsWith("\nREINDEX INDEX CONCURRENTLY public.by_mail;", finding.Remedy, StringComparison.Ordinal);
        await rig.ExecuteAsync("UPDATE public.users SET mail = 'other' WHERE id = 2");
        await rig.ExecuteAsync("REINDEX INDEX CONCURRENTLY public.by_mail");
        await rig.FindsNoAsync("assess.invalid_indexes");
    }

    [Fact]
    public async Task What_a_failed_REINDEX_left_over_is_dropped()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.users (id int); CREATE INDEX by_id ON public.users (id); "
            + "CREATE INDEX by_id_ccnew ON public.users (id)");
        await rig.ExecuteAsync(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.by_id_ccnew'::regclass");

        Assert.EndsWith("\nDROP INDEX CONCURRENTLY public.by_id_ccnew;",
            (await rig.FindsAsync("assess.invalid_indexes")).Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task Constraints_that_were_never_proven_are_a_note(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.prices (id int PRIMARY KEY, cents int CHECK (cents > 0), "
            + "parent int REFERENCES public.prices)");
        await rig.FindsNoAsync("assess.not_valid");
        await rig.ExecuteAsOwnerAsync(
            """ALTER TABLE public.prices ADD CONSTRAINT "Not too dear" CHECK (cents < 1000) NOT VALID""");

        var finding = await rig.FindsAsync("assess.not_valid");

        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Contains("public.prices (\"Not too dear\")", finding.What, StringComparison.Ordinal);
        await rig.ExecuteAsOwnerAsync(finding.Remedy[finding.Remedy.IndexOf("ALTER", StringComparison.Ordinal)..]);
        await rig.FindsNoAsync("assess.not_valid");
    }

    [Fact]
    public async Task Tables_with_rows_and_without_a_key_are_a_note()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("""
            CREATE TABLE public.empty (line text);
            CREATE TABLE public.keyed (id int PRIMARY KEY); INSERT INTO public.keyed VALUES (1);
            CREATE TABLE public.by_index (id int NOT NULL); INSERT INTO public.by_index VALUES (1);
            CREATE UNIQUE INDEX identity ON public.by_index (id);
            ALTER TABLE public.by_index REPLICA IDENTITY USING INDEX identity;
            """);
        await rig.FindsNoAsync("assess.no_key");
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.log (line text) PARTITION BY HASH (line); "
            + "CREATE TABLE public.log_0 PARTITION OF public.log FOR VALUES WITH (MODULUS 1, REMAINDER 0); "
            + "INSERT INTO public.log VALUES ('x')");

        var finding = await rig.FindsAsync("assess.no_key");

        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Equal("1 table has no primary key: public.log", finding.What);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task A_sequence_near_the_end_of_its_column_is_told_with_statements_that_make_room(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        // The sequence itself could go on; the column is what ends. One that turns round has no end, and one that is
        // another's is not ours to read.
        await rig.ExecuteAsOwnerAsync("""
            CREATE TABLE public.orders (id int PRIMARY KEY); CREATE SEQUENCE public.orders_id OWNED BY public.orders.id;
            CREATE TABLE public.lines (id int GENERATED ALWAYS AS IDENTITY);
            CREATE SEQUENCE public.round AS smallint CYCLE; SELECT setval('public.round', 32767);
            CREATE SEQUENCE public.never; SELECT setval('public.orders_id', 1900000000);
            SELECT setval('public.lines_id_seq', 1900000000);
            """);
        await rig.ExecuteAsync("CREATE SEQUENCE public.closed AS smallint; SELECT setval('public.closed', 32767)");
        await rig.FindsNoAsync("assess.sequence_end");
        await rig.ExecuteAsOwnerAsync(
            "SELECT setval('public.orders_id', 2000000000); SELECT setval('public.lines_id_seq', 2100000000)");

        var finding = await rig.FindsAsync("assess.sequence_end");

        Assert.Contains(
            "public.lines_id_seq of public.lines.id (98 % used), public.orders_id of public.orders.id (93 % used)",
            finding.What, StringComparison.Ordinal);
        await rig.ExecuteAsOwnerAsync(finding.Remedy[finding.Remedy.IndexOf("ALTER", StringComparison.Ordinal)..]);
        await rig.FindsNoAsync("assess.sequence_end");
    }

    [Theory]
    [InlineData("datfrozenxid")]
    [InlineData("datminmxid")]
    public async Task Rows_that_wait_too_long_for_a_VACUUM_are_told(string age)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.FindsNoAsync("assess.wraparound");
        await using var held = await rig.Server.OpenAsync(rig.Name, TestContext.Current.CancellationToken);
        // Autovacuum comes to such a database at once, and writes the true age over it: it waits for this lock until we
        // have looked. Where it came before the lock, once more.
        do
        {
            await RunAsync("ROLLBACK");
            // 4,294,967,296 less 1.2 billion: this young server's first transactions are 1.2 billion later.
            await rig.ExecuteAsync($"UPDATE pg_database SET {age} = '3094967296' WHERE datname = current_database()");
            await RunAsync("BEGIN; LOCK TABLE pg_database IN SHARE MODE");
        }
        while (await RunAsync($"SELECT {age}::text FROM pg_database WHERE datname = current_database()")
            is not "3094967296");

        var finding = await rig.FindsAsync("assess.wraparound");

        Assert.Contains("1,200,00", finding.What, StringComparison.Ordinal);
        Assert.EndsWith("VACUUM (FREEZE);", finding.Remedy, StringComparison.Ordinal);

        async Task<object?> RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, held);
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }
    }
}
