using System.Buffers.Binary;
using System.IO.Compression;

namespace Godwit.PgArchive;

/// <summary>Deflates one part of an entry's data by itself, so that several parts of one table can be made at once. <see cref="ZlibJoin"/> makes
/// the one zlib stream of them that pg_restore expects.</summary>
/// <remarks>The part ends with a sync flush: on a byte boundary and without a final block, so that the next part's blocks may follow
/// (RFC 1951 §3.2.4; zlib's manual on Z_SYNC_FLUSH). Its Adler-32 comes from zlib itself, which writes it behind the stream.</remarks>
public sealed class DeflatedPart : IDisposable
{
    /// <summary>CMF and FLG (RFC 1950): left out here, since the joined stream has its own.</summary>
    private const int HeaderBytes = 2;

    private readonly Sink _sink = new(HeaderBytes);
    private readonly ZLibStream _zlib;
    private long _bytes;

    /// <param name="level">1 (fastest) to 9 (smallest), as zlib counts.</param>
    public DeflatedPart(int level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 9);
        _zlib = new ZLibStream(_sink, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true);
    }

    /// <summary>What came out and was not taken yet; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Output => _sink.Written;

    /// <summary>More of the part.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        _zlib.Write(data);
        _bytes += data.Length;
    }

    /// <summary>The output was taken.</summary>
    public void ClearOutput() => _sink.Clear();

    /// <summary>The end of the part. The rest of it is in <see cref="Output"/>.</summary>
    public PartSum Complete()
    {
        if (_bytes == 0)
            return PartSum.Empty;
        _zlib.Flush();
        var end = _sink.Written.Length;
        _zlib.Dispose();
        var adler = BinaryPrimitives.ReadUInt32BigEndian(_sink.Written.Span[^sizeof(uint)..]);
        _sink.Truncate(end);
        return new PartSum(_bytes, adler);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _zlib.Dispose();
        _sink.Dispose();
    }

    /// <summary>A growing buffer that leaves out the first bytes written to it.</summary>
    private sealed class Sink(int skip) : Stream
    {
        private byte[] _buffer = new byte[64 * 1024];
        private int _length;
        private int _skip = skip;

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
}
