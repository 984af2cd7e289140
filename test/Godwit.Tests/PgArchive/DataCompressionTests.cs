using Godwit.PgArchive;

namespace Godwit.Tests.PgArchive;

/// <summary>What the workers of a dump make apart is one table's data to a reader.</summary>
public sealed class DataCompressionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<ArchiveCompression, int> All =>
    [
        (ArchiveCompression.Gzip, 5), (ArchiveCompression.Lz4, 1), (ArchiveCompression.Lz4, 12),
        (ArchiveCompression.Zstd, 1), (ArchiveCompression.Zstd, 12),
    ];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Parts_that_were_compressed_apart_are_read_as_one(ArchiveCompression algorithm, int level)
    {
        byte[][] parts = [Pattern(1, 3), [], Pattern(3, 700_000), Pattern(4, 65_536), Pattern(5, 1)];
        Assert.Equal(parts.SelectMany(part => part), await ReadAsync(new(algorithm, level), parts));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task No_data_is_data_of_no_bytes(ArchiveCompression algorithm, int level)
    {
        Assert.Empty(await ReadAsync(new(algorithm, level), []));
        Assert.Empty(await ReadAsync(new(algorithm, level), [[], []]));
    }

    [Fact]
    public void Without_compression_there_is_nothing_to_compress_with() =>
        Assert.Null(new DataCompression(ArchiveCompression.None, 0).Open());

    private static async Task<byte[]> ReadAsync(DataCompression compression, byte[][] parts)
    {
        List<byte[]> pieces = [compression.Start.ToArray()];
        var sum = PartSum.Empty;
        using var compressor = compression.Open()!;
        foreach (var part in parts)
        {
            foreach (var some in part.Chunk(100_000))
            {
                compressor.Write(some);
                Take();
            }

            sum = sum.Then(compressor.Complete());
            Take();
        }

        pieces.Add(compression.End(sum).ToArray());
        using var archive = new MemoryStream(
            Forge.OneTable(compression.Algorithm, [.. pieces.Where(piece => piece.Length > 0)]));
        var reader = await ArchiveReader.OpenAsync(archive, null, Ct);
        var data = await (await reader.NextBlockAsync(Ct))!.NextAsync(Ct);
        using var content = new MemoryStream();
        await data!.Content.CopyToAsync(content, Ct);
        return content.ToArray();

        void Take()
        {
            pieces.Add(compressor.Output.ToArray());
            compressor.ClearOutput();
        }
    }

    // Half of it repeats, half does not.
    private static byte[] Pattern(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes.AsSpan(0, length / 2));
        return bytes;
    }
}
