using System.Globalization;
using System.Text;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Dump;

/// <summary>PostgreSQL's own programs, as a user would start them: nothing of Godwit's engine has a part in
/// it.</summary>
internal static class PgProgram
{
    /// <summary>The zoo's databases have settings that hurt careless readers; a test's own looks at them must not be
    /// hurt.</summary>
    private const string Options =
        "-c default_transaction_read_only=off -c statement_timeout=0 -c lock_timeout=0 -c quote_all_identifiers=off";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What it prints. It must end well and say nothing on standard error: pg_restore goes on after
    /// errors.</summary>
    /// <param name="database">Null: it needs no server.</param>
    public static async Task<string> RunAsync(
        int major, string program, IReadOnlyList<string> arguments, LocalCluster? server = null,
        string? database = null, bool asIs = false)
    {
        using var bytes = new MemoryStream();
        await RunAsync(major, program, arguments, output => output.CopyToAsync(bytes, Ct), server, database, asIs);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <param name="asIs">With the database's own settings, not with ours: for a dump.</param>
    public static async Task RunAsync(
        int major, string program, IReadOnlyList<string> arguments, Func<Stream, Task> read,
        LocalCluster? server = null, string? database = null, bool asIs = false)
    {
        var environment = server is null ? new Dictionary<string, Secret?>() : Login(server, database!, asIs);
        var path = program.Contains('/', StringComparison.Ordinal)
            ? program : Path.Combine(OtherServers.ClientFolder(major), program);
        await using var process = new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall(path, arguments) { Environment = environment });
        await read(process.Output);
        var code = await process.WaitAsync(Ct);
        Assert.True(code == 0 && process.ErrorTail.Length == 0,
            $"{program} {string.Join(' ', arguments)} ended with {code}: {process.ErrorTail}");
    }

    /// <summary>Runs SQL files that may use psql's own commands.</summary>
    public static Task<string> LoadAsync(LocalCluster server, string database, params IReadOnlyList<string> files) =>
        RunAsync(server.Major, "psql",
            ["--no-psqlrc", "--quiet", .. files.SelectMany(file => new[] { "--file", file })], server, database);

    /// <param name="variable">NAME=VALUE, for psql.</param>
    public static Task<string> LoadWithAsync(
        LocalCluster server, string database, string variable, params IReadOnlyList<string> files) =>
        RunAsync(server.Major, "psql", ["--no-psqlrc", "--quiet", "--set", variable,
            .. files.SelectMany(file => new[] { "--file", file })], server, database);

    /// <summary>With the settings both sides of a comparison need, whatever the database's own are.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(LocalCluster server, string database)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.SuperConnectionString(database).Reveal())
            {
                Options = Options + " -c DateStyle=ISO -c IntervalStyle=postgres -c TimeZone=UTC -c "
                    + "extra_float_digits=3 -c bytea_output=hex -c search_path=pg_catalog -c row_security=off",
                CommandTimeout = 120,
            }.ConnectionString);
        await connection.OpenAsync(Ct);
        return connection;
    }

    private static Dictionary<string, Secret?> Login(LocalCluster server, string database, bool asIs)
    {
        var at = new NpgsqlConnectionStringBuilder(server.SuperConnectionString(database).Reveal());
        return new Dictionary<string, Secret?>
        {
            ["PGHOST"] = new(server.Host),
            ["PGPORT"] = new(server.Port.ToString(CultureInfo.InvariantCulture)),
            ["PGUSER"] = new(at.Username!),
            ["PGPASSWORD"] = new(at.Password!),
            ["PGDATABASE"] = new(database),
            ["PGOPTIONS"] = asIs ? null : new(Options),
        };
    }
}
