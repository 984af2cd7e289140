using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Assess;

/// <summary>Who is at work at the source is named, with what to do about it.</summary>
public sealed class ActivityTests(BusyServer busy, OtherServers servers) : IClassFixture<BusyServer>
{
    private static readonly AssessRequest AnyAge = new() { LongTransaction = TimeSpan.Zero };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_prepared_transaction_is_named_with_the_statement_that_ends_it()
    {
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.bookings (id int)");
        await rig.ExecuteAsOwnerAsync(
            "BEGIN; INSERT INTO public.bookings VALUES (1); PREPARE TRANSACTION 'Anna''s order'");

        var finding = await rig.FindsAsync("assess.prepared_transactions");

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.Contains(rig.Name, finding.What, StringComparison.Ordinal);
        var statement = finding.Remedy[finding.Remedy.IndexOf("ROLLBACK", StringComparison.Ordinal)..];
        Assert.Equal("ROLLBACK PREPARED 'Anna''s order';", statement);
        await rig.ExecuteAsOwnerAsync(statement);
        await rig.FindsNoAsync("assess.prepared_transactions");
    }

    [Fact]
    public async Task A_prepared_transaction_of_another_database_is_nobodys_business()
    {
        await using var other = await AssessRig.CreateAsync(busy.Cluster);
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await other.ExecuteAsOwnerAsync($"BEGIN; PREPARE TRANSACTION '{other.Name}'");

        await rig.FindsNoAsync("assess.prepared_transactions");

        await other.ExecuteAsOwnerAsync($"ROLLBACK PREPARED '{other.Name}'");
    }

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task A_long_transaction_is_named_with_its_application_and_state(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await using var session = await PostgresSession.OpenAsync(rig.Address, Ct);
        await session.ExecuteAsync("SET application_name = 'nightly report'; BEGIN; SELECT 1", Ct);

        var finding = await rig.FindsAsync("assess.long_transactions", AnyAge);

        Assert.Contains("nightly report", finding.What, StringComparison.Ordinal);
        Assert.Contains("idle in transaction", finding.What, StringComparison.Ordinal);
        var pid = await session.ScalarAsync<int>("SELECT pg_backend_pid()", Ct);
        Assert.EndsWith($"SELECT pg_catalog.pg_terminate_backend({pid});", finding.Remedy, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.long_transactions");
        await rig.FindsNoAsync("assess.long_transactions", AnyAge with { Freezes = false });
    }

    [Fact]
    public async Task An_enabled_subscription_writes_in_spite_of_the_freeze()
    {
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await rig.ExecuteAsync("CREATE SUBSCRIPTION \"From the shop\" CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p "
            + "WITH (connect = false, slot_name = 'godwit')");
        await rig.FindsNoAsync("assess.subscriptions_write");
        await rig.ExecuteAsync("ALTER SUBSCRIPTION \"From the shop\" ENABLE");

        var finding = await rig.FindsAsync("assess.subscriptions_write");

        Assert.EndsWith(":\nALTER SUBSCRIPTION \"From the shop\" DISABLE;", finding.Remedy, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.subscriptions_write", new() { Freezes = false });
        await rig.ExecuteAsync("ALTER SUBSCRIPTION \"From the shop\" DISABLE; "
            + "ALTER SUBSCRIPTION \"From the shop\" SET (slot_name = NONE); DROP SUBSCRIPTION \"From the shop\"");
    }

    [Fact]
    public async Task A_role_that_the_freeze_does_not_reach_is_named()
    {
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await rig.ExecuteAsync($"CREATE ROLE {rig.Name}_app LOGIN");
        await rig.FindsNoAsync("assess.freeze_overridden");
        await rig.ExecuteAsync(
            $"ALTER ROLE {rig.Name}_app IN DATABASE {rig.Name} SET default_transaction_read_only = off");

        var finding = await rig.FindsAsync("assess.freeze_overridden");

        Assert.EndsWith($"for {rig.Name}_app", finding.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.freeze_overridden", new() { LocksOut = true });
        await rig.FindsNoAsync("assess.freeze_overridden", new() { Freezes = false });
        await rig.ExecuteAsync(finding.Remedy[(finding.Remedy.LastIndexOf('\n') + 1)..]);
        await rig.FindsNoAsync("assess.freeze_overridden");
        await rig.ExecuteAsync($"ALTER ROLE {rig.Name}_app IN DATABASE {rig.Name} RESET default_transaction_read_only; "
            + $"DROP ROLE {rig.Name}_app");
    }

    [Fact]
    public async Task A_session_outside_of_a_transaction_is_no_finding()
    {
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await using var session = await PostgresSession.OpenAsync(rig.Address, Ct);
        await session.ExecuteAsync("SET application_name = 'web'", Ct);

        var found = (await rig.AssessAsync(AnyAge)).Findings.Where(finding =>
            finding.What.Contains("web", StringComparison.Ordinal));

        Assert.Empty(found);
    }

    [Fact]
    public async Task Writers_are_named_with_their_tables()
    {
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.carts (id int)");
        await using var session = await PostgresSession.OpenAsync(rig.Address, Ct);
        await session.ExecuteAsync("SET application_name = 'checkout'; BEGIN; INSERT INTO public.carts VALUES (1)", Ct);

        var finding = await rig.FindsAsync("assess.writers");

        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Contains("checkout", finding.What, StringComparison.Ordinal);
        Assert.Contains("public.carts", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readers_are_no_writers()
    {
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.carts (id int)");
        await using var session = await PostgresSession.OpenAsync(rig.Address, Ct);
        await session.ExecuteAsync("SET application_name = 'reader'; BEGIN; SELECT * FROM public.carts", Ct);

        await rig.FindsNoAsync("assess.writers");
        await rig.FindsNoAsync("assess.locked_tables");
    }

    [Fact]
    public async Task A_lock_against_reading_is_found_even_where_it_is_only_waited_for()
    {
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.ledger (id int)");
        await using var reader = await PostgresSession.OpenAsync(rig.Address, Ct);
        await reader.ExecuteAsync("BEGIN; SELECT * FROM public.ledger", Ct);
        await using var changer = await PostgresSession.OpenAsync(rig.Address, Ct);
        await changer.ExecuteAsync("SET application_name = 'deploy'", Ct);
        var change = changer.ExecuteAsync("ALTER TABLE public.ledger ADD note text", Ct);
        while (!await busy.Cluster.ScalarAsync<bool>("postgres",
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock')", Ct))
            await Task.Delay(10, Ct);

        var assessment = await rig.AssessAsync();
        await reader.ExecuteAsync("ROLLBACK", Ct);
        await change;

        var finding = Assert.Single(assessment.Findings, finding => finding.Code == "assess.locked_tables");
        Assert.Contains("deploy", finding.What, StringComparison.Ordinal);
        Assert.Contains("public.ledger", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_the_freeze_may_not_end_is_named_and_its_transaction_called_hidden()
    {
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await using var super = await busy.Cluster.OpenAsync(rig.Name, Ct);
        await using (var begin = super.CreateCommand())
        {
            begin.CommandText = "SET application_name = 'console'; BEGIN; SELECT 1";
            await begin.ExecuteNonQueryAsync(Ct);
        }

        var unendable = await rig.FindsAsync("assess.unendable_sessions");
        var hidden = await rig.FindsAsync("assess.hidden_activity", AnyAge);

        Assert.Contains("console", unendable.What, StringComparison.Ordinal);
        Assert.Contains($"GRANT pg_signal_backend TO \"{rig.Name}\";", unendable.Remedy, StringComparison.Ordinal);
        Assert.Contains("console", hidden.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.long_transactions", AnyAge);
        await rig.ExecuteAsync($"GRANT pg_read_all_stats TO {rig.Name}");
        await rig.FindsNoAsync("assess.hidden_activity");
        Assert.Contains("console", (await rig.FindsAsync("assess.long_transactions", AnyAge)).What,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_of_ones_own_role_can_be_ended_and_seen()
    {
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await using var session = await PostgresSession.OpenAsync(rig.Address, Ct);
        await session.ExecuteAsync("SET application_name = 'web'; BEGIN; SELECT 1", Ct);

        await rig.FindsNoAsync("assess.unendable_sessions");
        await rig.FindsNoAsync("assess.hidden_activity");
    }

    [Fact]
    public async Task Slots_that_nobody_reads_are_named_with_the_statement_that_drops_them()
    {
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await rig.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{rig.Name}', 'pgoutput')");
        await rig.ExecuteAsync($"SELECT pg_create_physical_replication_slot('{rig.Name}_p', true)");

        var finding = await rig.FindsAsync("assess.slot_inactive");
        var standby = await rig.FindsAsync("assess.slot_standby");

        Assert.Contains($"{rig.Name} (pgoutput) with 0 MB", finding.What, StringComparison.Ordinal);
        Assert.EndsWith($"SELECT pg_catalog.pg_drop_replication_slot('{rig.Name}');", finding.Remedy,
            StringComparison.Ordinal);
        Assert.Contains($"{rig.Name}_p", standby.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.slot_active");
        await rig.ExecuteAsync("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        await rig.FindsNoAsync("assess.slot_inactive");
        await rig.FindsNoAsync("assess.slot_standby");
    }

    [Fact]
    public async Task A_slot_that_somebody_reads_is_a_reader_to_be_moved_too()
    {
        await using var rig = await AssessRig.CreateAsync(busy.Cluster);
        await using var reader = await busy.Cluster.OpenAsync(rig.Name, Ct);
        await using (var create = reader.CreateCommand())
        {
            // A temporary slot belongs to the session that made it, as long as that lives.
            create.CommandText = $"SELECT pg_create_logical_replication_slot('{rig.Name}', 'pgoutput', true)";
            await create.ExecuteNonQueryAsync(Ct);
        }

        var finding = await rig.FindsAsync("assess.slot_active");

        Assert.Contains(rig.Name, finding.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.slot_inactive");
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task Time_outs_meant_for_an_application_do_not_end_our_sessions(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        var settings = new List<string> { "statement_timeout", "idle_in_transaction_session_timeout" };
        if (major >= 14)
            settings.Add("idle_session_timeout");
        if (major >= 17)
            settings.Add("transaction_timeout");
        await rig.ExecuteAsync(string.Concat(settings.Select(setting =>
            $"ALTER ROLE {rig.Name} SET {setting} = '300ms';")));

        await using var session = await PostgresSession.OpenAsync(rig.Address, Ct);

        foreach (var setting in settings)
            Assert.Equal("0", await session.ScalarAsync<string>($"SHOW {setting}", Ct));
    }
}
