using System.IO.Compression;

namespace Godwit.PgArchive;

/// <summary>Decompresses one table's data or one large object. Reading to the end proves that it is complete.</summary>
internal sealed class ContentStream : ForwardStream
{
    private readonly Pieces _pieces;
    private readonly LastByteApart? _compressed;
    private readonly ZLibStream? _zlib;
    private bool _ended;

    public ContentStream(Pieces pieces, ArchiveCompression compression)
    {
        _pieces = pieces;
        if (compression == ArchiveCompression.None)
            return;
        _compressed = new LastByteApart(pieces);
        _zlib = new ZLibStream(_compressed, CompressionMode.Decompress);
    }

    /// <summary>Bytes given so far.</summary>
    public long Bytes { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended || buffer.Length == 0)
            return 0;
        var read = _zlib is null ? await _pieces.ReadAsync(buffer, cancellationToken) : await InflateAsync(_zlib,
            buffer, cancellationToken);
        Bytes += read;
        _ended = read == 0;
        if (_ended)
            ProveEnd();
        return read;
    }

    private async ValueTask<int> InflateAsync(ZLibStream zlib, Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            return await zlib.ReadAsync(buffer, ct);
        }
        catch (InvalidDataException error)
        {
            throw Corrupted("the compressed data is damaged", error);
        }
    }

    // The decompressor checks the checksum, but not for a missing end or bytes after the end.
    private void ProveEnd()
    {
        if (_compressed is null)
            return;
        _zlib?.Dispose();
        if (_compressed.WasAskedBeyond)
            throw Corrupted(_pieces.Bytes == 0
                ? "there is no compressed data at all" : "the compressed data ends before its end mark");
        if (!_compressed.GaveLast)
            throw Corrupted("something lies behind the end of the compressed data");
    }

    private ArchiveException Corrupted(string why, Exception? cause = null) =>
        ArchiveErrors.Corrupted(_pieces.Input.Position, _pieces.Input.Inside(), why, cause);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _zlib?.Dispose();
            _compressed?.Dispose();
        }

        base.Dispose(disposing);
    }

    // Gives the decompressor the very last byte in a separate read. This shows where the compressed data ends: the
    // decompressor requests the last byte of a complete stream, and nothing after it.
    private sealed class LastByteApart(Pieces pieces) : ForwardStream
    {
        private byte? _last;

        public bool GaveLast { get; private set; }

        public bool WasAskedBeyond { get; private set; }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.Length == 0)
                return 0;
            if (_last is { } last)
            {
                buffer.Span[0] = last;
                (_last, GaveLast) = (null, true);
                return 1;
            }

            var count = 0;
            // Even with a full buffer, the next length must be read: this may be the end.
            while (await pieces.LeftAsync(cancellationToken) > 0 && count < buffer.Length)
                count += await pieces.ReadAsync(buffer[count..], cancellationToken);
            if (!pieces.Ended || count == 0)
            {
                WasAskedBeyond = count == 0;
                return count;
            }

            if (count == 1)
            {
                GaveLast = true;
                return 1;
            }

            _last = buffer.Span[count - 1];
            return count - 1;
        }
    }
}
