using System.Buffers.Binary;

namespace Godwit.PgArchive;

/// <summary>A stream read forwards through one buffer, with the position in the archive. Small values come out of the
/// buffer without a call to the stream; whoever needs more than it holds waits for the stream once per buffer, not once
/// per byte.</summary>
/// <param name="start">Where in the archive the stream begins, in bytes.</param>
internal sealed class ArchiveInput(Stream source, long start = 0)
{
    /// <summary>One read of a pipe or of a socket rarely gives more.</summary>
    public const int BufferBytes = 64 * 1024;

    /// <summary>A sign and four bytes.</summary>
    public const int IntegerBytes = 5;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _next;
    private int _end;

    /// <summary>Where reading is, in bytes from the start of the archive.</summary>
    public long Position { get; private set; } = start;

    /// <summary>What is being read, for errors: <c>the header</c>.</summary>
    public Func<string> Inside { get; set; } = () => "the header";

    /// <summary>Bytes that were taken from the stream and not yet from here.</summary>
    public int Ahead => _end - _next;

    /// <summary>The buffered bytes; empty at the end of the stream only after <see cref="FillAsync"/> said
    /// so.</summary>
    public ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_next, Ahead);

    /// <summary>Waits until <paramref name="count"/> bytes are buffered.</summary>
    /// <param name="count">At most <see cref="BufferBytes"/>.</param>
    /// <exception cref="ArchiveException">The archive ends before.</exception>
    public ValueTask RequireAsync(int count, CancellationToken ct) =>
        Ahead >= count ? ValueTask.CompletedTask : FillOrFailAsync(count, ct);

    private async ValueTask FillOrFailAsync(int count, CancellationToken ct)
    {
        if (await FillAsync(count, ct) < count)
            throw ArchiveErrors.Truncated(Position + Ahead, Inside());
    }

    /// <summary>Waits until <paramref name="count"/> bytes are buffered or the stream has ended.</summary>
    /// <returns>How many are buffered.</returns>
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

    /// <summary>Gives up to <paramref name="to"/>'s length: what is buffered, else one read of the stream.</summary>
    /// <returns>0 only at the end of the stream.</returns>
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

    /// <summary>Passes over <paramref name="count"/> bytes.</summary>
    /// <exception cref="ArchiveException">The archive ends before.</exception>
    public async ValueTask SkipAsync(long count, CancellationToken ct)
    {
        while (count > 0)
        {
            await RequireAsync(1, ct);
            count -= Take((int)Math.Min(count, Ahead)).Length;
        }
    }

    /// <summary>The next <paramref name="count"/> bytes, which must be buffered. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = _buffer.AsSpan(_next, count);
        _next += count;
        Position += count;
        return taken;
    }

    /// <summary>The integer at the beginning of <paramref name="bytes"/>: a byte that is 1 for negative, then the
    /// absolute value, lowest byte first. Only the one way pg_dump writes a number is taken, so that writing it again
    /// gives the same bytes.</summary>
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
