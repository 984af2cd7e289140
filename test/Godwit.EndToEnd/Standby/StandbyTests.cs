using System.Text.RegularExpressions;
using Godwit.EndToEnd.Dump;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Standby;

/// <summary>A source that is a standby. Below the minor releases of 2026-11-12 its sessions may not share a snapshot; which of them this machine has is asked.</summary>
public sealed partial class StandbyTests(OtherServers servers)
{
    private const string Told = "standby.one_session";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The primary goes on writing, and has a transaction open whose rows were replayed: sessions that share a snapshot wrongly would see them.</summary>
    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(16)]
    public async Task A_dump_a_copy_and_a_comparison_are_equal_to_the_primary_at_the_same_place_of_its_log(int major)
    {
        await using var pair = await StandbyPair.StartAsync(major);
        await using var rig = await VerifyRig.CreateAsync(pair.Primary, await servers.OfMajorAsync(major), VerifyRig.Script);
        await using var open = await OpenTransactionAsync(rig, "INSERT INTO log SELECT 'unseen', 'u' FROM generate_series(1, 20000)");
        await rig.AtSourceAsync("UPDATE tree SET parent = NULL WHERE id = 7; INSERT INTO log VALUES ('seen', 's')");
        await pair.PauseAsync();
        var then = await DatabaseContents.ReadAsync(pair.Primary, rig.Name, ZooServers.ClientMajor(major));
        await using var writer = Writer.Start(rig);
        var log = pair.LogLength;

        var dumped = (await RunAsync(rig, pair, "dump", "--from", "env:SOURCE_URL", "--to", rig.NewFile("standby.dump"), "--json")).Expect(0);
        await PgProgram.RunAsync(ZooServers.ClientMajor(major), "pg_restore", ["--dbname", rig.Name, rig.NewFile("standby.dump")], rig.Target, rig.Name);
        (await DatabaseContents.ReadAsync(rig.Target, rig.Name, ZooServers.ClientMajor(major))).AssertSame(then);

        await EmptyTargetAsync(rig);
        var copied = (await RunAsync(rig, pair, "copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--json")).Expect(0);
        Assert.Equal(3, copied.Events[^1]["large_objects"]!.GetValue<int>());
        Difference.None(then.Data, (await DatabaseContents.ReadAsync(rig.Target, rig.Name, ZooServers.ClientMajor(major))).Data);

        var verified = await RunAsync(rig, pair, "verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--level", "rows");
        verified.Expect(0).Says("roven");
        await rig.AtTargetAsync("UPDATE customers SET name = 'other' WHERE id = 42");
        (await RunAsync(rig, pair, "verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL")).Expect(1).Says("customers");

        Assert.True(writer.Rows > 0, "the primary was not written to meanwhile");
        var said = await pair.LogSinceAsync(log);
        Assert.Equal(pair.SharesSnapshots, said.Contains("pg_export_snapshot", StringComparison.Ordinal));
        Assert.Equal(pair.SharesSnapshots, said.Contains("SET TRANSACTION SNAPSHOT", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(pair.SharesSnapshots, !dumped.Output.Contains(Told, StringComparison.Ordinal));
        Assert.Equal(pair.SharesSnapshots, !copied.Output.Contains(Told, StringComparison.Ordinal));
        Assert.Equal(pair.SharesSnapshots, !verified.Error.Contains("One session reads the source", StringComparison.Ordinal));
        var readers = Copies().Matches(said).Select(match => match.Groups["pid"].Value).Distinct().Count();
        // One for the dump and one for the copy.
        Assert.True(pair.SharesSnapshots ? readers > 2 : readers == 2, $"{readers} sessions read rows");
    }

    [GeneratedRegex(@"^\[(?<pid>[0-9]+)\] LOG:  statement: COPY .* TO stdout", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Copies();

    /// <summary>At the primary, in a transaction that does not end before it is disposed.</summary>
    private static async Task<NpgsqlConnection> OpenTransactionAsync(VerifyRig rig, string sql)
    {
        var connection = new NpgsqlConnection(rig.Source.SuperConnectionString(rig.Name).Reveal());
        await connection.OpenAsync(Ct);
#pragma warning disable CA2100 // A test's own statement.
        await using var command = new NpgsqlCommand($"BEGIN; {sql}", connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Ct);
        return connection;
    }

    private static async Task EmptyTargetAsync(VerifyRig rig)
    {
        await rig.Target.ExecuteAsync("postgres", $"DROP DATABASE {rig.Name} WITH (FORCE)", Ct);
        await rig.Target.ExecuteAsync("postgres", $"CREATE DATABASE {rig.Name} OWNER {rig.Name}", Ct);
        await rig.AtTargetAsync($"ALTER SCHEMA public OWNER TO {rig.Name}", asOwner: false);
    }

    /// <summary>With the standby as the source.</summary>
    private static Task<GodwitEnd> RunAsync(VerifyRig rig, StandbyPair pair, params IReadOnlyList<string> arguments) => Start(rig, pair, arguments).EndAsync();

    private static GodwitProcess Start(VerifyRig rig, StandbyPair pair, params IReadOnlyList<string> arguments) =>
        rig.Start(arguments, new Dictionary<string, Secret?> { ["SOURCE_URL"] = rig.UrlAt(pair.Standby) });

    /// <summary>Somebody who writes to the primary until it is disposed.</summary>
    private sealed class Writer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _writing;
        private int _rows;

        private Writer(VerifyRig rig) => _writing = Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                await rig.AtSourceAsync("INSERT INTO log VALUES ('later', 'l'); UPDATE customers SET balance = balance + 1 WHERE id = 1");
                Interlocked.Increment(ref _rows);
            }
        });

        public int Rows => Volatile.Read(ref _rows);

        public static Writer Start(VerifyRig rig) => new(rig);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _writing;
            _stop.Dispose();
        }
    }
}
