using Godwit.Extract;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Dump.Parallel;

/// <summary>The workers of one dump and their sessions, from the first row to its end, however it ends.</summary>
internal sealed class DumpCrew(SourceMoment moment, ChunkWindow window, TimeProvider clock, CancellationToken ct)
    : IAsyncDisposable
{
    // A worker ends when its server has ended the COPY; an unreachable server is not waited for longer.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    private Task _work = Task.CompletedTask;
    private IAsyncDisposable? _looking;
    private bool _isDisposed;

    public ChunkWindow Window => window;

    public void Start(int workers, DataCompression compression, IDumpWatch watch, DumpTotals totals)
    {
        _looking = new LockWatch(PostgresAddress.ApplicationName, watch.Waits, clock).Start(moment.First.Address);
        ChunkReader Reader(PostgresSession session) =>
            new(session, window, compression, watch, totals, moment.Holder is not null, _stop.Token);
        var reading = Task.WhenAll(moment.Sessions.Take(workers)
            .Select(session => Task.Run(() => WorkAsync(Reader(session), reader => reader.RunAsync()))));
        _work = moment.Holder is { } holder
            ? Task.WhenAll(EndAsync(reading),
                Task.Run(() => WorkAsync(Reader(holder), reader => reader.RunLeftAsync())))
            : reading;
    }

    /// <summary>Called after the last row.</summary>
    /// <exception cref="FaultException"><c>extract.locks_lost</c>.</exception>
    public async ValueTask FinishAsync(CancellationToken ct)
    {
        await _work;
        await moment.FinishAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _stop.CancelAsync();
        // The archive's reader got their failure.
        await Task.WhenAny(_work, Task.Delay(StopMax, clock)).ConfigureAwait(false);
        if (_looking is not null)
            await _looking.DisposeAsync();
        await moment.DisposeAsync();
        _stop.Dispose();
    }

    private async Task EndAsync(Task reading)
    {
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        window.EndLeaving();
        await reading;
    }

    private async Task WorkAsync(ChunkReader reader, Func<ChunkReader, Task> work)
    {
        try
        {
            using (reader)
                await work(reader);
        }
        catch (Exception e)
        {
            // The others' work is lost too: the archive needs every chunk.
            window.Fail(e);
            await _stop.CancelAsync();
            throw;
        }
    }
}
