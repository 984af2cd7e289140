using Godwit.Storage;

namespace Godwit.Bench.Upload;

/// <summary>So many bytes from a block in memory that comes again and again: reading costs a copy and nothing
/// else.</summary>
internal sealed class MemoryBody(long length) : ForwardOnlyStream
{
    /// <summary>Larger than a processor's own cache of the second level, small beside the parts of an upload.</summary>
    private const int BlockBytes = 8 * 1024 * 1024;

    /// <summary>As a pipe or a dump's workers hand them over.</summary>
    private const int PieceBytes = 128 * 1024;

    private readonly byte[] _block = MakeBlock();
    private long _given;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var at = (int)(_given % BlockBytes);
        var count = (int)Math.Min(Math.Min(buffer.Length, PieceBytes), Math.Min(length - _given, BlockBytes - at));
        _block.AsMemory(at, count).CopyTo(buffer);
        _given += count;
        return ValueTask.FromResult(count);
    }

    // Nothing may pack it on its way, and it is the same each time.
    private static byte[] MakeBlock()
    {
        var block = new byte[BlockBytes];
#pragma warning disable CA5394 // Bytes that nobody needs to guess.
        new Random(1).NextBytes(block);
#pragma warning restore CA5394
        return block;
    }
}
