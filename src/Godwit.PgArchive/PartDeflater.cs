using System.Buffers.Binary;
using System.IO.Compression;

namespace Godwit.PgArchive;

/// <summary>Deflates parts of entries' data independently, so that several parts of one table can be made at once. One
/// deflater makes one part after another. <see cref="ZlibJoin"/> joins them to the single zlib stream that pg_restore
/// expects. A part ends with a sync flush: on a byte boundary and without a final block, so that the next part's blocks
/// may follow (RFC 1951 §3.2.4; zlib's manual on Z_SYNC_FLUSH). Its Adler-32 is the one that zlib writes after the
/// stream.</summary>
/// <param name="level">1 (fastest) to 9 (smallest), as in zlib.</param>
internal sealed class PartDeflater(int level) : IPartCompressor
{
    // CMF and FLG (RFC 1950): the joined stream has its own.
    private const int HeaderBytes = 2;

    private readonly ZLibCompressionOptions _options = new() { CompressionLevel = level };
    private readonly PartSink _sink = new();
    private ZLibStream? _zlib;
    private long _bytes;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Output => _sink.Written;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> data)
    {
        // zlib writes no header for empty data.
        if (data.IsEmpty)
            return;
        _zlib ??= Begin();
        _zlib.Write(data);
        _bytes += data.Length;
    }

    /// <inheritdoc/>
    public void ClearOutput() => _sink.Clear();

    /// <inheritdoc/>
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
        _sink.Skip(HeaderBytes);
        return new ZLibStream(_sink, _options, leaveOpen: true);
    }
}
