using Godwit.EndToEnd.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Dump;

/// <summary>One moment of a database that several sessions see: dump, comparison and copy stand on it.</summary>
public sealed class HeldSnapshotTests(OtherServers servers)
{
    private static readonly SnapshotSessions Bulk =
        new("SET LOCAL client_encoding = 'UTF8'; SET LOCAL DateStyle = 'SQL, DMY'", IsBulk: true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_joins_sees_what_was_and_looks_at_it_in_the_same_way()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.birds AS SELECT DATE '2026-11-22' AS seen");
        await using var moment = await HeldSnapshot.TakeAsync(rig.Address, Bulk, held: null, TimeProvider.System, Ct);
        await rig.ExecuteAsOwnerAsync("DELETE FROM public.birds");

        await using var joined = await moment.JoinAsync(Ct);
        await using var another = await HeldSnapshot.TakeAsync(rig.Address, Bulk, moment.Id, TimeProvider.System, Ct);

        foreach (var session in new[] { moment.First, joined, another.First })
            Assert.Equal("22/11/2026", await session.ScalarAsync<string>("SELECT seen::text FROM public.birds", Ct));
        Assert.Equal((true, false, moment.Id), (moment.IsOwn, another.IsOwn, another.Id));
    }

    [Fact]
    public async Task A_moment_that_nobody_holds_any_more_is_gone()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await using var moment = await HeldSnapshot.TakeAsync(rig.Address, TimeProvider.System, Ct);
        await rig.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{rig.Name}'");

        var gone = await Assert.ThrowsAsync<FaultException>(() => moment.JoinAsync(Ct));

        Assert.True(HeldSnapshot.IsGone(gone));
        Assert.Contains(moment.Id, gone.Fault.What, StringComparison.Ordinal);
        Assert.True(HeldSnapshot.IsGone(await Assert.ThrowsAsync<FaultException>(() =>
            HeldSnapshot.TakeAsync(rig.Address, Bulk, "no'such", TimeProvider.System, Ct))));
    }

    /// <summary>Nothing is set for a whole session behind a pooler.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_time_outs_of_a_database_end_neither_who_holds_it_nor_who_reads_it(bool isPooled)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(17));
        foreach (var name in
            new[] { "statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout" })
            await rig.ExecuteAsync($"ALTER DATABASE {rig.Name} SET {name} = '300ms'");
        await using var pooler = await PgBouncer.StartAsync(rig.Address, "the_pool", Ct);
        await using var moment = await HeldSnapshot.TakeAsync(isPooled ? pooler.Address : rig.Address,
            TimeProvider.System, Ct);
        Assert.Equal(isPooled, moment.First.IsPooled);
        await using var joined = await moment.JoinAsync(Ct);

        await joined.ExecuteAsync("SELECT pg_sleep(0.6)", Ct);

        Assert.Equal(1, await moment.First.ScalarAsync<int>("SELECT 1", Ct));
        await using var late = await moment.JoinAsync(Ct);
    }
}
