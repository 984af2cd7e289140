namespace Godwit.Copy.Rows;

/// <summary>Each worker's final load, if an idle worker always takes the largest part that is left.</summary>
/// <param name="allBytes">Bytes of all parts.</param>
internal sealed class WorkerLoads(long allBytes, int workers)
{
    // Relative to a fair share. A worker with so much more to do delays the others less than dividing a table costs.
    private const double ExcessMax = 0.1;

    private readonly PriorityQueue<int, long> _loads = new(Enumerable.Range(0, workers).Select(worker => (worker, 0L)));

    /// <summary>One worker can take so many bytes without making the others wait at the end.</summary>
    public bool HasRoomFor(long bytes) =>
        _loads.TryPeek(out _, out var least) && least + bytes <= allBytes * (1 + ExcessMax) / workers;

    public void Take(long bytes)
    {
        _loads.TryPeek(out var worker, out var least);
        _loads.DequeueEnqueue(worker, least + bytes);
    }
}
