using Godwit.Copy.Rows;

namespace Godwit.Copy.Archive;

/// <summary>The lines that one worker has taken of a shared block, read once more out of the block.</summary>
/// <param name="rows">The block from its beginning. Goes with it.</param>
/// <param name="pieces">In the order of the block.</param>
internal sealed class RepeatedLines(RowContent rows, IReadOnlyList<BlockPiece> pieces) : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);

    // Where the buffer stands in the block, and how much of it is filled.
    private long _at;
    private int _filled;

    // What was given of the piece that comes next.
    private int _piece;
    private long _given;

    /// <returns>How many bytes were put into the buffer; 0 behind the last piece.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken ct)
    {
        if (_piece == pieces.Count)
            return 0;
        var piece = pieces[_piece];
        var from = piece.At + _given;
        while (from >= _at + _filled)
        {
            _at += _filled;
            _filled = await rows.ReadAsync(_buffer, ct);
            if (_filled == 0)
                throw new EndOfStreamException("The block is shorter than when it was read first.");
        }

        var start = (int)(from - _at);
        var count = (int)Math.Min(Math.Min(into.Length, _filled - start), piece.Length - _given);
        _buffer.AsSpan(start, count).CopyTo(into.Span);
        _given += count;
        if (_given == piece.Length)
            (_piece, _given) = (_piece + 1, 0);
        return count;
    }

    public ValueTask DisposeAsync() => rows.DisposeAsync();
}

/// <summary>Some bytes of a block.</summary>
/// <param name="At">Decompressed bytes before them.</param>
internal readonly record struct BlockPiece(long At, long Length);
