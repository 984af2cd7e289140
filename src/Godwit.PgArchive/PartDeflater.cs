using System.Buffers.Binary;
using System.IO.Compression;

namespace Godwit.PgArchive;

/// <summary>Deflates parts of entries' data independently, so that several parts of one table can be made at once. One
/// deflater makes one part after another. <see cref="ZlibJoin"/> joins them to the single zlib stream that pg_restore
/// expects. A part ends with a sync flush: on a byte boundary and without a final block, so that the next part's blocks
/// may follow (RFC 1951 §3.2.4; zlib's manual on Z_SYNC_FLUSH). Its Adler-32 is the one that zlib writes after the
/// stream.</summary>
/// <param name="level">1 (fastest) to 9 (smallest), as in zlib.</param>
public sealed class PartDeflater(int level) : IDisposable
{
    private readonly ZLibCompressionOptions _options = new() { CompressionLevel = level };
    private readonly Sink _sink = new();
    private ZLibStream? _zlib;
    private long _bytes;

    /// <summary>Output not yet taken; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Output => _sink.Written;

    /// <summary>Adds data to the part.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        // zlib writes no header for empty data.
        if (data.IsEmpty)
            return;
        _zlib ??= Begin();
        _zlib.Write(data);
        _bytes += data.Length;
    }

    /// <summary>Discards the output that the caller has taken.</summary>
    public void ClearOutput() => _sink.Clear();

    /// <summary>Ends the part; its last bytes are in <see cref="Output"/>. The next write begins another.</summary>
    public PartSum Complete()
    {
        if (_zlib is null)
            return PartSum.Empty;
        _zlib.Flush();
        var end = _sink.Written.Length;
        _zlib.Dispose();
        var sum = new PartSum(_bytes, BinaryPrimitives.ReadUInt32BigEndian(_sink.Written.Span[^sizeof(uint)..]));
        _sink.Truncate(end);
        (_zlib, _bytes) = (null, 0);
        return sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _zlib?.Dispose();
        _sink.Dispose();
    }

    private ZLibStream Begin()
    {
        _sink.Skip();
        return new ZLibStream(_sink, _options, leaveOpen: true);
    }

    // Drops each stream's header.
    private sealed class Sink : Stream
    {
        // CMF and FLG (RFC 1950): the joined stream has its own.
        private const int HeaderBytes = 2;

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

        public void Skip() => _skip = HeaderBytes;

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
