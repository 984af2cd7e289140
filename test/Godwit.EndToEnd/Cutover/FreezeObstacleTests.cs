using Godwit.Cutover.Freeze;
using Godwit.EndToEnd.Assess;
using Godwit.Faults;

namespace Godwit.EndToEnd.Cutover;

/// <summary>What would write in spite of the freeze is named before anything is changed, with what to do about
/// it.</summary>
public sealed class FreezeObstacleTests(BusyServer busy) : IClassFixture<BusyServer>, IAsyncLifetime
{
    private readonly DyingMemory _memory = new();
    private AssessRig? _opened;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AssessRig Rig => _opened!;

    public async ValueTask InitializeAsync() => _opened = await AssessRig.CreateAsync(busy.Cluster);

    public ValueTask DisposeAsync() => Rig.DisposeAsync();

    [Fact]
    public async Task A_prepared_transaction_is_named_with_owner_age_and_both_ways_out()
    {
        await Rig.ExecuteAsOwnerAsync("CREATE TABLE bookings (id int)");
        await Rig.ExecuteAsOwnerAsync("BEGIN; INSERT INTO bookings VALUES (1); PREPARE TRANSACTION 'Anna''s order'");

        var fault = await RefusedAsync();

        Assert.Equal("cutover.prepared_transactions", fault.Code);
        Assert.Matches($"'Anna''s order' of {Rig.Name} since [0-9-]{{10}} [0-9:]{{5}} ", fault.What);
        Assert.EndsWith(
            ":\nROLLBACK PREPARED 'Anna''s order'; -- or, to keep its rows: COMMIT PREPARED 'Anna''s order';",
            fault.Remedy, StringComparison.Ordinal);
        Assert.Contains("Anna", Assert.Single(await Freezer(accepted: "cutover.prepared_transactions")
            .RequireFreezableAsync(Ct)).What, StringComparison.Ordinal);

        await Rig.ExecuteAsOwnerAsync(fault.Remedy[fault.Remedy.IndexOf("ROLLBACK", StringComparison.Ordinal)..]);
        await Freezer().RequireFreezableAsync(Ct);
    }

    [Fact]
    public async Task A_prepared_transaction_of_another_database_is_nobodys_business()
    {
        await using var other = await AssessRig.CreateAsync(busy.Cluster);
        await other.ExecuteAsOwnerAsync($"BEGIN; CREATE TABLE a (); PREPARE TRANSACTION '{other.Name}'");

        await Freezer().RequireFreezableAsync(Ct);
        await Freezer().FreezeAsync(Ct);
        await Freezer().ThawAsync(Ct);

        await other.ExecuteAsOwnerAsync($"ROLLBACK PREPARED '{other.Name}'");
    }

    [Fact]
    public async Task A_transaction_prepared_while_the_source_is_frozen_is_found_too()
    {
        await Freezer().FreezeAsync(Ct);
        await Rig.ExecuteAsync($"BEGIN READ WRITE; CREATE TABLE late (); PREPARE TRANSACTION '{Rig.Name}'");

        Assert.Equal("cutover.prepared_transactions",
            (await Assert.ThrowsAsync<FaultException>(() => Freezer().FreezeAsync(Ct))).Fault.Code);
        Assert.Equal("cutover.prepared_transactions",
            (await Assert.ThrowsAsync<FaultException>(() => Freezer().RequireStillFrozenAsync(Ct))).Fault.Code);

        await Rig.ExecuteAsync($"ROLLBACK PREPARED '{Rig.Name}'");
        await Freezer().ThawAsync(Ct);
    }

    [Fact]
    public async Task An_enabled_subscription_is_named_and_a_disabled_one_is_not()
    {
        await Rig.ExecuteAsync("CREATE SUBSCRIPTION \"From the shop\" CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p "
            + "WITH (connect = false, slot_name = 'godwit')");
        await Freezer().RequireFreezableAsync(Ct);
        await Rig.ExecuteAsync("ALTER SUBSCRIPTION \"From the shop\" ENABLE");

        var fault = await RefusedAsync();

        Assert.Equal("cutover.subscriptions", fault.Code);
        var statement = fault.Remedy[fault.Remedy.IndexOf("ALTER", StringComparison.Ordinal)..];
        Assert.Equal("ALTER SUBSCRIPTION \"From the shop\" DISABLE;", statement);
        await Rig.ExecuteAsync(statement);
        await Freezer().RequireFreezableAsync(Ct);
        await Rig.ExecuteAsync("ALTER SUBSCRIPTION \"From the shop\" SET (slot_name = NONE); "
            + "DROP SUBSCRIPTION \"From the shop\"");
    }

