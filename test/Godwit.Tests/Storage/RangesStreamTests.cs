using System.Diagnostics;
using System.Security.Cryptography;
using Godwit.App.Web;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Download;

namespace Godwit.Tests.Storage;

/// <summary>What a download does when the line is not as it should be. The bytes are those of a file.</summary>
public sealed class RangesStreamTests : IAsyncLifetime
{
    private const int Bytes = 100_000;

    private static readonly DownloadPlan Plan =
        new() { FirstBytes = 1000, RangeBytes = 5000, ParallelMax = 4, ProgressBytes = 1000, AttemptsMax = 3 };

    private static readonly Fault Busy = new("storage.unavailable", FaultKind.Transient, "Cannot",
        "it is busy", "Wait.");

    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-ranges-").FullName;
    private IObjectStore _store = null!;
    private StoredObject _what = null!;
    private string _sha256 = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = ObjectStores.Open(new StoreAddress.Disk(_folder), new StoreOptions(), new LinkHost(),
            TimeProvider.System);
        await using var content = new PatternStream(Bytes);
        _what = await _store.PutAsync("k", new ObjectUpload(content), Ct);
        _sha256 = content.Sha256;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Who_reads_only_the_beginning_pays_for_no_more()
    {
        var line = new ObjectStoreBreakingLine(_store, _what);
        await using (var read = line.Download(Plan))
            await read.ReadExactlyAsync(new byte[1000], Ct);

        Assert.Equal((1, 1000L), (line.Opened, line.GivenBytes));
    }

    [Fact]
    public async Task Several_ranges_are_under_way_at_once_and_never_more_than_planned()
    {
        var line = new ObjectStoreBreakingLine(_store, _what) { Wait = TimeSpan.FromMilliseconds(50) };
        await using var read = line.Download(Plan);

        await AssertWholeAsync(read);

        Assert.Equal(4, line.UnderWayMax);
        Assert.Equal(21, line.Opened);
    }

    [Fact]
    public async Task A_service_that_is_busy_for_a_while_is_asked_again_after_growing_pauses()
    {
        var line = new ObjectStoreBreakingLine(_store, _what) { Refuse = turn => turn % 5 == 0 ? null : Busy };
        var clock = new Hurried();
        await using var read = line.Download(Plan with { ParallelMax = 1, AttemptsMax = 6 }, clock);

        await AssertWholeAsync(read);

        Assert.Equal(105, line.Opened);
        Assert.Equal(84, clock.Pauses.Count);
        // The jitter is large; between the first pause and the fourth lies more than it.
        Assert.True(clock.Pauses.Where((_, n) => n % 4 == 3)
            .Average() > clock.Pauses.Where((_, n) => n % 4 == 0).Average());
    }

    [Fact]
    public async Task A_service_that_stays_busy_is_given_up_with_what_it_said()
    {
        var line = new ObjectStoreBreakingLine(_store, _what) { Refuse = turn => turn == 1 ? null : Busy };
        await using var read = line.Download(Plan with { ParallelMax = 1 }, new Hurried());

        var thrown = await Assert.ThrowsAsync<FaultException>(() => read.CopyToAsync(Stream.Null, Ct));

        Assert.Same(Busy, thrown.Fault);
        Assert.Equal(1 + Plan.AttemptsMax, line.Opened);
    }

    [Fact]
    public async Task A_line_that_gives_a_byte_each_time_is_given_up_too()
    {
        var line = new ObjectStoreBreakingLine(_store, _what) { BreakAfter = _ => 1 };
        await using var read = line.Download(Plan, new Hurried());

        var thrown = await Assert.ThrowsAsync<FaultException>(() => read.CopyToAsync(Stream.Null, Ct));

        Assert.Equal("storage.unreachable", thrown.Fault.Code);
        Assert.Equal(Plan.AttemptsMax, line.Opened);
    }

    [Fact]
    public async Task What_no_repetition_helps_is_not_repeated()
    {
        var gone = Busy with { Kind = FaultKind.Refused };
        var line = new ObjectStoreBreakingLine(_store, _what) { Refuse = _ => gone };
        await using var read = line.Download(Plan);

        Assert.Same(gone, (await Assert.ThrowsAsync<FaultException>(() => read.CopyToAsync(Stream.Null, Ct))).Fault);
        Assert.Equal(1, line.Opened);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_any_more_is_given_up_and_another_one_goes_on()
    {
        var line =
            new ObjectStoreBreakingLine(_store, _what) { SilentAfter = turn => turn == 3 ? 1200 : long.MaxValue };
        await using var read = line.Download(Plan, new Hurried(limitsToo: true));

        await AssertWholeAsync(read);
        Assert.Equal(Bytes, line.GivenBytes);
    }

    [Fact]
    public async Task A_read_that_is_cancelled_ends_at_once_and_so_does_everything_that_is_under_way()
    {
        var line = new ObjectStoreBreakingLine(_store, _what) { SilentAfter = _ => 1500 };
        var read = line.Download(Plan);
        await read.ReadExactlyAsync(new byte[1000], Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var reading = read.CopyToAsync(Stream.Null, stop.Token);

        var watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await read.DisposeAsync();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        Assert.Equal(0, line.UnderWay);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.ReadAsync(new byte[1], Ct).AsTask());
    }

    private async Task AssertWholeAsync(Stream read) =>
        Assert.Equal(_sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(read, Ct)));

    /// <summary>A clock whose pauses are over a hundred times too soon, and which remembers those between
    /// attempts.</summary>
    /// <param name="limitsToo">So are the limits on attempts.</param>
    private sealed class Hurried(bool limitsToo = false) : TimeProvider
    {
        /// <summary>What takes longer is a limit.</summary>
        private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

        public List<double> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero && dueTime < PauseMax)
            {
                lock (Pauses)
                    Pauses.Add(dueTime.TotalSeconds);
            }

            return new Timer(base.CreateTimer(callback, state, Soon(dueTime), period), this);
        }

        private TimeSpan Soon(TimeSpan dueTime) =>
            dueTime > TimeSpan.Zero && (limitsToo || dueTime < PauseMax) ? dueTime / 100 : dueTime;

        private sealed class Timer(ITimer inner, Hurried clock) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(clock.Soon(dueTime), period);

            public void Dispose() => inner.Dispose();

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
