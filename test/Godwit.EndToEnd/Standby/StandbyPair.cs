using System.Globalization;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Standby;

/// <summary>A primary and a standby that streams from it. Both are stopped and removed when the pair is disposed, also
/// behind a test that failed.</summary>
public sealed class StandbyPair : IAsyncDisposable
{
    /// <summary>Replaying what a test writes takes milliseconds.</summary>
    private static readonly TimeSpan ReplayMax = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly string _folder;

    private StandbyPair(string folder, LocalCluster primary, LocalCluster standby) =>
        (_folder, Primary, Standby) = (folder, primary, standby);

    public LocalCluster Primary { get; }

    /// <summary>Its log has every statement, each behind the number of its server process.</summary>
    public LocalCluster Standby { get; }

    /// <summary>What godwit must do with this server, which depends on the minor release that this machine
    /// has.</summary>
    public bool SharesSnapshots { get; private set; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="more">Settings of the standby.</param>
    public static async Task<StandbyPair> StartAsync(int major, IReadOnlyDictionary<string, string>? more = null)
    {
        var folder = TestRun.NewFolder();
        LocalCluster? primary = null;
        try
        {
            primary = await LocalCluster.StartAsync(Options(Path.Combine(folder, "primary"), major,
                new Dictionary<string, string>()), new ProcessRunner(TimeProvider.System), TimeProvider.System, Ct);
            var standby = await StartStandbyAsync(primary, Path.Combine(folder, "standby"), major,
                more ?? new Dictionary<string, string>());
            var pair = new StandbyPair(folder, primary, standby);
            var number = int.Parse((await standby.ScalarAsync<string>("postgres", "SHOW server_version_num", Ct))!,
                CultureInfo.InvariantCulture);
            pair.SharesSnapshots = (number / 10000, number % 10000) switch
            {
                (14, >= 25) or (15, >= 20) or (16, >= 16) or (17, >= 12) or (18, >= 6) or ( > 18, _) => true,
                _ => false,
            };
            return pair;
        }
        catch
        {
            if (primary is not null)
                await primary.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Waits until the standby shows all that the primary has written by now.</summary>
    public async Task CatchUpAsync()
    {
        var written = await Primary.ScalarAsync<string>("postgres", "SELECT pg_current_wal_insert_lsn()::text", Ct);
        await UntilAsync($"SELECT pg_last_wal_replay_lsn() >= '{written}'");
    }

    /// <summary>The standby stays at what the primary has written by now.</summary>
    public async Task PauseAsync()
    {
        await CatchUpAsync();
        await Standby.ExecuteAsync("postgres", "SELECT pg_wal_replay_pause()", Ct);
        await UntilAsync(Standby.Major >= 14
            ? "SELECT pg_get_wal_replay_pause_state() = 'paused'" : "SELECT pg_is_wal_replay_paused()");
    }

    public Task ResumeAsync() => Standby.ExecuteAsync("postgres", "SELECT pg_wal_replay_resume()", Ct);

    /// <summary>The standby becomes a primary.</summary>
    public async Task PromoteAsync()
    {
        await Standby.ExecuteAsync("postgres", "SELECT pg_promote()", Ct);
        await UntilAsync("SELECT NOT pg_is_in_recovery()");
    }

    public long LogLength => new FileInfo(LogFile).Length;

    /// <summary>What the standby has logged since then.</summary>
    public async Task<string> LogSinceAsync(long length)
    {
        await using var stream = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = length;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Waits until the standby says true.</summary>
    public async Task UntilAsync(string query)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(ReplayMax);
        while (!await Standby.ScalarAsync<bool>("postgres", query, limit.Token))
            await Task.Delay(Pause, limit.Token);
    }

    private string LogFile => Path.Combine(Standby.Folder, "postgres.log");

    private static LocalClusterOptions Options(
        string folder, int major, IReadOnlyDictionary<string, string> settings) => new()
        {
            Folder = folder,
            Durable = false,
            HasTls = false,
            // Of 17 an older minor: one that is not mended, of a major that is.
            BinFolder = major == 17 ? OtherServers.ServerFolder("17-older") : OtherServers.BinFolder(major),
            Settings = new Dictionary<string, string>(settings) { ["autovacuum"] = "off", ["wal_keep_size"] = "256MB" },
        };

    /// <summary>A copy of the primary's files while it runs, as pg_basebackup makes one: a program that not every
    /// package of PostgreSQL has.</summary>
    private static async Task<LocalCluster> StartStandbyAsync(
        LocalCluster primary, string folder, int major, IReadOnlyDictionary<string, string> more)
    {
        await File.AppendAllTextAsync(Path.Combine(primary.Folder, "data", "pg_hba.conf"),
            $"host replication all {primary.Host}/32 scram-sha-256\n", Ct);
        await primary.ExecuteAsync("postgres", "SELECT pg_reload_conf()", Ct);
        await using (var connection = await primary.OpenAsync("postgres", Ct))
        {
            await AskAsync(connection, major >= 15
                ? "SELECT pg_backup_start('standby', true)" : "SELECT pg_start_backup('standby', true, false)");
            await CopyAsync(primary.Folder, folder);
            var label = await AskAsync(connection,
                $"SELECT labelfile FROM {(major >= 15 ? "pg_backup_stop(false)" : "pg_stop_backup(false, false)")}");
            var data = Path.Combine(folder, "data");
            File.Delete(Path.Combine(data, "postmaster.pid"));
            File.Delete(Path.Combine(folder, "postgres.log"));
            await File.WriteAllTextAsync(Path.Combine(data, "backup_label"), label, Ct);
            await File.WriteAllTextAsync(Path.Combine(data, "standby.signal"), "", Ct);
            // Of the server's own user, as the files beside them.
            foreach (var name in new[] { "backup_label", "standby.signal" })
                await RunAsync("/bin/chown", $"--reference={Path.Combine(data, "PG_VERSION")}",
                    Path.Combine(data, name));
        }

        var login = new NpgsqlConnectionStringBuilder(primary.SuperConnectionString().Reveal());
        return await LocalCluster.StartAsync(Options(folder, major, new Dictionary<string, string>(more)
        {
            ["primary_conninfo"] = $"host={primary.Host} port={primary.Port.ToString(CultureInfo.InvariantCulture)} "
                + $"user={login.Username} password={login.Password}",
            ["hot_standby"] = "on",
            ["log_statement"] = "all",
            ["log_line_prefix"] = "[%p] ",
        }), new ProcessRunner(TimeProvider.System), TimeProvider.System, Ct);
    }

    private static async Task<string> AskAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Our own statements.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return $"{await command.ExecuteScalarAsync(Ct)}";
    }

    /// <summary>With owners and rights. Files of the running server may go or change meanwhile: recovery mends
    /// that.</summary>
    private static async Task CopyAsync(string from, string to)
    {
        await RunAsync("/bin/cp", "-a", from, to);
        Assert.True(Directory.Exists(to), $"{from} was not copied");
    }

    private static async Task RunAsync(string program, params IReadOnlyList<string> arguments)
    {
        await using var process = new ProcessRunner(TimeProvider.System).Start(new ProgramCall(program, arguments));
        await process.WaitAsync(Ct);
    }
}
