using Godwit.Cutover.Freeze;
using Godwit.EndToEnd.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Npgsql;

namespace Godwit.EndToEnd.Cutover;

/// <summary>Who may connect is taken from all but us, and given back byte for byte.</summary>
public sealed class RevokeTests(JourneyServers servers) : IAsyncLifetime
{
    private readonly DyingMemory _memory = new();
    private readonly string _unique = Guid.NewGuid().ToString("N")[..8];
    private AssessRig? _opened;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AssessRig Rig => _opened!;

    private string One => "one_" + _unique;

    /// <summary>Sorts, prints and quotes like no decent name.</summary>
    private string Two => "Two \"q\", {brace}\\ " + _unique;

    public async ValueTask InitializeAsync()
    {
        _opened = await AssessRig.CreateAsync(await servers.SourceAsync());
        await Rig.ExecuteAsync($"CREATE ROLE {One} LOGIN PASSWORD 'x'; CREATE ROLE {Quoted(Two)} LOGIN");
    }

    public async ValueTask DisposeAsync()
    {
        var server = Rig.Server;
        await Rig.DisposeAsync();
        await server.ExecuteAsync("postgres", $"DROP ROLE IF EXISTS {One}; DROP ROLE IF EXISTS {Quoted(Two)}",
            CancellationToken.None);
    }

    /// <summary>ME is the owner and the login of --from, ONE and TWO other logins, DB the database.</summary>
    [Theory]
    [InlineData("GRANT CREATE ON DATABASE DB TO TWO")]
    [InlineData("REVOKE CONNECT ON DATABASE DB FROM PUBLIC")]
    [InlineData("REVOKE ALL ON DATABASE DB FROM PUBLIC; GRANT CONNECT ON DATABASE DB TO TWO; "
        + "GRANT CONNECT, TEMP ON DATABASE DB TO ONE; GRANT TEMP ON DATABASE DB TO PUBLIC")]
    [InlineData("REVOKE ALL ON DATABASE DB FROM PUBLIC; REVOKE TEMP, CREATE ON DATABASE DB FROM ME; "
        + "GRANT CONNECT ON DATABASE DB TO TWO WITH GRANT OPTION; GRANT TEMP ON DATABASE DB TO TWO")]
    [InlineData("REVOKE ALL ON DATABASE DB FROM PUBLIC; GRANT CONNECT, TEMP ON DATABASE DB TO ONE WITH GRANT OPTION; "
        + "GRANT ONE TO ME; SET ROLE ONE; GRANT CONNECT ON DATABASE DB TO TWO; GRANT TEMP ON DATABASE DB TO PUBLIC")]
    [InlineData("REVOKE ALL ON DATABASE DB FROM ME; REVOKE CONNECT ON DATABASE DB FROM PUBLIC; "
        + "GRANT CONNECT ON DATABASE DB TO ME")]
    [InlineData("GRANT CONNECT ON DATABASE DB TO ME WITH GRANT OPTION; GRANT CONNECT ON DATABASE DB TO ONE; "
        + "GRANT CONNECT ON DATABASE DB TO PUBLIC")]
    public async Task Whatever_the_grants_are_they_are_taken_and_come_back(string grants)
    {
        await Rig.ExecuteAsync(grants.Replace("DB", Rig.Name, StringComparison.Ordinal)
            .Replace("TWO", Quoted(Two), StringComparison.Ordinal)
            .Replace("ONE", One, StringComparison.Ordinal).Replace("ME", Rig.Name, StringComparison.Ordinal));
        var before = await RightsAsync();
        Assert.NotNull(before);
        var couldConnect = await MayConnectAsync(One);

        await Freezer.RequireFreezableAsync(Ct);
        Assert.Equal(before, await RightsAsync());
        await Freezer.FreezeAsync(Ct);

        // A member of ours, or one we are a member of, is another matter than a grant.
        Assert.False(await MayConnectAsync(One));
        Assert.False(await MayConnectAsync(Two));
        Assert.True(await MayConnectAsync(Rig.Name));
        Assert.True(await Freezer.IsFrozenAsync(Ct));

        await Freezer.ThawAsync(Ct);

        Assert.Equal(before, await RightsAsync());
        Assert.Equal(couldConnect, await MayConnectAsync(One));
    }

    [Fact]
    public async Task Grants_that_were_never_made_come_back_as_what_they_meant()
    {
        Assert.Null(await RightsAsync());

        await Freezer.FreezeAsync(Ct);
        Assert.False(await MayConnectAsync(One));
        Assert.Equal("the source is writable as before, and whoever could connect to it can again",
            await Freezer.ThawAsync(Ct));

        // An owner cannot make it NULL again: these are the defaults in letters.
        Assert.Equal($"{{=Tc/{Rig.Name},{Rig.Name}=CTc/{Rig.Name}}}", await RightsAsync());
        Assert.True(await Rig.Server.ScalarAsync<bool>("postgres",
            "SELECT datacl @> acldefault('d', datdba) AND acldefault('d', datdba) @> datacl FROM pg_database "
            + $"WHERE datname = '{Rig.Name}'", Ct));
    }

