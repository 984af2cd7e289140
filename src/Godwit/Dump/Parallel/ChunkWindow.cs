using System.Threading.Channels;

namespace Godwit.Dump.Parallel;

/// <summary>Between the workers, who finish chunks in any order, and the archive, which takes them in its own: the
/// blocks of all unfinished and waiting chunks, of which there are never more than a fixed number.</summary>
/// <remarks>No worker can be stuck for good: the chunk the archive stands at is always one that a worker has, or one
/// that was left and whose reader is free to take it; and for it some blocks are kept free. As the archive takes its
/// blocks they become free again.</remarks>
internal sealed class ChunkWindow
{
    public const int BlockBytes = 256 * 1024;

    /// <summary>32 MiB. Twice that gained nothing: chunks are of about the same size.</summary>
    public const int BlocksMax = 128;

    /// <summary>Chunks that workers have claimed and the archive has not passed. Empty tables take no block, so the
    /// blocks do not bound them.</summary>
    public const int OpenMax = 1024;

    /// <summary>Kept for the chunk the archive stands at: one being filled, and some on their way.</summary>
    private const int HeadReserve = 4;

    private readonly Lock _gate = new();
    private readonly Stack<byte[]> _free = new();
    private readonly SortedList<long, TaskCompletionSource<byte[]>> _waiting = [];
    private readonly Channel<ChunkOutput> _order =
        Channel.CreateBounded<ChunkOutput>(new BoundedChannelOptions(OpenMax) { SingleReader = true });
    private readonly Channel<bool> _places = Channel.CreateBounded<bool>(OpenMax);
    private readonly IEnumerator<DumpChunk> _chunks;
    private readonly Dictionary<long, ChunkOutput> _left = [];
    private TaskCompletionSource _leftChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _areAllLeft;

    // Claimed, and not yet behind the archive.
    private readonly Queue<ChunkOutput> _open = [];
    private int _made;
    private long _claimed;
    private long _head;

    public ChunkWindow(IEnumerable<DumpChunk> chunks) => _chunks = chunks.GetEnumerator();

    /// <summary>What stopped the dump; null as long as nothing did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>In the archive's order; ends behind the last, or with the failure that stopped the dump.</summary>
    public ChannelReader<ChunkOutput> InOrder => _order.Reader;

    /// <summary>The next chunk for a worker; null: there is none any more. Waits while <see cref="OpenMax"/> chunks
    /// are open. Nobody waits for this worker meanwhile: it has finished its last chunk, or left it to
    /// another.</summary>
    public async Task<ChunkOutput?> ClaimAsync(CancellationToken ct)
    {
        await _places.Writer.WriteAsync(true, ct);
        lock (_gate)
        {
            if (!_chunks.MoveNext())
            {
                _order.Writer.TryComplete();
                _places.Reader.TryRead(out _);
                return null;
            }

            var output = new ChunkOutput(_chunks.Current, _claimed++);
            _open.Enqueue(output);
            _order.Writer.TryWrite(output);
            return output;
        }
    }

    /// <summary>Another session has to read this chunk.</summary>
    public void Leave(ChunkOutput output)
    {
        lock (_gate)
        {
            _left.Add(output.Number, output);
            TellOfLeft();
        }
    }

    /// <summary>No worker will leave a chunk any more.</summary>
    public void EndLeaving()
    {
        lock (_gate)
        {
            _areAllLeft = true;
            TellOfLeft();
        }
    }

    /// <summary>The next chunk that was left; null: there will be none any more. Waits until the archive stands at it:
    /// whoever had begun a later one could wait for blocks that only this one frees.</summary>
    public async Task<ChunkOutput?> NextLeftAsync(CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_left.Remove(_head, out var output))
                    return output;
                if (_areAllLeft && _left.Count == 0)
                    return null;
                changed = _leftChanged.Task;
            }

            await changed.WaitAsync(ct);
        }
    }

    /// <summary>A block to fill; waits while the window is full.</summary>
    /// <param name="number">Of the chunk it is for; a worker asks for one at a time.</param>
    public Task<byte[]> RentAsync(long number, CancellationToken ct)
    {
        lock (_gate)
        {
            if (MayTake(number))
                return Task.FromResult(Take());
            var waiter = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(number, waiter);
            return waiter.Task.WaitAsync(ct);
        }
    }

    public void Return(byte[] block)
    {
        lock (_gate)
        {
            _free.Push(block);
            Serve();
        }
    }

    /// <summary>The archive is behind a chunk and stands at the next.</summary>
    public void Advance()
    {
        lock (_gate)
        {
            _head++;
            _open.Dequeue();
            _places.Reader.TryRead(out _);
            TellOfLeft();
            Serve();
        }
    }

    /// <summary>A chunk cannot be finished, and so the archive cannot. Whoever reads it meets the first failure: those
    /// after it are of workers that were only stopped.</summary>
    public void Fail(ChunkOutput output, Exception failure)
    {
        Fail(failure);
        output.Fail(failure);
    }

    /// <summary>No chunk can be finished any more. The archive may stand at one that no worker has in its hands: it was
    /// left to the session that holds the locks, and that one failed at another.</summary>
    public void Fail(Exception failure)
    {
        ChunkOutput[] open;
        lock (_gate)
        {
            // One that was only stopped has no failure of its own.
            if (failure is not OperationCanceledException)
                Failure ??= failure;
            failure = Failure ?? failure;
            open = [.. _open];
        }

        _order.Writer.TryComplete(failure);
        foreach (var output in open)
            output.Fail(failure);
    }

    private void TellOfLeft()
    {
        var before = _leftChanged;
        _leftChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
        before.SetResult();
    }

    private bool MayTake(long number) => BlocksMax - _made + _free.Count > (number == _head ? 0 : HeadReserve);

    private byte[] Take()
    {
        if (_free.TryPop(out var block))
            return block;
        _made++;
        return GC.AllocateUninitializedArray<byte>(BlockBytes);
    }

    private void Serve()
    {
        // The one the archive needs first is the smallest number.
        while (_waiting.Count > 0 && MayTake(_waiting.GetKeyAtIndex(0)))
        {
            var waiter = _waiting.GetValueAtIndex(0);
            _waiting.RemoveAt(0);
            waiter.SetResult(Take());
        }
    }
}

/// <summary>What a worker has made of a chunk so far.</summary>
internal sealed class ChunkOutput(DumpChunk chunk, long number)
{
    /// <summary>Never full: the window lends no more blocks.</summary>
    private readonly Channel<ArraySegment<byte>> _blocks = Channel.CreateBounded<ArraySegment<byte>>(
        new BoundedChannelOptions(ChunkWindow.BlocksMax) { SingleReader = true });

    public DumpChunk Chunk => chunk;

    public long Number => number;

    /// <summary>Blocks of the window, in order; ends when the chunk is whole.</summary>
    public ChannelReader<ArraySegment<byte>> Blocks => _blocks.Reader;

    /// <summary>Something of it was read: it cannot be begun again.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Of what was deflated; known when the chunk is whole.</summary>
    public PgArchive.PartSum Sum { get; private set; } = PgArchive.PartSum.Empty;

    public void Add(ArraySegment<byte> block) => _blocks.Writer.TryWrite(block);

    public void Complete(PgArchive.PartSum sum)
    {
        Sum = sum;
        _blocks.Writer.TryComplete();
    }

    public void Fail(Exception failure) => _blocks.Writer.TryComplete(failure);
}
