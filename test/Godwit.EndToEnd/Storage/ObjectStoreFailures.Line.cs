using System.Collections.Concurrent;
using Godwit.Faults;
using Godwit.Tests.Storage;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Storage;

public abstract partial class ObjectStoreFailures
{
    private static readonly Call[] Bodies = [Call.PutWhole, Call.SendPart, Call.Complete];

    [Theory]
    [InlineData(Verdict.LoseRequest)]
    [InlineData(Verdict.LoseHalf)]
    [InlineData(Verdict.LoseAnswer)]
    [InlineData(Verdict.Throttle)]
    public async Task Every_part_and_the_call_that_joins_them_may_fail_once_and_the_object_is_whole(Verdict verdict)
    {
        var met = new ConcurrentDictionary<(Call, int), bool>();
        await using var proxy = ProxyOnce(verdict, met, Bodies);
        await using var store = Open(proxy, attempts: 4);
        await using var body = Body();

        var put = await store.PutAsync(Key, Upload(body), Ct);

        await AssertWholeAsync(store, body, put);
        Assert.Equal([1, 2, 3, 4, 5, 6],
            met.Keys.Where(one => one.Item1 == Call.SendPart).Select(one => one.Item2).Order());
        Assert.Contains((Call.Complete, 0), met.Keys);
    }

    [Theory]
    [InlineData(Verdict.LoseRequest)]
    [InlineData(Verdict.LoseHalf)]
    [InlineData(Verdict.LoseAnswer)]
    [InlineData(Verdict.Throttle)]
    [InlineData(Verdict.Flip)]
    public async Task An_object_in_one_piece_may_fail_once_and_is_whole(Verdict verdict)
    {
        var met = new ConcurrentDictionary<(Call, int), bool>();
        // A changed byte in the list of the parts makes another request of it, which services refuse in as many ways; a
        // changed part has one.
        var calls = verdict == Verdict.Flip ? [Call.PutWhole, Call.SendPart] : Bodies;
        await using var proxy = ProxyOnce(verdict, met, calls);
        await using var store = Open(proxy, attempts: 3);

        var put = await PutAsync(store, "0123456789");

        Assert.NotEmpty(met);
        Assert.Equal(10, put.SizeBytes);
        using var back = new StreamReader(await store.OpenAsync(Key, 0, Ct));
        Assert.Equal("0123456789", await back.ReadToEndAsync(Ct));
    }

    [Fact]
    public async Task A_bit_that_changes_on_the_way_is_found_by_the_service_and_the_part_goes_again()
    {
        var met = new ConcurrentDictionary<(Call, int), bool>();
        await using var proxy = ProxyOnce(Verdict.Flip, met, Call.SendPart);
        await using var store = Open(proxy, attempts: 4);
        await using var body = Body();

        await AssertWholeAsync(store, body, await store.PutAsync(Key, Upload(body), Ct));

        Assert.Equal(6, met.Count);
    }

    [Fact]
    public async Task A_connection_on_which_nothing_moves_is_given_up_and_the_part_goes_again()
    {
        var met = new ConcurrentDictionary<(Call, int), bool>();
        await using var proxy = Proxy((call, part) =>
            call == Call.SendPart && part is 2 or 5 && met.TryAdd((call, part), true) ? Verdict.Stall : Verdict.Pass);
        await using var store = Open(proxy, attempts: 4, new Hastened());
        await using var body = Body();

        await AssertWholeAsync(store, body, await store.PutAsync(Key, Upload(body), Ct));

        Assert.Equal(2, met.Count);
    }

    [Theory]
    [InlineData(Verdict.LoseRequest, Call.SendPart, 1)]
    [InlineData(Verdict.LoseHalf, Call.SendPart, 3)]
    [InlineData(Verdict.LoseAnswer, Call.SendPart, 4)]
    [InlineData(Verdict.Throttle, Call.SendPart, 6)]
    [InlineData(Verdict.LoseRequest, Call.Complete, 0)]
    [InlineData(Verdict.Throttle, Call.Complete, 0)]
    [InlineData(Verdict.Throttle, Call.Begin, 0)]
    public async Task What_fails_for_ever_is_a_passing_fault_and_leaves_nothing(
        Verdict verdict, Call failing, int failingPart)
    {
        // Where the parts are removed by the same call that joins them, that one has to get through.
        var (times, timesMax) = (0, failing == Call.Complete && !HasBegin ? 2 : int.MaxValue);
        await using var proxy = Proxy((call, part) =>
            call == failing && part == failingPart && Interlocked.Increment(ref times) <= timesMax
                ? verdict : Verdict.Pass);
        await using var store = Open(proxy, attempts: 2);
        await using var body = Body();

        // A protocol without a call of its own to begin with has nothing to fail there.
        if (failing == Call.Begin && !HasBegin)
            return;
        var fault = await FaultOfAsync(() => store.PutAsync(Key, Upload(body), Ct));

        Assert.Equal(FaultKind.Transient, fault.Kind);
        Assert.Equal(verdict == Verdict.Throttle ? "storage.unavailable" : "storage.unreachable", fault.Code);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_line_that_heals_costs_single_parts()
    {
        await using var proxy = Proxy((_, _) => Verdict.Pass);
        await using var store = Open(proxy, attempts: 4);
        await using var body = new PatternStream(BodyBytes)
        {
            StopAt = 30 * MiB,
            AtStop = _ =>
            {
                proxy.Cut();
                proxy.Mend();
                return Task.CompletedTask;
            },
        };

        await AssertWholeAsync(store, body, await store.PutAsync(Key, Upload(body), Ct));
    }

    [Fact]
    public async Task A_line_that_stays_cut_is_a_fault_and_what_is_left_is_removed_once_it_is_back()
    {
        await using var proxy = Proxy((_, _) => Verdict.Pass);
        await using var store = Open(proxy, attempts: 2);
        await using var body = new PatternStream(BodyBytes)
        {
            StopAt = 40 * MiB,
            AtStop = _ =>
            {
                proxy.Cut();
                return Task.CompletedTask;
            },
        };
        var left = "";

        var fault = await FaultOfAsync(() =>
            store.PutAsync(Key, Upload(body) with { PartsLeft = why => left = why }, Ct));

        Assert.Equal(FaultKind.Transient, fault.Kind);
        Assert.NotEqual("", left);
        proxy.Mend();
        Assert.Equal(1, await store.AbortUploadsAsync(Key, Ct));
        await AssertNothingIsLeftAsync();
    }

    /// <summary>Whether an upload in parts begins with a call of its own.</summary>
    protected virtual bool HasBegin => true;

    /// <summary>A clock whose long limits are reached ten times too soon: what is given up after a minute is so after
    /// six seconds.</summary>
    private sealed class Hastened : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new HastenedTimer(base.CreateTimer(callback, state, Sooner(dueTime), period));

        // Below zero is never.
        private static TimeSpan Sooner(TimeSpan dueTime) => dueTime > TimeSpan.Zero ? dueTime / 10 : dueTime;

        /// <summary>Each sign of life sets it anew.</summary>
        private sealed class HastenedTimer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Sooner(dueTime), period);

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
