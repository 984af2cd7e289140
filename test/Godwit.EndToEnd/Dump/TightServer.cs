using System.Globalization;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Dump;

/// <summary>A server with few connections and little memory for locks, as the smallest plans have them.</summary>
public sealed class TightServer : IAsyncLifetime
{
    public const int ManyTables = 100;

    private static readonly TimeSpan SessionsEndMax = TimeSpan.FromSeconds(10);

    private readonly string _folder = TestRun.NewFolder();
    private int _databases;

    public LocalCluster Cluster { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Cluster = await LocalCluster.StartAsync(
        new LocalClusterOptions
        {
            Folder = Path.Combine(_folder, "server"), Durable = false, HasTls = false,
            ConnectionsMax = 20,
            Settings = new Dictionary<string, string>
            {
                ["max_locks_per_transaction"] = "10", ["shared_buffers"] = "16MB",
            },
        },
        new ProcessRunner(TimeProvider.System), TimeProvider.System, Ct);

    /// <returns>Its name.</returns>
    public async Task<string> NewDatabaseAsync(string script)
    {
        var name = $"tight_{(++_databases).ToString(CultureInfo.InvariantCulture)}";
        await Cluster.ExecuteAsync("postgres", $"CREATE DATABASE {name}", Ct);
        await Cluster.ExecuteAsync(name, script, Ct);
        return name;
    }

    /// <summary>Tables with rows enough that a pg_dump does not end before somebody reads it. Each in its own
    /// transaction, for the locks' sake.</summary>
    public Task<string> NewDatabaseOfManyTablesAsync() => NewDatabaseAsync($$"""
        DO $$ BEGIN FOR i IN 1..{{ManyTables}} LOOP
            EXECUTE format('CREATE TABLE t%s AS SELECT n, md5(n::text) AS digits FROM generate_series(1, 1000) n', i);
            COMMIT;
        END LOOP; END $$
        """);

    /// <summary>Of a role that may have two sessions: one that reads and pg_dump's. There is none for our own
    /// locks.</summary>
    public async Task<PostgresAddress> AddressWithoutRoomForLocksAsync(string database)
    {
        await Cluster.ExecuteAsync("postgres",
            $"CREATE ROLE {database}_two LOGIN PASSWORD 'x' CONNECTION LIMIT 2; "
            + $"GRANT pg_read_all_data TO {database}_two", Ct);
        return Address(database) with { User = $"{database}_two", Password = new Secret("x") };
    }

    public PostgresAddress Address(string database) => PostgresUrl.Parse(Cluster.SuperUrl(database).Reveal(), "a test");

    /// <summary>Tools whose pg_dump runs a command first.</summary>
    public PgTools ToolsThatFirst(string command) => ToolsWith(command + "; exec '{0}' \"$@\"");

    /// <summary>Tools whose pg_dump runs a command behind its own end.</summary>
    public PgTools ToolsThatAfterwards(string command) =>
        ToolsWith("'{0}' \"$@\" > \"$0.out\"; " + command + "; cat \"$0.out\"");

    /// <summary>Tools whose pg_dump, but for its version, is a line of shell.</summary>
    /// <param name="line">With {0} for the stock one.</param>
    public PgTools ToolsWith(string line) => ToolsWith("exec '{0}' --version", line);

    /// <summary>Tools whose pg_dump gets a SIGINT when it is first asked for its version.</summary>
    public PgTools ToolsInterruptedOnce() => ToolsWith(
        "[ -e \"$0.asked\" ] || { touch \"$0.asked\"; kill -INT $$; }; exec '{0}' --version", "exec '{0}' \"$@\"");

    private PgTools ToolsWith(string version, string line)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Path.GetRandomFileName())).FullName;
        var stock = new PgTools(Environment.GetEnvironmentVariable).Newest("pg_dump");
        var wrapper = Path.Combine(folder, "pg_dump");
        File.WriteAllText(wrapper, $"""
            #!/bin/bash
            if [ "$1" = --version ]; then {version.Replace("{0}", stock, StringComparison.Ordinal)}; fi
            {line.Replace("{0}", stock, StringComparison.Ordinal)}
            """);
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new PgTools(name => name == "GODWIT_PG_BIN" ? folder : null);
    }

    /// <summary>Ends every session of ours, at once: the dump that is being opened calls this.</summary>
    public void EndSessions(string database)
    {
        using var connection = new NpgsqlConnection(Cluster.SuperConnectionString("postgres").Reveal());
        connection.Open();
        using var command = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'godwit'",
            connection)
        {
            Parameters = { new NpgsqlParameter { Value = database } },
        };
        command.ExecuteNonQuery();
    }

    /// <summary>Waits until a question is answered with yes.</summary>
    public async Task UntilAsync(string question)
    {
        while (!await Cluster.ScalarAsync<bool>("postgres", question, Ct))
            await Task.Delay(20, Ct);
    }

    /// <summary>A session ends a moment after its connection.</summary>
    public async Task AssertNoSessionsAsync(string database)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(SessionsEndMax);
        while (await Cluster.ScalarAsync<string>("postgres",
            $"SELECT string_agg(state || ': ' || query, ', ') FROM pg_stat_activity WHERE datname = '{database}' "
            + "AND application_name LIKE 'godwit%'", Ct) is { } left)
        {
            if (limit.IsCancellationRequested)
                Assert.Fail("sessions at the source: " + left);
            await Task.Delay(50, Ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
