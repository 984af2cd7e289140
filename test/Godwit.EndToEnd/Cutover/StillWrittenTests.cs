using Godwit.Cutover.Freeze;
using Godwit.EndToEnd.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Cutover;

/// <summary>Somebody who switches the read-only default off is found by what he writes, and named.</summary>
public sealed class StillWrittenTests(JourneyServers servers) : IAsyncLifetime
{
    private const string Ledger = "CREATE TABLE ledger (entry bigint GENERATED ALWAYS AS IDENTITY)";
    private const string Write = "BEGIN READ WRITE; INSERT INTO ledger DEFAULT VALUES; COMMIT";

    private readonly DyingMemory _memory = new();
    private AssessRig? _opened;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AssessRig Rig => _opened!;

    public async ValueTask InitializeAsync()
    {
        _opened = await AssessRig.CreateAsync(await servers.SourceAsync());
        await Rig.ExecuteAsOwnerAsync(Ledger);
    }

    public ValueTask DisposeAsync() => Rig.DisposeAsync();

    [Fact]
    public async Task A_program_that_comes_back_and_writes_in_spite_of_the_default_is_named()
    {
        await using var rogue = new Rogue(Rig.ConnectionString, "nightly import");
        await rogue.HasWrittenAsync();

        var fault = (await Assert.ThrowsAsync<FaultException>(() => Freezer().FreezeAsync(Ct))).Fault;

        Assert.Equal("cutover.still_written", fault.Code);
        Assert.Contains($"{Rig.Name} (pid ", fault.What, StringComparison.Ordinal);
        Assert.Contains(", nightly import)", fault.What, StringComparison.Ordinal);
        Assert.Matches("WAL went from [0-9A-F]+/[0-9A-F]+ to [0-9A-F]+/[0-9A-F]+", fault.Why);
        Assert.False(await Freezer().IsFrozenAsync(Ct));
        Assert.Equal("the source is writable as before", await Freezer().ThawAsync(Ct));
    }

    [Fact]
    public async Task A_superuser_who_is_there_and_may_not_be_ended_is_named()
    {
        await using var rogue = await OpenAsync(Rig.Server.SuperConnectionString(Rig.Name), "the provider's own");

        var fault = (await Assert.ThrowsAsync<FaultException>(() => Freezer().FreezeAsync(Ct))).Fault;

        Assert.Equal("cutover.cannot_end_session", fault.Code);
        Assert.Contains($"{LocalCluster.SuperUser} (pid {rogue.ProcessID}, the provider's own)", fault.What,
            StringComparison.Ordinal);
        await Freezer().ThawAsync(Ct);
    }

    /// <summary>As a provider's monitoring, which looks in for a moment.</summary>
    [Fact]
    public async Task A_superuser_who_is_just_leaving_is_waited_for()
    {
        var leaving = await OpenAsync(Rig.Server.SuperConnectionString(Rig.Name), "the provider's own");
        var left = Task.Delay(TimeSpan.FromMilliseconds(700), Ct)
            .ContinueWith(_ => leaving.DisposeAsync().AsTask(), TaskScheduler.Default).Unwrap();

        await Freezer().FreezeAsync(Ct);
        await left;

        Assert.True(await Freezer().IsFrozenAsync(Ct));
        await Freezer().ThawAsync(Ct);
    }

    /// <summary>A superuser may end him, and he is back at once.</summary>
    [Fact]
    public async Task A_superuser_who_comes_back_and_writes_is_named()
    {
        await using var rogue =
            new Rogue(Rig.Server.SuperConnectionString(Rig.Name), "the provider's own") { IsKept = true };
        await rogue.HasWrittenAsync();
        var freezer = new SourceFreezer(PostgresUrl.Parse(Rig.Server.SuperUrl(Rig.Name).Reveal(), "The superuser's"),
            revokes: true, [], _memory, TimeProvider.System);

        var fault = (await Assert.ThrowsAsync<FaultException>(() => freezer.FreezeAsync(Ct))).Fault;

        Assert.Equal("cutover.still_written", fault.Code);
        Assert.Contains($"{LocalCluster.SuperUser} (pid ", fault.What, StringComparison.Ordinal);
        Assert.Contains("the provider's own", fault.What, StringComparison.Ordinal);
        await freezer.ThawAsync(Ct);
    }

