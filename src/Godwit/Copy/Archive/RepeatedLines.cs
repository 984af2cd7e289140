using Godwit.Copy.Rows;

namespace Godwit.Copy.Archive;

/// <summary>Reads again the lines that one worker took from a shared block.</summary>
/// <param name="rows">The block from its beginning. Disposed with the reader.</param>
/// <param name="pieces">In the order of the block.</param>
internal sealed class RepeatedLines(RowContent rows, IReadOnlyList<BlockPiece> pieces) : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);

    // The buffer's position in the block, and how much of it is filled.
    private long _at;
    private int _filled;

    // The current piece, and how much of it was returned.
    private int _piece;
    private long _given;

    /// <returns>The number of bytes in the buffer; 0 after the last piece.</returns>
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

/// <summary>A range of bytes of the decompressed block.</summary>
internal readonly record struct BlockPiece(long At, long Length);
