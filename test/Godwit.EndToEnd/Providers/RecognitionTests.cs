using Godwit.EndToEnd.HerokuLocal;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Providers;
using Npgsql;

namespace Godwit.EndToEnd.Providers;

/// <summary>Who runs a server, told from what a real one shows. The nine providers' databases are recognised on their
/// journeys.</summary>
public sealed class RecognitionTests(JourneyServers servers, OtherServers others)
{
    /// <summary>How long Heroku's names of databases are: a d and letters and digits.</summary>
    private const int HerokuNameLength = 14;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The provider's name.</summary>
    public static Task<string> FindAsync(Secret url) => FindAsync(PostgresUrl.Parse(url.Reveal(), "The test's URL"));

    private static async Task<string> FindAsync(PostgresAddress address)
    {
        await using var session = await PostgresSession.OpenAsync(address, Ct);
        return (await ProviderRecognition.FindAsync(session, Ct)).Name;
    }

    [Fact]
    public async Task A_server_of_one_s_own_is_nobody_s() =>
        Assert.Equal("unknown", await FindAsync((await others.OfMajorAsync(15)).SuperUrl()));

    /// <summary>A setting that ALTER DATABASE made up is in no list of the server's settings.</summary>
    [Theory]
    [InlineData("d", "extwlist.extensions", "heroku")]
    [InlineData("shop", "extwlist.extensions", "heroku")]
    [InlineData("shop", "rds.allowed_extensions", "unknown")]
    public async Task Heroku_is_told_by_its_list_of_extensions_whoever_logs_in(
        string prefix, string setting, string provider)
    {
        var server = await others.OfMajorAsync(15);
        var unique = Guid.NewGuid().ToString("N");
        var name = (prefix + unique)[..HerokuNameLength];
        var url = await OtherServers.AddDatabaseAsync(server, $"reader_{unique}", new Secret("s3cr3t"));
        await server.ExecuteAsync("postgres", $"ALTER DATABASE reader_{unique} RENAME TO {name}", Ct);
        await server.ExecuteAsync("postgres", $"ALTER DATABASE {name} SET {setting} = 'citext,hstore'", Ct);

        Assert.Equal(provider,
            await FindAsync(PostgresUrl.Parse(url.Reveal(), "The test's URL") with { Database = name }));
    }

    [Fact]
    public async Task A_Heroku_database_is_recognised_and_moves_like_any_other()
    {
        await using var former = await GodwitRig.CreateAsync(servers);
        await former.AddDatabaseAsync("DATABASE");
        var source = new Secret((await former.ConfigVarAsync("DATABASE_URL"))!);
        await using (var connection = new NpgsqlConnection(await former.TargetConnectionAsync()))
        {
            await connection.OpenAsync(Ct);
            await using var fill = new NpgsqlCommand(JourneySource.Small, connection);
            await fill.ExecuteNonQueryAsync(Ct);
        }

        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["SOURCE_URL"] = source;

        Assert.Equal("heroku", await FindAsync(source));
        (await rig.RunAsync(rig.Migrate)).Expect(0);

        Assert.Equal(await JourneySource.ContentsAsync(await former.TargetConnectionAsync(), Ct),
            await JourneySource.ContentsAsync(await rig.TargetConnectionAsync(), Ct));
        Assert.Equal(1, await LocalHeroku.ScalarAsync<long>(await rig.TargetConnectionAsync(),
            "SELECT count(*) FROM birds WHERE id = 7"));
    }
}
