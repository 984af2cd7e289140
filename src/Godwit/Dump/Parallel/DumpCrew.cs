namespace Godwit.Dump.Parallel;

/// <summary>The workers of one dump and their sessions, from the first row to the end of it, however it ends.</summary>
internal sealed class DumpCrew(SharedSnapshot snapshot, ChunkWindow window, CancellationToken ct) : IAsyncDisposable
{
    /// <summary>A worker ends as soon as its server has ended the COPY; one that cannot be reached is not waited for longer.</summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    private Task _work = Task.CompletedTask;

    public ChunkWindow Window => window;

    public void Start(int level, IDumpWatch watch, DumpTotals totals) =>
        _work = Task.WhenAll(snapshot.Sessions.Select(session => Task.Run(async () =>
        {
            try
            {
                await new ChunkReader(session, window, level, watch, totals, _stop.Token).RunAsync();
            }
            catch
            {
                // The snapshot is worth nothing any more for the others either.
                await _stop.CancelAsync();
                throw;
            }
        })));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // What they failed of was told to the reader of the archive.
        await Task.WhenAny(_work, Task.Delay(StopMax, TimeProvider.System)).ConfigureAwait(false);
        await snapshot.DisposeAsync();
        _stop.Dispose();
    }
}