    [Fact]
    public async Task Who_accepts_that_somebody_writes_is_told_who()
    {
        await using var rogue = new Rogue(Rig.ConnectionString, "nightly import");
        await rogue.HasWrittenAsync();

        var frozen = await Freezer("cutover.still_written").FreezeAsync(Ct);

        Assert.Contains("nightly import", Assert.Single(frozen.Accepted).What, StringComparison.Ordinal);
        await Freezer().ThawAsync(Ct);
    }

    [Fact]
    public async Task What_others_write_on_the_same_server_is_nobodys_business()
    {
        await using var other = await AssessRig.CreateAsync(Rig.Server);
        await other.ExecuteAsOwnerAsync(Ledger);
        await using var busy = new Rogue(other.ConnectionString, "another shop");
        await busy.HasWrittenAsync();

        var frozen = await Freezer().FreezeAsync(Ct);

        Assert.Matches(
            "WAL went from [0-9A-F/]+ to [0-9A-F/]+, none of it by this database: other databases of the server do;",
            frozen.Proof);
        Assert.True(await Freezer().IsFrozenAsync(Ct));
        Assert.Matches("none of it by this database", await Freezer().RequireStillFrozenAsync(Ct));
        await Freezer().ThawAsync(Ct);
    }

    /// <summary>A session that has just reported its counters reports the next ones later, or at its end.</summary>
    [Fact]
    public async Task A_write_that_the_server_counts_late_is_noticed_before_the_switch()
    {
        await Freezer().FreezeAsync(Ct);
        await using var rogue = await OpenAsync(Rig.Server.SuperConnectionString(Rig.Name), "nightly import");
        await ExecuteAsync(rogue, "SELECT count(*) FROM ledger");
        await ExecuteAsync(rogue, Write);
        var asked = Freezer().RequireStillFrozenAsync(Ct);
        await Task.Delay(300, Ct);
        await rogue.CloseAsync();

        Assert.Equal("cutover.written_since", (await Assert.ThrowsAsync<FaultException>(() => asked)).Fault.Code);
    }

    [Theory]
    [InlineData(Write)]
    [InlineData("BEGIN READ WRITE; TRUNCATE ledger; COMMIT")]
    [InlineData("BEGIN READ WRITE; ALTER TABLE ledger ADD note text; COMMIT")]
    [InlineData("BEGIN READ WRITE; SELECT lo_from_bytea(0, 'x'); COMMIT")]
    public async Task Whoever_writes_behind_the_freeze_is_noticed_before_the_switch(string sql)
    {
        await Freezer().FreezeAsync(Ct);
        Assert.Contains("WAL", await Freezer().RequireStillFrozenAsync(Ct), StringComparison.Ordinal);

        await Rig.ExecuteAsync(sql);

        Assert.Equal("cutover.written_since",
            (await Assert.ThrowsAsync<FaultException>(() => Freezer().RequireStillFrozenAsync(Ct))).Fault.Code);
        // A resume freezes anew, so that it dumps anew.
        Assert.False(await Freezer().IsFrozenAsync(Ct));
        await Freezer().FreezeAsync(Ct);
        Assert.True(await Freezer().IsFrozenAsync(Ct));
        await Freezer().ThawAsync(Ct);
    }

    [Fact]
    public async Task Who_writes_and_has_not_committed_before_the_switch_is_named()
    {
        await Freezer().FreezeAsync(Ct);
        await using var rogue = await OpenAsync(Rig.Server.SuperConnectionString(Rig.Name), "long import");
        await ExecuteAsync(rogue, "BEGIN READ WRITE; INSERT INTO ledger DEFAULT VALUES");

        var fault = (await Assert.ThrowsAsync<FaultException>(() => Freezer().RequireStillFrozenAsync(Ct))).Fault;

        Assert.Equal(("cutover.written_since", true), (fault.Code, fault.What.EndsWith(
            $"{LocalCluster.SuperUser} (pid {rogue.ProcessID}, long import)", StringComparison.Ordinal)));
        await ExecuteAsync(rogue, "ROLLBACK");
        await rogue.CloseAsync();
        await Freezer().ThawAsync(Ct);
    }

