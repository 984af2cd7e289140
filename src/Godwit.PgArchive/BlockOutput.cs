using System.Buffers.Binary;

namespace Godwit.PgArchive;

/// <summary>Buffers small writes, and keeps the position in the new archive.</summary>
internal sealed class BlockOutput(Stream to, long position)
{
    // Large enough for disks and sockets.
    private const int BufferBytes = 256 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _filled;

    /// <summary>In bytes from the start of the archive.</summary>
    public long Position { get; private set; } = position;

    public async ValueTask ByteAsync(byte value, CancellationToken ct)
    {
        await RoomAsync(1, ct);
        _buffer[_filled] = value;
        Advance(1);
    }

    public async ValueTask IntegerAsync(int value, CancellationToken ct)
    {
        await RoomAsync(ArchiveInput.IntegerBytes, ct);
        _buffer[_filled] = value < 0 ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_filled + 1),
            unchecked((uint)(value < 0 ? -value : value)));
        Advance(ArchiveInput.IntegerBytes);
    }

    /// <summary>Copies bytes that must all belong to the current piece of <paramref name="from"/>.</summary>
    public async ValueTask BytesAsync(Pieces from, int count, CancellationToken ct)
    {
        while (count > 0)
        {
            await RoomAsync(1, ct);
            var read = await from.ReadAsync(_buffer.AsMemory(_filled, Math.Min(count, BufferBytes - _filled)), ct);
            Advance(read);
            count -= read;
        }
    }

    public async ValueTask FlushAsync(CancellationToken ct)
    {
        await to.WriteAsync(_buffer.AsMemory(0, _filled), ct);
        _filled = 0;
    }

    private ValueTask RoomAsync(int count, CancellationToken ct) =>
        BufferBytes - _filled >= count ? ValueTask.CompletedTask : FlushAsync(ct);

    private void Advance(int count)
    {
        _filled += count;
        Position += count;
    }
}