    [Fact]
    public async Task A_grant_that_only_a_stranger_can_make_again_stops_it_before_anything_is_changed()
    {
        await Rig.ExecuteAsync($"GRANT CONNECT ON DATABASE {Rig.Name} TO {One} WITH GRANT OPTION; SET ROLE {One}; "
            + $"GRANT CONNECT ON DATABASE {Rig.Name} TO {Quoted(Two)}");
        var before = await RightsAsync();

        var fault = (await Assert.ThrowsAsync<FaultException>(() => Freezer.RequireFreezableAsync(Ct))).Fault;

        Assert.Equal("cutover.grant_of_another", fault.Code);
        Assert.Contains($"CONNECT of {Quoted(Two)} was granted by {One}", fault.Why, StringComparison.Ordinal);
        Assert.Contains($"GRANT \"{One}\" to the user", fault.Remedy, StringComparison.Ordinal);
        Assert.Equal(before, await RightsAsync());
        await new SourceFreezer(Rig.Address, revokes: false, [], _memory, TimeProvider.System)
            .RequireFreezableAsync(Ct);
    }

    [Fact]
    public async Task Who_cannot_be_locked_out_is_named()
    {
        await Rig.ExecuteAsync($"GRANT {Rig.Name} TO {One}");

        var frozen = await Freezer.FreezeAsync(Ct);

        Assert.Contains($"{One} (a member of {Rig.Name})", frozen.NotLockedOut);
        Assert.Contains($"{LocalCluster.SuperUser} (a superuser)", frozen.NotLockedOut);
        Assert.DoesNotContain(frozen.NotLockedOut,
            one => one.Contains(_unique, StringComparison.Ordinal) && one.Contains("brace", StringComparison.Ordinal));
        await Freezer.ThawAsync(Ct);
    }

    [Fact]
    public async Task Who_may_not_connect_gets_no_session_and_who_was_there_is_ended()
    {
        await Rig.ExecuteAsync($"GRANT pg_signal_backend TO {Rig.Name}");
        await using var there = await ConnectAsync();

        await Freezer.FreezeAsync(Ct);

        await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
        {
            await using var command = new NpgsqlCommand("SELECT 1", there);
            await command.ExecuteScalarAsync(Ct);
        });
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(ConnectAsync)).SqlState);

        await Freezer.ThawAsync(Ct);
        await (await ConnectAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_role_that_is_dropped_meanwhile_does_not_keep_the_others_out()
    {
        await Rig.ExecuteAsync($"REVOKE CONNECT ON DATABASE {Rig.Name} FROM PUBLIC; "
            + $"GRANT CONNECT ON DATABASE {Rig.Name} TO {Quoted(Two)}; GRANT CONNECT ON DATABASE {Rig.Name} TO {One}");
        await Freezer.FreezeAsync(Ct);
        await Rig.Server.ExecuteAsync("postgres", $"DROP ROLE {Quoted(Two)}", Ct);

        var said = await Freezer.ThawAsync(Ct);

        Assert.Contains("do not exist any more", said, StringComparison.Ordinal);
        Assert.Contains(_unique, said, StringComparison.Ordinal);
        Assert.True(await MayConnectAsync(One));
    }

    [Fact]
    public async Task Somebody_let_in_meanwhile_is_noticed()
    {
        await Freezer.FreezeAsync(Ct);
        await Rig.ExecuteAsync($"BEGIN READ WRITE; GRANT CONNECT ON DATABASE {Rig.Name} TO {One}; COMMIT");

        Assert.False(await Freezer.IsFrozenAsync(Ct));
        Assert.Equal("cutover.thawed",
            (await Assert.ThrowsAsync<FaultException>(() => Freezer.RequireStillFrozenAsync(Ct))).Fault.Code);
    }

    private SourceFreezer Freezer => new(Rig.Address, revokes: true, [], _memory, TimeProvider.System);

    private static string Quoted(string role) => "\"" + role.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(Rig.Server.ConnectionString(Rig.Name, One, new("x")).Reveal());
        try
        {
            await connection.OpenAsync(Ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private Task<string?> RightsAsync() => Rig.Server.ScalarAsync<string>("postgres",
        $"SELECT datacl::text FROM pg_database WHERE datname = '{Rig.Name}'", Ct);

    private Task<bool> MayConnectAsync(string role) => Rig.Server.ScalarAsync<bool>(
        "postgres", $"SELECT has_database_privilege('{role.Replace("'", "''", StringComparison.Ordinal)}', "
            + $"'{Rig.Name}', 'CONNECT')", Ct);
}
