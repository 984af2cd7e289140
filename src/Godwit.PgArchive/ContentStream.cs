using System.IO.Compression;
using K4os.Compression.LZ4.Streams;
using ZstdSharp;

namespace Godwit.PgArchive;

/// <summary>Decompresses one table's data or one large object. Reading to the end proves that it is complete.</summary>
internal sealed class ContentStream : ForwardStream
{
    private readonly Pieces _pieces;
    private readonly ArchiveCompression _compression;
    private readonly LastByteApart? _compressed;
    private readonly Stream? _decoder;
    private bool _ended;

    public ContentStream(Pieces pieces, ArchiveCompression compression)
    {
        (_pieces, _compression) = (pieces, compression);
        if (compression == ArchiveCompression.None)
            return;
        _compressed = new LastByteApart(pieces);
        _decoder = compression switch
        {
            ArchiveCompression.Gzip => new ZLibStream(_compressed, CompressionMode.Decompress),
            ArchiveCompression.Lz4 => LZ4Stream.Decode(_compressed),
            ArchiveCompression.Zstd => new DecompressionStream(_compressed),
            _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "no such compression"),
        };
    }

    /// <summary>Bytes given so far.</summary>
    public long Bytes { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended || buffer.Length == 0)
            return 0;
        var read = _decoder is null ? await _pieces.ReadAsync(buffer, cancellationToken)
            : await DecodeAsync(_decoder, buffer, cancellationToken);
        Bytes += read;
        _ended = read == 0;
        if (_ended)
            ProveEnd();
        return read;
    }

    private async ValueTask<int> DecodeAsync(Stream decoder, Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            return await decoder.ReadAsync(buffer, ct);
        }
        catch (EndOfStreamException error) when (!_compressed!.HasFailed)
        {
            throw Corrupted(EndsEarly, error);
        }

        // The decoders have no common exception for bytes that make no sense.
        catch (Exception error) when (!_compressed!.HasFailed
            && error is not (OperationCanceledException or OutOfMemoryException))
        {
            throw Corrupted("the compressed data is damaged", error);
        }
    }

    private string EndsEarly => _pieces.Bytes == 0
        ? "there is no compressed data at all" : "the compressed data ends before its end mark";

    // The decompressors check for damage inside, but not all of them for a missing end or bytes after the end.
    private void ProveEnd()
    {
        if (_compressed is null)
            return;
        _decoder?.Dispose();
        // zlib knows its end; the others look for a further frame behind it.
        if (_pieces.Bytes == 0 || (_compression == ArchiveCompression.Gzip && _compressed.WasAskedBeyond))
            throw Corrupted(EndsEarly);
        if (!_compressed.GaveLast)
            throw Corrupted("something lies behind the end of the compressed data");
    }

    private ArchiveException Corrupted(string why, Exception? cause = null) =>
        ArchiveErrors.Corrupted(_pieces.Input.Position, _pieces.Input.Inside(), why, cause);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder?.Dispose();
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

        /// <summary>Reading the archive failed: not the decompressor's fault.</summary>
        public bool HasFailed { get; private set; }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            HasFailed = true;
            var read = await GiveAsync(buffer, cancellationToken);
            HasFailed = false;
            return read;
        }

        private async ValueTask<int> GiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
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
