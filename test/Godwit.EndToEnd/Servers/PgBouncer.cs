using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Servers;

/// <summary>A PgBouncer for one database, under the pool's name. Each transaction gets another session.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    /// <summary>PgBouncer listens within milliseconds; a loaded machine may need longer.</summary>
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(20);

    private readonly string _folder;
    private readonly IRunningProcess _process;

    private PgBouncer(string folder, IRunningProcess process, PostgresAddress address) =>
        (_folder, _process, Address) = (folder, process, address);

    /// <summary>The pool's address.</summary>
    public PostgresAddress Address { get; }

    /// <param name="pool">The database's name as PgBouncer offers it.</param>
    public static async Task<PgBouncer> StartAsync(PostgresAddress server, string pool, CancellationToken ct)
    {
        var folder = TestRun.NewFolder();
        var port = FreePort();
        var file = Path.Combine(folder, "pgbouncer.ini");
        var behind = $"host={server.Host} port={server.Port} dbname={server.Database} "
            + $"user={server.User} password={server.Password!.Reveal()}";
        await File.WriteAllTextAsync(file, $"""
            [databases]
            {pool} = {behind}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port.ToString(CultureInfo.InvariantCulture)}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            ignore_startup_parameters = extra_float_digits

            """, ct);
        var process = new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall("/usr/sbin/pgbouncer", [file]) { AsUser = "postgres" });
        var bouncer = new PgBouncer(folder, process, server with { Host = "127.0.0.1", Port = port, Database = pool });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(StartMax);
        while (!await IsListeningAsync(port, limit.Token))
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        return bouncer;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> IsListeningAsync(int port, CancellationToken ct)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(IPAddress.Loopback, port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
