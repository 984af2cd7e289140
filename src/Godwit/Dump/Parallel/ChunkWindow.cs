using System.Threading.Channels;

namespace Godwit.Dump.Parallel;

/// <summary>Workers finish chunks in any order, the archive takes them in its own. The window holds the blocks of all
/// chunks between, at most <see cref="BlocksMax"/>. No deadlock: the archive's current chunk is always held by a
/// worker, or was left and its reader is free to take it, and some blocks are reserved for it. Blocks become free as
/// the archive takes them.</summary>
internal sealed class ChunkWindow
{
    public const int BlockBytes = 256 * 1024;

    /// <summary>32 MiB. Twice that gained nothing: chunks are of about the same size.</summary>
    public const int BlocksMax = 128;

    /// <summary>Chunks that workers claimed and the archive has not passed. Empty tables use no block, so blocks do not
    /// limit them.</summary>
    public const int OpenMax = 1024;

    // Blocks reserved for the archive's current chunk: one being filled, and some on their way.
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

    // Claimed, and not yet passed by the archive.
    private readonly Queue<ChunkOutput> _open = [];
    private int _made;
    private long _claimed;
    private long _head;

    public ChunkWindow(IEnumerable<DumpChunk> chunks) => _chunks = chunks.GetEnumerator();

    /// <summary>What stopped the dump; null: nothing.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Ends after the last chunk, or with the failure that stopped the dump.</summary>
    public ChannelReader<ChunkOutput> InOrder => _order.Reader;

    /// <summary>The next chunk for a worker; null: none is left. Waits while <see cref="OpenMax"/> chunks are open. No
    /// one waits for this worker then: it has finished or left its last chunk.</summary>
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

    /// <summary>To another session.</summary>
    public void Leave(ChunkOutput output)
    {
        lock (_gate)
        {
            _left.Add(output.Number, output);
            TellOfLeft();
        }
    }

    /// <summary>Workers will leave no more chunks.</summary>
    public void EndLeaving()
    {
        lock (_gate)
        {
            _areAllLeft = true;
            TellOfLeft();
        }
    }

    /// <summary>The next chunk that was left; null: there will be none. Waits until the archive reaches it: a reader
    /// that began a later chunk could wait for blocks that only this one frees.</summary>
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
    /// <param name="number">The chunk's number; a worker asks for one block at a time.</param>
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

    /// <summary>Called when the archive has passed a chunk.</summary>
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

    /// <summary>A chunk cannot be finished, so neither can the archive. The reader gets the first failure; later ones
    /// come from workers that were stopped.</summary>
    public void Fail(ChunkOutput output, Exception failure)
    {
        Fail(failure);
        output.Fail(failure);
    }

    /// <summary>Stops the dump. The archive's current chunk may have no worker: it was left to the session that holds
    /// the locks, which failed at another chunk.</summary>
    public void Fail(Exception failure)
    {
        ChunkOutput[] open;
        lock (_gate)
        {
            // A worker that was only stopped has no failure of its own.
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
        // The archive needs the smallest number first.
        while (_waiting.Count > 0 && MayTake(_waiting.GetKeyAtIndex(0)))
        {
            var waiter = _waiting.GetValueAtIndex(0);
            _waiting.RemoveAt(0);
            waiter.SetResult(Take());
        }
    }
}

/// <summary>A chunk's output so far.</summary>
internal sealed class ChunkOutput(DumpChunk chunk, long number)
{
    // Never full: the window lends no more blocks.
    private readonly Channel<ArraySegment<byte>> _blocks = Channel.CreateBounded<ArraySegment<byte>>(
        new BoundedChannelOptions(ChunkWindow.BlocksMax) { SingleReader = true });

    public DumpChunk Chunk => chunk;

    public long Number => number;

    /// <summary>Blocks in order; ends when the chunk is whole.</summary>
    public ChannelReader<ArraySegment<byte>> Blocks => _blocks.Reader;

    /// <summary>Output exists: the chunk cannot be started again.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Checksum of the compressed data; known when the chunk is whole.</summary>
    public PgArchive.PartSum Sum { get; private set; } = PgArchive.PartSum.Empty;

    public void Add(ArraySegment<byte> block) => _blocks.Writer.TryWrite(block);

    public void Complete(PgArchive.PartSum sum)
    {
        Sum = sum;
        _blocks.Writer.TryComplete();
    }

    public void Fail(Exception failure) => _blocks.Writer.TryComplete(failure);
}
