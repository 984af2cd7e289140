using Godwit.Faults;

namespace Godwit.Dump.Parallel;

/// <summary>The workers of one dump and their sessions, from the first row to the end of it, however it ends.</summary>
/// <param name="locks">A pg_dump that holds the locks, where the first session does not.</param>
internal sealed class DumpCrew(SharedSnapshot snapshot, ChunkWindow window, SchemaSource? locks, CancellationToken ct) : IAsyncDisposable
{
    /// <summary>A worker ends as soon as its server has ended the COPY; one that cannot be reached is not waited for longer.</summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    private Task _work = Task.CompletedTask;

    public ChunkWindow Window => window;

    public void Start(int level, IDumpWatch watch, DumpTotals totals)
    {
        if (locks is not null)
            _ = GuardLocksAsync(locks);
        _work = Task.WhenAll(snapshot.Sessions.Select(session => Task.Run(async () =>
        {
            try
            {
                using var reader = new ChunkReader(session, window, level, watch, totals, _stop.Token);
                await reader.RunAsync();
            }
            catch
            {
                // The snapshot is worth nothing any more for the others either.
                await _stop.CancelAsync();
                throw;
            }
        })));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // What they failed of was told to the reader of the archive.
        await Task.WhenAny(_work, Task.Delay(StopMax, TimeProvider.System)).ConfigureAwait(false);
        if (locks is not null)
            await locks.DisposeAsync();
        await snapshot.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Without the locks a table could be emptied unnoticed, so their end is the end of the dump.</summary>
    private async Task GuardLocksAsync(SchemaSource holder)
    {
        var end = holder.EndAsync(_stop.Token);
        await ((Task)end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_stop.IsCancellationRequested)
            return;
        window.Fail(new FaultException(DumpFaults.LocksLost()));
        await _stop.CancelAsync();
    }
}
