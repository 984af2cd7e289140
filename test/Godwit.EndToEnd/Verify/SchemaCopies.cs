using System.Globalization;
using Godwit.EndToEnd.Dump;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Godwit.Verify;
using Godwit.Verify.Schema;
using Npgsql;

[assembly: AssemblyFixture(typeof(Godwit.EndToEnd.Verify.SchemaCopies))]

namespace Godwit.EndToEnd.Verify;

/// <summary>The sample and its restored copies. The first test that asks makes each, once.</summary>
public sealed class SchemaCopies : IDisposable
{
    private const string Source = "schema_sample";

    /// <summary>A database with connections cannot be a template. So each database has a twin without
    /// connections.</summary>
    private const string Twin = "_twin";

    /// <summary>The template of empty clones.</summary>
    public const string Empty = "template0";

    /// <summary>The sample role's password.</summary>
    private static readonly Secret Password = new("limosa");

    private readonly SemaphoreSlim _making = new(1);
    private readonly string _folder = TestRun.NewFolder();
    private readonly HashSet<(LocalCluster, string)> _made = [];

    /// <summary>For a test's own archives.</summary>
    public string Folder => _folder;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Makes a copy with pg_dump and pg_restore as superuser, with owners and grants.</summary>
    /// <returns>The names of the sample's database and of the copy.</returns>
    public async Task<(string Source, string Copy)> MakeAsync(
        LocalCluster from, LocalCluster to, params string[] options)
    {
        await _making.WaitAsync(Ct);
        try
        {
            await MakeSampleAsync(from);
            var copy = string.Create(CultureInfo.InvariantCulture, $"schema_copy_of_{from.Major}");
            if (_made.Add((to, copy)))
            {
                if (options.Length == 0)
                    await MakeRolesAsync(to);
                await to.ExecuteAsync("postgres", $"CREATE DATABASE {copy}", Ct);
                var archive = Path.Combine(_folder, $"{from.Major}-{to.Major}.dump");
                Assert.Equal("", await RunAsync(to.Major, "pg_dump", from, Source, ["-Fc", "-f", archive]));
                await Archives.MendAsync(archive);
                var said = await RunAsync(to.Major, "pg_restore", to, copy, ["-d", copy, .. options, archive]);
                if (options.Length == 0)
                    Assert.Equal("", said);
                await to.ExecuteAsync("postgres", $"CREATE DATABASE {copy}{Twin} TEMPLATE {copy}", Ct);
            }

            return (Source, copy);
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>Clones the copy, and changes the clone.</summary>
    public async Task<string> CloneAsync(LocalCluster at, string database, params IEnumerable<string> statements)
    {
        var name = "schema_clone_" + Guid.NewGuid().ToString("N")[..8];
        await _making.WaitAsync(Ct);
        try
        {
            await at.ExecuteAsync("postgres",
                $"CREATE DATABASE {name} TEMPLATE {database}{(database == Empty ? "" : Twin)}", Ct);
        }
        finally
        {
            _making.Release();
        }

        await using var connection = await at.OpenAsync(name, Ct);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Ct);
        }

        return name;
    }

    /// <summary>Compares as the role that owns the sample.</summary>
    internal static Task<SchemaResult> CompareAsync(
        LocalCluster from, string source, LocalCluster to, string target, SchemaExpectations? expected = null) =>
        CompareAsync(Ordinary(from, source), Ordinary(to, target), expected);

    internal static async Task<SchemaResult> CompareAsync(
        PostgresAddress source, PostgresAddress target, SchemaExpectations? expected = null)
    {
        await using var left = await Side.OpenAsync(source, null, 4, TimeProvider.System, Ct);
        await using var right = await Side.OpenAsync(target, null, 4, TimeProvider.System, Ct);
        return await SchemaComparer.CompareAsync(left, right, expected ?? SchemaExpectations.None, Ct);
    }

    public static PostgresAddress Ordinary(LocalCluster cluster, string database) =>
        PostgresUrl.Parse(cluster.Url(database, SchemaSample.Role, Password).Reveal(), "The test's URL");

    public void Dispose()
    {
        _making.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task MakeSampleAsync(LocalCluster cluster)
    {
        if (!_made.Add((cluster, Source)))
            return;
        await MakeRolesAsync(cluster);
        await cluster.ExecuteAsync("postgres", $"CREATE DATABASE {Source}", Ct);
        string[] ordinary = [SchemaSample.Common, SchemaSampleMore.Views, SchemaSampleShapes.Views,
            SchemaSampleMore.Functions, SchemaSampleMore.Grants];
        string[] all = [SchemaSample.BySuperuser, .. ordinary.Select(sql => $"SET ROLE {SchemaSample.Role}; {sql}"),
            SchemaSampleMore.BySuperuser(cluster.Major)];
        foreach (var sql in all)
            await cluster.ExecuteAsync(Source, sql, Ct);
        await cluster.ExecuteAsync("postgres", $"CREATE DATABASE {Source}{Twin} TEMPLATE {Source}", Ct);
    }

    public static async Task MakeRolesAsync(LocalCluster cluster)
    {
        foreach (var role in (string[])[$"{SchemaSample.Role} LOGIN PASSWORD '{Password.Reveal()}'",
            .. SchemaSample.Others])
            await cluster.ExecuteAsync("postgres",
                $"DO $$BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END$$",
                Ct);
    }

    /// <returns>The program's standard error.</returns>
    internal static async Task<string> RunAsync(
        int major, string program, LocalCluster at, string database, IReadOnlyList<string> arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(at.SuperConnectionString(database).Reveal());
        await using var running = new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall(Path.Combine(OtherServers.ClientFolder(major), program), arguments)
            {
                Environment = new Dictionary<string, Secret?>
                {
                    ["PGHOST"] = new(server.Host!),
                    ["PGPORT"] = new(server.Port.ToString(CultureInfo.InvariantCulture)),
                    ["PGUSER"] = new(server.Username!),
                    ["PGPASSWORD"] = new(server.Password!),
                    ["PGDATABASE"] = new(database),
                },
            });
        await running.Output.CopyToAsync(Stream.Null, Ct);
        await running.WaitAsync(Ct);
        return running.ErrorTail;
    }
}
