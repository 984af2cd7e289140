using System.Runtime.ExceptionServices;
using Godwit.PgArchive;
using Godwit.Storage;

namespace Godwit.Dump.Parallel;

/// <summary>Everything after the table of contents: the chunks in the archive's order, framed per entry.</summary>
/// <param name="start">Offset of the body in the archive.</param>
/// <param name="finish">Called after the last chunk; its exception replaces the end.</param>
internal sealed class ArchiveBody(
    ChunkWindow window, DataCompression compression, long start, ReadOnlyMemory<byte> before,
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
            _now = EntryFrame.Start(_chunk.Chunk, compression);
        }

        return true;
    }

    private ReadOnlyMemory<byte> End(ChunkOutput chunk)
    {
        _sum = _sum.Then(chunk.Sum);
        return chunk.Chunk.IsLast ? EntryFrame.End(chunk.Chunk, compression, _sum) : default;
    }
}

/// <summary>The bytes before and after an entry's chunks.</summary>
internal static class EntryFrame
{
    public static ReadOnlyMemory<byte> Start(DumpChunk chunk, DataCompression compression)
    {
        var start = new byte[DataFraming.BlockStartBytes];
        DataFraming.WriteBlockStart(start, chunk is LargeObjectsChunk, chunk.Toc.DumpId);
        // Each large object has its own.
        return chunk is LargeObjectsChunk ? start : (byte[])[.. start, .. Piece(compression.Start)];
    }

    public static ReadOnlyMemory<byte> End(DumpChunk chunk, DataCompression compression, PartSum sum)
    {
        // Length 0 ends a table's pieces and OID 0 ends the large objects: both are the same bytes.
        var end = new byte[DataFraming.IntBytes];
        DataFraming.WriteInt(end, 0);
        return chunk is LargeObjectsChunk ? end : (byte[])[.. Piece(compression.End(sum)), .. end];
    }

    // None for no data: a length of 0 would end the list.
    private static byte[] Piece(ReadOnlyMemory<byte> data)
    {
        if (data.IsEmpty)
            return [];
        var length = new byte[DataFraming.IntBytes];
        DataFraming.WriteInt(length, data.Length);
        return [.. length, .. data.Span];
    }
}
