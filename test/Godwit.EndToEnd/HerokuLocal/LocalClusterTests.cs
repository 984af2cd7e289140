using System.Diagnostics;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.HerokuLocal;

public sealed class LocalClusterTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-cluster-").FullName;

    public LocalClusterTests() => File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string ClusterFolder => Path.Combine(_folder, "pg");

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_cluster_is_created_takes_a_password_over_TLS_and_is_found_again()
    {
        int port;
        await using (var first = await StartAsync())
        {
            port = first.Port;
            await first.ExecuteAsync("postgres", "CREATE TABLE t (a int); INSERT INTO t VALUES (42)", Ct);
            Assert.Equal("UTF8", await first.ScalarAsync<string>("postgres", "SHOW server_encoding", Ct));
            Assert.True(await LocalHeroku.ScalarAsync<bool>(first.SuperConnectionString().Reveal(),
                "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
            var wrong = first.ConnectionString("postgres", LocalCluster.SuperUser, new Secret("wrong"));
            await using var connection = new NpgsqlConnection(wrong.Reveal());
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Ct));
            Assert.Equal("28P01", refusal.SqlState);
            await first.StopAsync(Ct);
        }

        await using var again = await StartAsync(port);
        Assert.Equal(port, again.Port);
        Assert.Equal(42, await again.ScalarAsync<int>("postgres", "SELECT a FROM t", Ct));
    }

    [Fact]
    public async Task A_server_left_over_by_a_killed_process_is_replaced_and_loses_nothing()
    {
        await using var first = await StartAsync();
        await first.ExecuteAsync("postgres", "CREATE TABLE t AS SELECT 7 AS a", Ct);
        var postmaster = PostmasterPid();
        // What a killed process leaves behind: a running server, and no lock.
        File.Delete(Path.Combine(ClusterFolder, "godwit.lock"));

        await using var second = await StartAsync();

        Assert.NotEqual(postmaster, PostmasterPid());
        Assert.Equal(7, await second.ScalarAsync<int>("postgres", "SELECT a FROM t", Ct));
    }

    [Fact]
    public async Task A_killed_postmaster_s_pid_file_does_not_stop_the_next_start()
    {
        await using (var first = await StartAsync())
        {
            await first.ExecuteAsync("postgres", "CREATE TABLE t AS SELECT 7 AS a; CHECKPOINT", Ct);
            using var postmaster = Process.GetProcessById(PostmasterPid());
            postmaster.Kill();
            await postmaster.WaitForExitAsync(Ct);
        }

        Assert.True(File.Exists(Path.Combine(ClusterFolder, "data", "postmaster.pid")));
        await using var second = await StartAsync();
        Assert.Equal(7, await second.ScalarAsync<int>("postgres", "SELECT a FROM t", Ct));
    }

    [Fact]
    public async Task A_folder_in_use_by_another_is_refused()
    {
        await using var first = await StartAsync();
        var refusal = await Assert.ThrowsAsync<FaultException>(() => StartAsync());
        Assert.Equal("heroku_local.folder_in_use", refusal.Fault.Code);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.168.1.1")]
    [InlineData("example.com")]
    public async Task An_address_others_can_reach_is_refused(string address)
    {
        var refusal = await Assert.ThrowsAsync<FaultException>(() =>
            LocalCluster.StartAsync(new() { Folder = ClusterFolder, Address = address },
                new ProcessRunner(TimeProvider.System),
                TimeProvider.System, Ct));
        Assert.Equal("heroku_local.not_loopback", refusal.Fault.Code);
    }

    [Fact]
    public async Task No_password_is_left_where_others_could_read_it()
    {
        await using var cluster = await StartAsync();
        Assert.False(File.Exists(Path.Combine(ClusterFolder, "initdb.password")));
        const UnixFileMode others = (UnixFileMode)0b000_111_111;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(ClusterFolder) & others);
        Assert.Equal(UnixFileMode.None,
            File.GetUnixFileMode(Path.Combine(ClusterFolder, "superuser.password")) & others);
        Assert.Equal(UnixFileMode.None,
            File.GetUnixFileMode(Path.Combine(ClusterFolder, "data", "server.key")) & others);
    }

    private Task<LocalCluster> StartAsync(int port = 0) => LocalCluster.StartAsync(
        new() { Folder = ClusterFolder, Port = port, Durable = false, RequireTls = true },
            new ProcessRunner(TimeProvider.System),
        TimeProvider.System, Ct);

    private int PostmasterPid() =>
        int.Parse(File.ReadLines(Path.Combine(ClusterFolder, "data", "postmaster.pid")).First());
}
