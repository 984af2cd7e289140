using System.Buffers.Binary;

namespace Godwit.PgArchive;

/// <summary>Reads a stream forwards through one buffer, and keeps the position in the archive. The stream is awaited
/// once per buffer, not once per byte.</summary>
/// <param name="start">Where the stream begins in the archive, in bytes.</param>
internal sealed class ArchiveInput(Stream source, long start = 0)
{
    /// <summary>One read of a pipe or socket rarely returns more.</summary>
    public const int BufferBytes = 64 * 1024;

    /// <summary>A sign and four bytes.</summary>
    public const int IntegerBytes = 5;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _next;
    private int _end;

    /// <summary>The next byte, counted from the start of the archive.</summary>
    public long Position { get; private set; } = start;

    /// <summary>The part being read, for errors: <c>the header</c>.</summary>
    public Func<string> Inside { get; set; } = () => "the header";

    /// <summary>Bytes in the buffer.</summary>
    public int Ahead => _end - _next;

    /// <summary>Empty does not mean the end of the stream unless <see cref="FillAsync"/> has returned 0.</summary>
    public ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_next, Ahead);

    /// <summary>Waits until <paramref name="count"/> bytes are buffered: at most <see cref="BufferBytes"/>.</summary>
    /// <exception cref="ArchiveException">The archive ends earlier.</exception>
    public ValueTask RequireAsync(int count, CancellationToken ct) =>
        Ahead >= count ? ValueTask.CompletedTask : FillOrFailAsync(count, ct);

    private async ValueTask FillOrFailAsync(int count, CancellationToken ct)
    {
        if (await FillAsync(count, ct) < count)
            throw ArchiveErrors.Truncated(Position + Ahead, Inside());
    }

    /// <summary>Waits until <paramref name="count"/> bytes are buffered or the stream has ended; returns the buffered
    /// ones.</summary>
    public async ValueTask<int> FillAsync(int count, CancellationToken ct)
    {
        if (_buffer.Length - _next < count)
        {
            Buffered.CopyTo(_buffer);
            (_next, _end) = (0, Ahead);
        }

        while (Ahead < count)
        {
            var read = await source.ReadAsync(_buffer.AsMemory(_end), ct);
            if (read == 0)
                break;
            _end += read;
        }

        return Ahead;
    }

    /// <summary>Reads buffered bytes if there are any, else the stream once. Returns 0 only at the end of the
    /// stream.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> to, CancellationToken ct)
    {
        if (Ahead == 0 && to.Length >= BufferBytes)
        {
            var direct = await source.ReadAsync(to, ct);
            Position += direct;
            return direct;
        }

        if (Ahead == 0 && await FillAsync(1, ct) == 0)
            return 0;
        var count = Math.Min(Ahead, to.Length);
        Take(count).CopyTo(to.Span);
        return count;
    }

    /// <exception cref="ArchiveException">The archive ends earlier.</exception>
    public async ValueTask SkipAsync(long count, CancellationToken ct)
    {
        while (count > 0)
        {
            await RequireAsync(1, ct);
            count -= Take((int)Math.Min(count, Ahead)).Length;
        }
    }

    /// <summary>These bytes must be buffered. The result is valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = _buffer.AsSpan(_next, count);
        _next += count;
        Position += count;
        return taken;
    }

    /// <summary>Decodes a sign byte, 1 for negative, then the absolute value, lowest byte first. Only pg_dump's own
    /// form is accepted, so that writing the number again gives the same bytes.</summary>
    public int DecodeInteger(ReadOnlySpan<byte> bytes)
    {
        var value = BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]);
        return bytes[0] switch
        {
            0 when value <= int.MaxValue => (int)value,
            1 when value is > 0 and <= 1u << 31 => unchecked(-(int)value),
            0 or 1 => throw ArchiveErrors.Corrupted(Position, Inside(),
                $"a number has the sign {bytes[0]} and the value {value}"),
            var sign =>
                throw ArchiveErrors.Corrupted(Position, Inside(), $"the sign of a number is {sign} and must be 0 or 1"),
        };
    }

    public ValueTask<int> IntegerAsync(CancellationToken ct) =>
        Ahead >= IntegerBytes ? new(TakeInteger()) : SlowIntegerAsync(ct);

    private async ValueTask<int> SlowIntegerAsync(CancellationToken ct)
    {
        await RequireAsync(IntegerBytes, ct);
        return TakeInteger();
    }

    private int TakeInteger()
    {
        var value = DecodeInteger(Buffered);
        Take(IntegerBytes);
        return value;
    }
}
