using System.Collections.Immutable;
using System.IO.Compression;
using Godwit.PgArchive;
using K4os.Compression.LZ4.Streams;
using ZstdSharp;

namespace Godwit.Tests.PgArchive;

/// <summary>Makes small archives of exactly the bytes a test wants.</summary>
internal static class Forge
{
    private static readonly ArchiveHeader Header = new()
    {
        Version = ArchiveVersion.PgDump12,
        Compression = ArchiveCompression.Gzip,
        CreatedAt = new(1, 2, 3, 4, 5, 126, 0),
        Database = ArchiveText.Of("forged"),
    };

    public static TocEntry Table(int id, string name = "t") => new()
    {
        DumpId = id,
        Tag = ArchiveText.Of(name),
        Description = ArchiveText.Of("TABLE DATA"),
        Section = ArchiveSection.Data,
        HasData = true,
        CopyStatement = ArchiveText.Of($"COPY {name} FROM stdin;\n"),
        DataState = DataState.NotSet,
    };

    public static TocEntry Object(int id, string kind, string name, params int[] dependencies) => new()
    {
        DumpId = id,
        Tag = ArchiveText.Of(name),
        Description = ArchiveText.Of(kind),
        Section = ArchiveSection.PreData,
        Definition = ArchiveText.Of("SELECT 1;\n"),
        Dependencies = [.. dependencies],
    };

    public static ArchiveHead Head(ArchiveCompression compression, params ReadOnlySpan<TocEntry> entries) =>
        new()
        {
            Header = Header with
            {
                Compression = compression,
                // The first version that knows more than gzip.
                Version = compression > ArchiveCompression.Gzip ? ArchiveVersion.PgDump16 : ArchiveVersion.PgDump12,
            },
            Entries = [.. entries],
        };

    /// <summary>One table, id 1, whose data lies in these pieces.</summary>
    public static byte[] OneTable(ArchiveCompression compression, params ImmutableArray<byte[]> pieces) =>
        [.. Samples.Written(Head(compression, Table(1))), .. Block(1, [.. pieces])];

    public static byte[] Block(int id, params byte[][] pieces) =>
        [1, .. Integer(id), .. pieces.SelectMany(piece => (byte[])[.. Integer(piece.Length), .. piece]), .. Integer(0)];

    public static byte[] Integer(int value) =>
        [value < 0 ? (byte)1 : (byte)0, .. BitConverter.GetBytes(Math.Abs(value))];

    /// <summary>What a compressor makes of it, with the settings of pg_dump.</summary>
    public static byte[] Compressed(ArchiveCompression compression, ReadOnlySpan<byte> content)
    {
        if (compression == ArchiveCompression.Gzip)
            return Deflated(content);
        using var to = new MemoryStream();
        var lz4 = new LZ4EncoderSettings { ChainBlocks = true, BlockSize = 64 << 10 };
        using (Stream compressor = compression == ArchiveCompression.Zstd
            ? new CompressionStream(to) : LZ4Stream.Encode(to, lz4, leaveOpen: true))
            compressor.Write(content);
        return to.ToArray();
    }

    /// <remarks>.NET writes nothing at all for no content; zlib, and so pg_dump, writes these eight bytes.</remarks>
    public static byte[] Deflated(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];
        using var to = new MemoryStream();
        using (var zlib = new ZLibStream(to, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(content);
        return to.ToArray();
    }
}