    [Fact]
    public async Task Who_was_writing_when_the_freeze_came_is_told_and_what_he_wrote_is_gone()
    {
        await using var writer = await OpenAsync(Rig.ConnectionString, "checkout");
        await ExecuteAsync(writer, "BEGIN; INSERT INTO ledger DEFAULT VALUES");
        await using var reader = await OpenAsync(Rig.ConnectionString, "catalogue");
        await ExecuteAsync(reader, "BEGIN; SELECT count(*) FROM ledger");

        var frozen = await Freezer().FreezeAsync(Ct);

        Assert.Equal($"{Rig.Name} (pid {writer.ProcessID}, checkout)", Assert.Single(frozen.Writers));
        Assert.EndsWith("2 sessions were ended", frozen.Proof, StringComparison.Ordinal);
        Assert.Equal(0, await Rig.Server.ScalarAsync<long>(Rig.Name, "SELECT count(*) FROM ledger", Ct));
        await Freezer().ThawAsync(Ct);
    }

    /// <summary>A session reports what it wrote with a delay, at the latest when it ends.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_of_before_the_freeze_that_the_server_counts_late_are_no_write(bool writesElsewhere)
    {
        await using var own = await OpenAsync(Rig.ConnectionString, "godwit");
        for (var row = 0; row < 3; row++)
            await ExecuteAsync(own, Write);
        await using var elsewhere = await OpenAsync(Rig.Server.SuperConnectionString("postgres"), "another database");
        void EndOwn()
        {
            own.Close();
            if (writesElsewhere)
                Do(elsewhere, "CREATE TABLE late_counters (); DROP TABLE late_counters");
        }

        var frozen = await Freezer(new BeforeFirstTimer(EndOwn)).FreezeAsync(Ct);

        Assert.Contains("WAL", frozen.Proof, StringComparison.Ordinal);
        Assert.True(frozen.Watched.Last.Rows > frozen.Watched.First.Rows, "the rows were counted before the watch");
        await Freezer().ThawAsync(Ct);
    }

    private SourceFreezer Freezer(params string[] accepted) => Freezer(TimeProvider.System, accepted);

    private SourceFreezer Freezer(TimeProvider clock, params string[] accepted) =>
        new(Rig.Address, revokes: false, accepted, _memory, clock);

    private static async Task<NpgsqlConnection> OpenAsync(Secret connectionString, string application)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString.Reveal())
        {
            ApplicationName = application,
        }.ConnectionString);
        await connection.OpenAsync(Ct);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static void Do(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>The first timer is the watch's: its first look is over, its second one comes.</summary>
    private sealed class BeforeFirstTimer(Action act) : TimeProvider
    {
        private Action? _act = act;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Exchange(ref _act, null)?.Invoke();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }

    /// <summary>Writes all the time, and comes back whenever it is ended.</summary>
    private sealed class Rogue(Secret connectionString, string application) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Task? _working;

        /// <summary>One session for all that it writes.</summary>
        public bool IsKept { get; init; }

        public async Task HasWrittenAsync()
        {
            _working ??= Task.Run(WorkAsync);
            await _written.Task.WaitAsync(Ct);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            if (_working is not null)
                await _working;
            _end.Dispose();
        }

        private async Task WorkAsync()
        {
            while (!_end.IsCancellationRequested)
            {
                try
                {
                    await using var connection = await OpenAsync(connectionString, application);
                    do
                    {
                        await ExecuteAsync(connection, Write);
                        _written.TrySetResult();
                    }
                    while (IsKept && !_end.IsCancellationRequested);
                }
                catch (NpgsqlException)
                {
                    // Ended by the freeze: it comes back.
                }
            }
        }
    }
}
