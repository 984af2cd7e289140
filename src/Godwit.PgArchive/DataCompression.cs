using K4os.Compression.LZ4;
using K4os.Compression.LZ4.Streams;
using ZstdSharp;

namespace Godwit.PgArchive;

/// <summary>How the data of an archive is compressed when it is made, in parts that several workers make at
/// once.</summary>
/// <param name="Algorithm">LZ4 and Zstandard need a head of <see cref="ArchiveVersion.PgDump16"/> or newer.</param>
/// <param name="Level">gzip: 1 to 9; LZ4: 1 to 12; Zstandard: 1 to 22, of which those from 20
/// on take hundreds of megabytes of memory. No compression: ignored.</param>
public sealed record DataCompression(ArchiveCompression Algorithm, int Level)
{
    // As in pg_dump's frames.
    private const int Lz4BlockBytes = 64 << 10;

    // Below, LZ4 has one way only.
    private const int Lz4SlowLevelMin = 3;

    /// <summary>For one worker: it makes one part after another. Null: no compression.</summary>
    public IPartCompressor? Open()
    {
        switch (Algorithm)
        {
            case ArchiveCompression.Gzip:
                return new PartDeflater(Level);
            case ArchiveCompression.Lz4:
                var settings = new LZ4EncoderSettings
                {
                    BlockSize = Lz4BlockBytes,
                    ChainBlocks = true,
                    CompressionLevel = Level < Lz4SlowLevelMin ? LZ4Level.L00_FAST : (LZ4Level)Level,
                };
                return new PartFramer(to => LZ4Stream.Encode(to, settings, leaveOpen: true), owned: null);
            case ArchiveCompression.Zstd:
#pragma warning disable CA2000 // The framer disposes it.
                var compressor = new Compressor(Level);
#pragma warning restore CA2000
                return new PartFramer(to => new CompressionStream(to, compressor), compressor);
            default:
                return null;
        }
    }

    /// <summary>What precedes the first part of a table or large object.</summary>
    public ReadOnlyMemory<byte> Start => Algorithm == ArchiveCompression.Gzip ? ZlibJoin.Start.ToArray() : default;

    /// <summary>What follows its last part.</summary>
    /// <param name="sum">Of all parts.</param>
    public ReadOnlyMemory<byte> End(PartSum sum) => Algorithm switch
    {
        ArchiveCompression.Gzip => ZlibJoin.End(sum),
        ArchiveCompression.None => default,
        _ => sum.Bytes == 0 ? EmptyFrame() : default,
    };

    // Data without a frame would be damaged data.
    private byte[] EmptyFrame()
    {
        using var to = new MemoryStream();
        using (Stream frame = Algorithm == ArchiveCompression.Lz4
            ? LZ4Stream.Encode(to, leaveOpen: true) : new CompressionStream(to, Level))
            // Without a write there would be no frame.
            frame.Write([]);
        return to.ToArray();
    }
}

/// <summary>Compresses parts of tables and large objects independently.</summary>
public interface IPartCompressor : IDisposable
{
    /// <summary>Output not yet taken; valid until the next call.</summary>
    ReadOnlyMemory<byte> Output { get; }

    /// <summary>Adds data to the part.</summary>
    void Write(ReadOnlySpan<byte> data);

    /// <summary>Discards the output that the caller has taken.</summary>
    void ClearOutput();

    /// <summary>Ends the part; its last bytes are in <see cref="Output"/>. The next write begins another.</summary>
    PartSum Complete();
}
