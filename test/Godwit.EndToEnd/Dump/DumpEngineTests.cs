using Godwit.Dump;
using Godwit.EndToEnd.Servers;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Dump;

/// <summary>The parallel engine where it is tight: a server with little memory for locks and few connections, tables
/// that others change, a network that breaks.</summary>
public sealed class DumpEngineTests(TightServer server) : IClassFixture<TightServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_there_is_no_room_for_our_locks_pg_dump_goes_on_holding_its_own()
    {
        var database = await server.NewDatabaseOfManyTablesAsync();
        await using var archive = await OpenAsync(await server.AddressWithoutRoomForLocksAsync(database),
            new DumpOptions { Jobs = 3 }, new Watch());
        // One session has locked them all, and it is in the middle of a COPY that nobody reads.
        Assert.Equal(("COPY", 1), await HoldersAsync(database));
        var check = await CheckAsync(archive);
        Assert.Equal((TightServer.ManyTables, TightServer.ManyTables * 1000L),
            (archive.Totals.Tables, archive.Totals.Rows));
        Assert.Equal((true, TightServer.ManyTables * 1000L), (check.IsWhole, check.Rows));
    }

    [Fact]
    public async Task A_pg_dump_that_is_killed_while_its_locks_are_needed_ends_the_dump()
    {
        var database = await server.NewDatabaseOfManyTablesAsync();
        await using var archive = await OpenAsync(await server.AddressWithoutRoomForLocksAsync(database),
            new DumpOptions { Jobs = 2 }, new Watch());
        // The one that is not a worker of ours: it has locked everything.
        await server.Cluster.ExecuteAsync("postgres", $"""
            SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE datname = '{database}' AND application_name LIKE 'godwit%' AND mode = 'AccessShareLock' GROUP BY pid
            HAVING count(*) > {TightServer.ManyTables / 2}
            """, Ct);
        var fault = await Assert.ThrowsAsync<FaultException>(() => archive.Body.CopyToAsync(Stream.Null, Ct));
        Assert.Equal("extract.locks_lost", fault.Fault.Code);
        await archive.DisposeAsync();
        await server.AssertNoSessionsAsync(database);
    }

    [Fact]
    public async Task A_role_with_few_connections_is_dumped_with_as_many_and_told_so()
    {
        var database = await server.NewDatabaseAsync("CREATE TABLE t AS SELECT n FROM generate_series(1, 10) n; "
            + "CREATE TABLE u AS TABLE t; CREATE TABLE v AS TABLE t; CREATE TABLE w AS TABLE t");
        await server.Cluster.ExecuteAsync("postgres",
            $"CREATE ROLE {database}_few LOGIN PASSWORD 'x' CONNECTION LIMIT 3; "
            + $"GRANT pg_read_all_data TO {database}_few", Ct);
        var watch = new Watch();
        await using var archive = await OpenAsync(
            server.Address(database) with { User = $"{database}_few", Password = new Secret("x") },
            new DumpOptions { Jobs = 8 }, watch);
        await CheckAsync(archive);
        Assert.Equal(4, watch.Wanted);
        Assert.InRange(watch.Had, 1, 3);
        Assert.Equal(40, archive.Totals.Rows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task There_are_as_many_workers_as_jobs(int jobs)
    {
        var database = await server.NewDatabaseAsync(
            "CREATE TABLE big AS SELECT n, repeat(md5(n::text), 20) AS digits FROM generate_series(1, 200000) n");
        await using var archive = await OpenAsync(server.Address(database),
            new DumpOptions { Jobs = jobs }, new Watch());
        // Nobody reads the archive, so every worker is at a range until the window is full, which this table does
        // not fill.
        var ranges = 0L;
        for (var look = 0; look < 20; look++)
        {
            ranges = Math.Max(ranges, await server.Cluster.ScalarAsync<long>("postgres",
                $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND application_name = 'godwit' "
                + "AND state = 'active' AND query LIKE 'COPY%ctid%'", Ct));
        }

        Assert.InRange(ranges, 1, jobs);
        Assert.True((await CheckAsync(archive)).IsWhole);
    }

    [Theory]
    [InlineData("TRUNCATE big")]
    [InlineData("ALTER TABLE big ALTER n TYPE bigint")]
    [InlineData("VACUUM FULL big")]
    [InlineData("ALTER TABLE big RENAME TO old; CREATE TABLE big AS TABLE old")]
    public async Task A_table_that_was_rewritten_between_snapshot_and_lock_is_never_dumped_empty(string change)
    {
        var database = await server.NewDatabaseAsync(
            "CREATE TABLE big AS SELECT n, md5(n::text) AS digits FROM generate_series(1, 1000) n");
        // Between the snapshot and its locks pg_dump reads the catalogs; this wrapper lets the change happen there.
        var tools = server.ToolsThatFirst($"psql --no-psqlrc --quiet --command '{change}'");
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            OpenAsync(server.Address(database), new DumpOptions(), new Watch(), tools));
        Assert.Equal("extract.table_replaced", fault.Fault.Code);
        Assert.Contains("public.big", fault.Fault.What, StringComparison.Ordinal);
        await server.AssertNoSessionsAsync(database);
    }

    [Fact]
    public async Task A_table_that_was_dropped_between_snapshot_and_lock_is_told_as_gone()
    {
        var database = await server.NewDatabaseAsync("CREATE TABLE gone AS SELECT 1 AS n");
        var tools = server.ToolsThatAfterwards("psql --no-psqlrc --quiet --command 'DROP TABLE gone'");
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            OpenAsync(server.Address(database), new DumpOptions(), new Watch(), tools));
        Assert.Equal("extract.table_gone", fault.Fault.Code);
        Assert.Contains("gone", fault.Fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pg_dump_that_is_told_to_compress_otherwise_does_not_spoil_the_archive()
    {
        var database = await server.NewDatabaseAsync("CREATE TABLE t AS SELECT n FROM generate_series(1, 5000) n");
        await using var archive = await OpenAsync(
            server.Address(database), new DumpOptions(), new Watch(),
            server.ToolsWith("exec '{0}' \"$@\" --compress=0"));
        var report = await CheckAsync(archive);
        Assert.Equal((true, 5000L, ArchiveCompression.Gzip),
            (report.IsWhole, report.Rows, report.Head.Header.Compression));
    }

    /// <summary>As by a Ctrl-C in the moment of its start, while the question whether to stop is open.</summary>
    [Fact]
    public async Task A_pg_dump_that_is_interrupted_when_asked_for_its_version_is_asked_again()
    {
        var database = await server.NewDatabaseAsync("CREATE TABLE t AS SELECT 1 AS n");
        await using var archive = await OpenAsync(server.Address(database), new DumpOptions(), new Watch(),
            server.ToolsInterruptedOnce());
        Assert.True((await CheckAsync(archive)).IsWhole);
    }

    [Fact]
    public async Task A_pg_dump_that_writes_something_else_is_a_fault_and_not_a_wait()
    {
        var database =
            await server.NewDatabaseAsync("CREATE TABLE t AS SELECT n, md5(n::text) FROM generate_series(1, 50000) n");
        var fault = await Assert.ThrowsAsync<FaultException>(() => OpenAsync(
            server.Address(database), new DumpOptions(), new Watch(),
            server.ToolsWith("echo Welcome; exec '{0}' \"$@\"")));
        Assert.Equal("extract.contents_not_understood", fault.Fault.Code);
        await server.AssertNoSessionsAsync(database);
    }

    [Fact]
    public async Task Somebody_who_waits_for_an_exclusive_lock_does_not_end_the_dump()
    {
        var database = await server.NewDatabaseAsync("""
            CREATE TABLE first_one AS SELECT n, repeat(md5(n::text), 40) AS digits FROM generate_series(1, 200000) n;
            CREATE TABLE wanted AS SELECT n FROM generate_series(1, 1000) n
            """);
        await using var archive = await OpenAsync(server.Address(database), new DumpOptions { Jobs = 2 }, new Watch());
        // It queues behind the dump's lock, and whoever comes later behind it: our workers too, as soon as the first
        // table lets them.
        var waiting = server.Cluster.ExecuteAsync(database, "ALTER TABLE wanted ADD later int", Ct);
        await server.UntilAsync("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'");
        var report = await CheckAsync(archive);
        Assert.Equal((true, 201_000L), (report.IsWhole, report.Rows));
        await waiting;
    }

    [Fact]
    public async Task Workers_that_are_gone_before_their_first_table_end_the_dump()
    {
        var database = await server.NewDatabaseAsync("CREATE TABLE t AS SELECT n FROM generate_series(1, 10) n");
        var watch = new Watch { OnPlanned = () => server.EndSessions(database) };
        var fault = await Assert.ThrowsAsync<FaultException>(async () =>
        {
            await using var archive = await OpenAsync(server.Address(database), new DumpOptions { Jobs = 1 }, watch);
            await archive.Body.CopyToAsync(Stream.Null, Ct);
        });
        Assert.Equal(FaultKind.Transient, fault.Fault.Kind);
    }

    [Fact]
    public async Task The_locks_keep_a_table_from_being_changed_until_the_dump_is_over()
    {
        var database = await server.NewDatabaseAsync("CREATE TABLE big AS SELECT n FROM generate_series(1, 1000) n");
        await using (var archive = await OpenAsync(server.Address(database), new DumpOptions { Jobs = 2 }, new Watch()))
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() =>
                server.Cluster.ExecuteAsync(database, "SET lock_timeout = '200ms'; TRUNCATE big", Ct));
            Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);
            await CheckAsync(archive);
        }

        await server.Cluster.ExecuteAsync(database, "SET lock_timeout = '5s'; TRUNCATE big", Ct);
    }

    [Fact]
    public async Task A_network_that_breaks_fails_the_dump_with_the_tables_name()
    {
        var database = await server.NewDatabaseAsync("CREATE TABLE \"the big one\" AS "
            + "SELECT n, repeat(md5(n::text), 20) AS digits FROM generate_series(1, 300000) n");
        await using var line = new TcpLine(server.Cluster.Port);
        await using var archive = await OpenAsync(server.Address(database) with { Port = line.Port },
            new DumpOptions { Jobs = 2 }, new Watch());
        await archive.Body.ReadExactlyAsync(new byte[1_000_000], Ct);
        line.Cut();
        var fault = await Assert.ThrowsAsync<FaultException>(() => archive.Body.CopyToAsync(Stream.Null, Ct));
        Assert.Equal("dump.worker_lost", fault.Fault.Code);
        Assert.Contains("public.the big one", fault.Fault.What, StringComparison.Ordinal);
        await archive.DisposeAsync();
        await server.AssertNoSessionsAsync(database);
    }

    [Fact]
    public async Task A_table_that_cannot_be_read_to_its_end_fails_the_dump_with_its_name()
    {
        var database = await server.NewDatabaseAsync("CREATE TABLE secret_one (n int); "
            + "ALTER TABLE secret_one ENABLE ROW LEVEL SECURITY; CREATE TABLE a (n int)");
        await server.Cluster.ExecuteAsync("postgres",
            $"CREATE ROLE {database}_reader LOGIN PASSWORD 'x'; GRANT pg_read_all_data TO {database}_reader", Ct);
        await using var archive = await OpenAsync(
            server.Address(database) with { User = $"{database}_reader", Password = new Secret("x") },
            new DumpOptions { Jobs = 2 }, new Watch());
        var fault = await Assert.ThrowsAsync<FaultException>(() => archive.Body.CopyToAsync(Stream.Null, Ct));
        Assert.Equal("dump.unreadable", fault.Fault.Code);
        Assert.Contains("public.secret_one", fault.Fault.What, StringComparison.Ordinal);
        Assert.Contains("row-level security", fault.Fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_an_archive_half_read_ends_its_sessions_at_once()
    {
        var database = await server.NewDatabaseAsync(
            "CREATE TABLE big AS SELECT n, repeat(md5(n::text), 20) AS digits FROM generate_series(1, 300000) n");
        await using (var archive = await OpenAsync(server.Address(database), new DumpOptions { Jobs = 3 }, new Watch()))
            await archive.Body.ReadExactlyAsync(new byte[1_000_000], Ct);
        await server.AssertNoSessionsAsync(database);
    }

    /// <summary>What the sessions are doing that have locked more than half of the tables.</summary>
    private async Task<(string Statement, int Count)> HoldersAsync(string database)
    {
        var found = await server.Cluster.ScalarAsync<string>("postgres", $"""
            SELECT string_agg(split_part(query, ' ', 1), ' ') FROM (
                SELECT query FROM pg_locks JOIN pg_stat_activity USING (pid)
                WHERE datname = '{database}' AND application_name LIKE 'godwit%' AND mode = 'AccessShareLock'
                GROUP BY pid, query HAVING count(*) > {TightServer.ManyTables / 2}) holders
            """, Ct);
        return (found ?? "", found?.Split(' ').Length ?? 0);
    }

    private static async Task<DumpedArchive> OpenAsync(
        PostgresAddress source, DumpOptions options, IDumpWatch watch, PgTools? tools = null)
    {
        var call = await PgDumpCall.FindAsync(source, 15, tools ?? new PgTools(Environment.GetEnvironmentVariable),
            new ProcessRunner(TimeProvider.System), Ct);
        return await DumpEngines.Open(call, options).OpenAsync(watch, headMayBeLate: false, Ct);
    }

    private static Task<ArchiveReport> CheckAsync(DumpedArchive archive) =>
        ArchiveCheck.RunAsync(archive.Body, ArchiveLimits.Default, null, Ct);

    private sealed class Watch : IDumpWatch
    {
        public int Wanted { get; private set; }

        public int Had { get; private set; }

        public Action? OnPlanned { get; init; }

        public void Planned(long sourceBytes) => OnPlanned?.Invoke();

        public void Advanced(long sourceBytes, long rows, long archiveBytes)
        {
        }

        public void FewerJobs(int wanted, int had) => (Wanted, Had) = (wanted, had);

        public void Waits(LockWait wait)
        {
        }
    }
}
