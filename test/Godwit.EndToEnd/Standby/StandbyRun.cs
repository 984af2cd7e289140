using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;
using Godwit.Faults;
using Npgsql;

namespace Godwit.EndToEnd.Standby;

/// <summary>Commands whose source is the standby of a pair, and what happens at the primary meanwhile.</summary>
internal static class StandbyRun
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>At the primary, in a transaction that does not end before it is disposed.</summary>
    public static async Task<NpgsqlConnection> OpenTransactionAsync(VerifyRig rig, string sql)
    {
        var connection = new NpgsqlConnection(rig.Source.SuperConnectionString(rig.Name).Reveal());
        await connection.OpenAsync(Ct);
#pragma warning disable CA2100 // A test's own statement.
        await using var command = new NpgsqlCommand($"BEGIN; {sql}", connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Ct);
        return connection;
    }

    public static async Task EmptyTargetAsync(VerifyRig rig)
    {
        await rig.Target.ExecuteAsync("postgres", $"DROP DATABASE {rig.Name} WITH (FORCE)", Ct);
        await rig.Target.ExecuteAsync("postgres", $"CREATE DATABASE {rig.Name} OWNER {rig.Name}", Ct);
        await rig.AtTargetAsync($"ALTER SCHEMA public OWNER TO {rig.Name}", asOwner: false);
    }

    /// <summary>With the standby as the source.</summary>
    public static Task<GodwitEnd> RunAsync(VerifyRig rig, StandbyPair pair, params IReadOnlyList<string> arguments) =>
        Start(rig, pair, arguments).EndAsync();

    public static GodwitProcess Start(VerifyRig rig, StandbyPair pair, params IReadOnlyList<string> arguments) =>
        rig.Start(arguments, new Dictionary<string, Secret?>
        {
            ["SOURCE_URL"] = rig.UrlAt(pair.Standby),
            ["GODWIT_PG_BIN_17"] = new(OtherServers.ClientFolder(17)),
        });

    /// <summary>Waits until a session of the standby is in the middle of rows of this table, and not pg_dump's, which
    /// is started for the definitions alone.</summary>
    public static Task ReadsAsync(StandbyPair pair, string table) =>
        pair.UntilAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'active' "
            + $"AND application_name = 'godwit' AND pid <> pg_backend_pid() AND query ~* 'COPY.*{table}.*TO stdout')");
}

/// <summary>Somebody who writes to the primary until it is disposed.</summary>
internal sealed class StandbyWriter : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private int _rows;

    private StandbyWriter(VerifyRig rig) => _writing = Task.Run(async () =>
    {
        while (!_stop.IsCancellationRequested)
        {
            await rig.AtSourceAsync(
                "INSERT INTO log VALUES ('later', 'l'); UPDATE customers SET balance = balance + 1 WHERE id = 1");
            Interlocked.Increment(ref _rows);
        }
    });

    public int Rows => Volatile.Read(ref _rows);

    public static StandbyWriter Start(VerifyRig rig) => new(rig);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
    }
}
