using System.Net;
using Godwit.Faults;
using Godwit.HerokuLocal.Cluster;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.HerokuLocal;

/// <summary>A real PostgreSQL cluster in its own folder, reachable from this machine only. Created on first use and
/// reopened later. Disposing kills the server, and the next start recovers; for an orderly end call
/// <see cref="StopAsync"/> first. If our process is killed, the server runs until somebody opens the folder
/// again.</summary>
public sealed class LocalCluster : IAsyncDisposable
{
    // Another program can take a port between our check and PostgreSQL's listen; three times in a row is no accident.
    private const int PortAttemptsMax = 3;

    // An immediate stop takes a fraction of a second; a stuck disk must not block disposal.
    private static readonly TimeSpan DisposeMax = TimeSpan.FromSeconds(20);

    private readonly LocalClusterOptions _options;
    private readonly IPAddress _address;
    private readonly ClusterFiles _files;
    private readonly PgControl _control;
    private readonly FileStream _lock;
    private readonly TimeProvider _clock;
    private Secret _password = new("");

    private LocalCluster(
        LocalClusterOptions options, IPAddress address, ClusterFiles files, PgControl control, FileStream folderLock,
        TimeProvider clock)
    {
        (_options, _address, _files, _control, _lock, _clock) =
            (options, address, files, control, folderLock, clock);
        Port = options.Port == 0 ? options.PreferredPort : options.Port;
    }

    public const string SuperUser = PgControl.ServerUser;

    public string Host => _address.ToString();

    /// <summary>Unchanged after <see cref="RestartAsync"/>, unless another program took it.</summary>
    public int Port { get; private set; }

    public int Major => _files.Major;

    public string Folder => _files.Folder;

    /// <summary>The server's own (PEM), for clients that verify it (<c>sslrootcert</c>).</summary>
    public string CertificateFile => _files.Certificate;

    public bool IsRunning { get; private set; }

    /// <summary>Opens or creates the cluster in the folder, and starts it.</summary>
    /// <exception cref="FaultException">Not loopback, folder in use or not ours, PostgreSQL missing, or it failed to
    /// start.</exception>
    public static async Task<LocalCluster> StartAsync(
        LocalClusterOptions options, IProcessRunner runner, TimeProvider clock, CancellationToken ct)
    {
        var address = LoopbackPort.Require(options.Address);
        var files = new ClusterFiles(options.Folder);
#pragma warning disable CA2000 // Owned by the cluster it is given to; closed below when there will be none.
        var folderLock = files.Lock();
#pragma warning restore CA2000
        try
        {
            var cluster = new LocalCluster(options, address, files,
                new PgControl(runner, BinFolder(options, files), files), folderLock, clock);
            await cluster.CreateIfMissingAsync(ct);
            await cluster.StartAsync(ct);
            return cluster;
        }
        catch
        {
            await folderLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server again after <see cref="StopAsync"/>. First stops one that a killed process
    /// left.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await _control.StopAsync("fast", ct);
        for (var attempt = 1; ; attempt++)
        {
            if (Port == 0)
                Port = LoopbackPort.FindFree(_address);
            _files.WriteSettings(_options, _address, Port);
            if (await _control.StartAsync(ct))
                break;
            if (_options.Port != 0 || attempt == PortAttemptsMax)
                throw new FaultException(HerokuLocalFaults.ProgramFailed("pg_ctl",
                    $"port {Port} is used by another program"));
            Port = 0;
        }

        IsRunning = true;
    }

    /// <summary>Ends sessions, writes a checkpoint, stops.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        await _control.StopAsync("fast", ct);
        IsRunning = false;
    }

    public async Task RestartAsync(CancellationToken ct)
    {
        await StopAsync(ct);
        await StartAsync(ct);
    }

    /// <summary>For Npgsql. TLS is used without verifying the certificate, as with Heroku's databases.</summary>
    public Secret ConnectionString(string database, string user, Secret password) =>
        new(Describe(database, user, password).ConnectionString);

