using Godwit.Cutover.Freeze;
using Godwit.EndToEnd.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Npgsql;

namespace Godwit.EndToEnd.Cutover;

/// <summary>A source becomes read-only, and is afterwards what it was.</summary>
public sealed class SourceFreezerTests(JourneyServers servers, OtherServers others)
{
    private readonly DyingMemory _memory = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_frozen_source_refuses_a_write_and_a_thawed_one_takes_it()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.SourceAsync());
        await using var open = await OpenAsync(rig, "a shop");

        var frozen = await Freezer(rig).FreezeAsync(Ct);

        Assert.Contains("a write of a new session was refused; WAL ", frozen.Proof, StringComparison.Ordinal);
        Assert.EndsWith("1 session was ended", frozen.Proof, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(open, "SELECT 1"));
        await using var late = await OpenAsync(rig, "a shop");
        Assert.Equal("25006",
            (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(late, "CREATE TABLE a ()"))).SqlState);
        Assert.True(await Freezer(rig).IsFrozenAsync(Ct));

        Assert.Equal("the source is writable as before", await Freezer(rig).ThawAsync(Ct));

        // It would have stayed read-only.
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(late, "SELECT 1"));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE a ()");
        Assert.Empty(_memory.Kept);
        Assert.False(await Freezer(rig).IsFrozenAsync(Ct));
        Assert.Null(await Freezer(rig).ThawAsync(Ct));
    }

    [Fact]
    public async Task A_source_that_was_read_only_stays_so()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.SourceAsync());
        await rig.ExecuteAsOwnerAsync($"ALTER DATABASE {rig.Name} SET default_transaction_read_only = on");

        await Freezer(rig).FreezeAsync(Ct);

        Assert.Equal("the source is read-only as it was before", await Freezer(rig).ThawAsync(Ct));
        Assert.Equal("default_transaction_read_only=on", await SettingsAsync(rig));
    }

    [Fact]
    public async Task A_source_whose_setting_was_off_has_it_off_again()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.SourceAsync());
        await rig.ExecuteAsOwnerAsync($"ALTER DATABASE {rig.Name} SET default_transaction_read_only = off; "
            + $"ALTER DATABASE {rig.Name} SET work_mem = '5MB'");

        await Freezer(rig).FreezeAsync(Ct);
        await Freezer(rig).ThawAsync(Ct);

        Assert.Equal("default_transaction_read_only=off,work_mem=5MB", await SettingsAsync(rig));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task Other_majors_are_frozen_and_proven_as_well(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await others.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE a (b int); INSERT INTO a SELECT generate_series(1, 1000)");

        Assert.Contains("WAL", (await Freezer(rig, revokes: true).FreezeAsync(Ct)).Proof, StringComparison.Ordinal);
        Assert.Contains("WAL", await Freezer(rig, revokes: true).RequireStillFrozenAsync(Ct), StringComparison.Ordinal);

        await Freezer(rig, revokes: true).ThawAsync(Ct);
        await rig.ExecuteAsOwnerAsync("DELETE FROM a");
    }

    /// <summary>Whoever is killed there may be rolled back, or resumed and rolled back then.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_between_any_two_acts_it_ends_as_it_began(bool resumes)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.SourceAsync());
        await rig.ExecuteAsOwnerAsync(
            $"REVOKE CONNECT ON DATABASE {rig.Name} FROM PUBLIC; GRANT TEMP ON DATABASE {rig.Name} TO pg_monitor");
        var rights = await RightsAsync(rig);
        var kills = 0;
        for (var hasDied = true; hasDied; kills++)
        {
            hasDied = await _memory.DiesAsync(kills + 1, isWritten: false,
                () => Freezer(rig, revokes: true).FreezeAsync(Ct));
            if (resumes)
                await Freezer(rig, revokes: true).FreezeAsync(Ct);
            await Freezer(rig, revokes: true).ThawAsync(Ct);
            Assert.Equal((rights, null), (await RightsAsync(rig), await SettingsAsync(rig)));
        }

        Assert.True(kills > 4, $"it remembered only {kills} times");
        var thawKills = 0;
        for (var hasDied = true; hasDied; thawKills++)
        {
            await Freezer(rig, revokes: true).FreezeAsync(Ct);
            hasDied = await _memory.DiesAsync(thawKills + 1, isWritten: false,
                () => Freezer(rig, revokes: true).ThawAsync(Ct));
            if (resumes)
                await Freezer(rig, revokes: true).FreezeAsync(Ct);
            await Freezer(rig, revokes: true).ThawAsync(Ct);
            Assert.Equal((rights, null), (await RightsAsync(rig), await SettingsAsync(rig)));
        }

        Assert.True(thawKills > 3, $"it forgot only {thawKills} times");
    }

    [Fact]
    public async Task What_was_put_back_by_somebody_else_is_not_taken_for_frozen()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.SourceAsync());
        await Freezer(rig).FreezeAsync(Ct);

        await rig.ExecuteAsync(
            $"BEGIN READ WRITE; ALTER DATABASE {rig.Name} RESET default_transaction_read_only; COMMIT");

        Assert.False(await Freezer(rig).IsFrozenAsync(Ct));
        Assert.Equal("cutover.thawed",
            (await Assert.ThrowsAsync<FaultException>(() => Freezer(rig).RequireStillFrozenAsync(Ct))).Fault.Code);
    }

    private SourceFreezer Freezer(AssessRig rig, bool revokes = false) =>
        new(rig.Address, revokes, [], _memory, TimeProvider.System);

    private static Task<string?> RightsAsync(AssessRig rig) => rig.Server.ScalarAsync<string>("postgres",
        $"SELECT datacl::text FROM pg_database WHERE datname = '{rig.Name}'", Ct);

    private static Task<string?> SettingsAsync(AssessRig rig) => rig.Server.ScalarAsync<string>(
        "postgres", "SELECT array_to_string(setconfig, ',') FROM pg_db_role_setting s JOIN pg_database d "
            + $"ON d.oid = s.setdatabase WHERE datname = '{rig.Name}'", Ct);

    private static async Task<NpgsqlConnection> OpenAsync(AssessRig rig, string application)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(rig.ConnectionString.Reveal())
        {
            ApplicationName = application,
        }.ConnectionString);
        await connection.OpenAsync(Ct);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
