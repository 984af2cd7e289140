using System.Runtime.ExceptionServices;
using Godwit.PgArchive;
using Godwit.Storage;

namespace Godwit.Dump.Parallel;

/// <summary>Everything after the table of contents: the chunks in the archive's order, framed per entry.</summary>
/// <param name="start">Offset of the body in the archive.</param>
/// <param name="finish">Called after the last chunk; its exception replaces the end.</param>
internal sealed class ArchiveBody(
    ChunkWindow window, bool isDeflated, long start, ReadOnlyMemory<byte> before,
    Func<CancellationToken, ValueTask> finish, Func<ValueTask> dispose)
    : ForwardOnlyStream
{
    private readonly Dictionary<int, long> _offsets = [];
    private ReadOnlyMemory<byte> _now = before;
    private byte[]? _rented;
    private bool _isFinished;
    private ChunkOutput? _chunk;
    private PartSum _sum = PartSum.Empty;
    private long _position = start - before.Length;

    /// <summary>Of each entry's block; complete when the stream has ended.</summary>
    public IReadOnlyDictionary<int, long> Offsets => _offsets;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        try
        {
            while (_now.IsEmpty)
            {
                if (!await NextAsync(cancellationToken))
                    return 0;
            }
        }
        catch when (window.Failure is not null && !cancellationToken.IsCancellationRequested)
        {
            ExceptionDispatchInfo.Throw(window.Failure);
        }

        var count = Math.Min(buffer.Length, _now.Length);
        _now[..count].CopyTo(buffer);
        _now = _now[count..];
        _position += count;
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        await dispose();
        await base.DisposeAsync();
    }

    // Moves the next bytes into _now; false at the end.
    private async ValueTask<bool> NextAsync(CancellationToken ct)
    {
        if (_rented is not null)
        {
            window.Return(_rented);
            _rented = null;
        }

        if (_chunk is null)
            return await BeginAsync(ct);
        if (await _chunk.Blocks.WaitToReadAsync(ct) && _chunk.Blocks.TryRead(out var block))
        {
            _rented = block.Array;
            _now = block;
            return true;
        }

        _now = End(_chunk);
        _chunk = null;
        window.Advance();
        return true;
    }

    private async ValueTask<bool> BeginAsync(CancellationToken ct)
    {
        if (!await window.InOrder.WaitToReadAsync(ct) || !window.InOrder.TryRead(out _chunk))
        {
            if (!_isFinished)
                await finish(ct);
            _isFinished = true;
            return false;
        }

        if (_chunk.Chunk.IsFirst)
        {
            _sum = PartSum.Empty;
            _offsets.Add(_chunk.Chunk.Toc.DumpId, _position);
            _now = EntryFrame.Start(_chunk.Chunk, isDeflated);
        }

        return true;
    }

    private ReadOnlyMemory<byte> End(ChunkOutput chunk)
    {
        _sum = _sum.Then(chunk.Sum);
        return chunk.Chunk.IsLast ? EntryFrame.End(chunk.Chunk, isDeflated, _sum) : default;
    }
}

/// <summary>The bytes before and after an entry's chunks.</summary>
internal static class EntryFrame
{
    public static ReadOnlyMemory<byte> Start(DumpChunk chunk, bool isDeflated)
    {
        var isLargeObjects = chunk is LargeObjectsChunk;
        var hasStream = isDeflated && !isLargeObjects;
        var frame = new byte[DataFraming.BlockStartBytes
            + (hasStream ? DataFraming.IntBytes + ZlibJoin.Start.Length : 0)];
        DataFraming.WriteBlockStart(frame, isLargeObjects, chunk.Toc.DumpId);
        if (hasStream)
        {
            var piece = frame.AsSpan(DataFraming.BlockStartBytes);
            DataFraming.WriteInt(piece, ZlibJoin.Start.Length);
            ZlibJoin.Start.CopyTo(piece[DataFraming.IntBytes..]);
        }

        return frame;
    }

    public static ReadOnlyMemory<byte> End(DumpChunk chunk, bool isDeflated, PartSum sum)
    {
        // Length 0 ends a table's pieces and OID 0 ends the large objects: both are the same bytes.
        var end = new byte[DataFraming.IntBytes];
        DataFraming.WriteInt(end, 0);
        if (chunk is LargeObjectsChunk || !isDeflated)
            return end;
        var last = ZlibJoin.End(sum);
        var length = new byte[DataFraming.IntBytes];
        DataFraming.WriteInt(length, last.Length);
        return (byte[])[.. length, .. last, .. end];
    }
}
