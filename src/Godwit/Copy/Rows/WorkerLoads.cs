namespace Godwit.Copy.Rows;

/// <summary>What each worker will have carried in the end, when whoever is free takes the largest that is
/// left.</summary>
/// <param name="allBytes">Of all that is to be carried.</param>
internal sealed class WorkerLoads(long allBytes, int workers)
{
    /// <summary>Of an even share: who has that much more to do than the others lets them wait less than dividing a
    /// table costs.</summary>
    private const double ExcessMax = 0.1;

    private readonly PriorityQueue<int, long> _loads = new(Enumerable.Range(0, workers).Select(worker => (worker, 0L)));

    /// <summary>Whether somebody takes as much in one piece without making the others wait for him at the
    /// end.</summary>
    public bool HasRoomFor(long bytes) =>
        _loads.TryPeek(out _, out var least) && least + bytes <= allBytes * (1 + ExcessMax) / workers;

    public void Take(long bytes)
    {
        _loads.TryPeek(out var worker, out var least);
        _loads.DequeueEnqueue(worker, least + bytes);
    }
}
