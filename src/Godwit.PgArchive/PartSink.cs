namespace Godwit.PgArchive;

/// <summary>Where a compressor writes; its memory is used again and again.</summary>
internal sealed class PartSink : Stream
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;
    private int _skip;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Drops so many of the next bytes.</summary>
    public void Skip(int bytes) => _skip = bytes;

    public void Clear() => _length = 0;

    public void Truncate(int length) => _length = length;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var skipped = Math.Min(_skip, buffer.Length);
        _skip -= skipped;
        buffer = buffer[skipped..];
        if (_length + buffer.Length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + buffer.Length));
        buffer.CopyTo(_buffer.AsSpan(_length));
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