    [Theory]
    [InlineData("ALTER ROLE ROLE SET default_transaction_read_only = off", "RESET")]
    [InlineData("ALTER ROLE ROLE IN DATABASE DB SET default_transaction_read_only = no",
        "SET default_transaction_read_only = off")]
    public async Task A_role_whose_own_setting_overrides_the_databases_is_named(string setting, string back)
    {
        var role = Rig.Name + " App";
        setting = setting.Replace("ROLE ROLE", $"ROLE \"{role}\"", StringComparison.Ordinal)
            .Replace("DB", Rig.Name, StringComparison.Ordinal);
        await Rig.ExecuteAsync($"CREATE ROLE \"{role}\" LOGIN; {setting}");

        var fault = await RefusedAsync();

        Assert.Equal("cutover.freeze_overridden", fault.Code);
        Assert.Contains($"for {role}", fault.What, StringComparison.Ordinal);
        Assert.Contains($"ALTER ROLE \"{role}\" IN DATABASE \"{Rig.Name}\" {back}", fault.Remedy,
            StringComparison.Ordinal);
        var statement = fault.Remedy[(fault.Remedy.LastIndexOf('\n') + 1)..];
        Assert.Equal($"ALTER ROLE \"{role}\" IN DATABASE \"{Rig.Name}\" SET default_transaction_read_only = on;",
            statement);
        Assert.Single(await Freezer(accepted: fault.Code).RequireFreezableAsync(Ct));
        // Whoever is kept out cannot write.
        await Freezer(revokes: true).RequireFreezableAsync(Ct);

        await Rig.ExecuteAsync(statement);
        await Freezer().RequireFreezableAsync(Ct);
        await Rig.ExecuteAsync($"DROP ROLE \"{role}\"");
    }

    [Fact]
    public async Task Settings_that_override_nothing_are_no_obstacle()
    {
        var role = Rig.Name + "_app";
        await Rig.ExecuteAsync($"CREATE ROLE {role} LOGIN; CREATE ROLE {role}_group; "
            + $"ALTER ROLE {role}_group SET default_transaction_read_only = off; "
            + $"ALTER ROLE {role} SET default_transaction_read_only = off; "
            + $"ALTER ROLE {role} IN DATABASE {Rig.Name} SET default_transaction_read_only = on; "
            + $"ALTER ROLE {role} IN DATABASE postgres SET default_transaction_read_only = off; "
            + $"ALTER ROLE {role} SET work_mem = '5MB'");

        await Freezer().RequireFreezableAsync(Ct);

        await Rig.ExecuteAsync($"DROP ROLE {role}; DROP ROLE {role}_group");
    }

    [Fact]
    public async Task Our_own_login_that_stays_writable_is_found_by_the_probe()
    {
        await Rig.ExecuteAsync($"ALTER ROLE {Rig.Name} SET default_transaction_read_only = off");

        var fault = (await Assert.ThrowsAsync<FaultException>(() =>
            Freezer(accepted: "cutover.freeze_overridden").FreezeAsync(Ct))).Fault;

        Assert.Equal("cutover.write_not_refused", fault.Code);
        await Freezer().ThawAsync(Ct);
        Assert.Equal(0, await Rig.Server.ScalarAsync<long>(Rig.Name,
            "SELECT count(*) FROM pg_class WHERE relname LIKE 'godwit%'", Ct));
    }

    private async Task<Fault> RefusedAsync()
    {
        var fault = (await Assert.ThrowsAsync<FaultException>(() => Freezer().RequireFreezableAsync(Ct))).Fault;
        Assert.Equal(FaultKind.Refused, fault.Kind);
        Assert.Empty(_memory.Kept);
        return fault;
    }

    private SourceFreezer Freezer(bool revokes = false, string? accepted = null) =>
        new(Rig.Address, revokes, accepted is null ? [] : [accepted], _memory, TimeProvider.System);
}