    /// <summary><c>postgres://user:password@host:port/database</c>, percent-encoded.</summary>
    public Secret Url(string database, string user, Secret password) =>
        new($"postgres://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password.Reveal())}"
            + $"@{Host}:{Port}/{Uri.EscapeDataString(database)}");

    public Secret SuperConnectionString(string database = "postgres") =>
        ConnectionString(database, SuperUser, _password);

    public Secret SuperUrl(string database = "postgres") => Url(database, SuperUser, _password);

    /// <summary>The superuser's, through the socket where there is one. Not pooled: a pooled one would block DROP
    /// DATABASE. Knows PostgreSQL's own types only.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken ct)
    {
        var settings = DriverTypes.OnlyPostgresOwn(Describe(database, SuperUser, _password));
        if (_files.SocketFolder is { } folder)
            (settings.Host, settings.SslMode) = (folder, SslMode.Disable);
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one or several statements as superuser, for at most five minutes. Several are one transaction,
    /// which can deadlock with autovacuum. It is then rolled back, and tried again.</summary>
    public async Task ExecuteAsync(string database, string sql, CancellationToken ct)
    {
        await using var connection = await OpenAsync(database, ct);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = CommandSecondsMax };
        await Retry.Soon.RunAsync(command.ExecuteNonQueryAsync,
            e => e is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected }, _clock, ct);
    }

    /// <summary>First column of the first row, as superuser; default for no row or null.</summary>
    public async Task<T?> ScalarAsync<T>(string database, string sql, CancellationToken ct)
    {
        await using var connection = await OpenAsync(database, ct);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = CommandSecondsMax };
        return await command.ExecuteScalarAsync(ct) is T value ? value : default;
    }

    // Enough to fill a test database in one statement.
    private const int CommandSecondsMax = 300;

    public async ValueTask DisposeAsync()
    {
        using var limit = new TimeLimit(DisposeMax, _clock);
        try
        {
            if (IsRunning)
                await _control.StopAsync("immediate", limit.Token);
        }
        catch (Exception e) when (e is FaultException or OperationCanceledException)
        {
            // The next process that opens the folder stops the server; an exception here would hide the first one.
        }

        IsRunning = false;
        await _lock.DisposeAsync();
    }

    private NpgsqlConnectionStringBuilder Describe(string database, string user, Secret password) => new()
    {
        Host = Host,
        Port = Port,
        Database = database,
        Username = user,
        Password = password.Reveal(),
        SslMode = _options.HasTls ? SslMode.Require : SslMode.Disable,
        Pooling = false,
        IncludeErrorDetail = true,
        ApplicationName = "godwit",
    };

    private async Task CreateIfMissingAsync(CancellationToken ct)
    {
        if (PgControl.AreWeRoot)
            _files.RequireReachable(PgControl.ServerUser);
        if (!_files.HasCluster)
        {
            _files.Prepare();
            var password = ClusterFiles.NewPassword();
            var passwordFile = _files.WriteInitPassword(password);
            try
            {
                await _control.GiveFilesToServerAsync(ct);
                await _control.InitAsync(passwordFile, _options.Durable, ct);
            }
            finally
            {
                File.Delete(passwordFile);
            }

            _files.WriteCertificate(_clock);
            _files.WritePassword(password);
            await _control.GiveFilesToServerAsync(ct);
        }

        _password = _files.ReadPassword();
    }

    private static string BinFolder(LocalClusterOptions options, ClusterFiles files)
    {
        if (options.BinFolder is not null)
            return options.BinFolder;
        var tools = new PgTools(Environment.GetEnvironmentVariable);
        var wanted = files.HasCluster ? files.Major : 0;
        var found = tools.Find("initdb").Where(t => wanted == 0 || t.Major == wanted || t.Major == 0)
            .Select(t => t.Path).FirstOrDefault();
        return Path.GetDirectoryName(found ?? tools.Newest("initdb"))!;
    }
}
