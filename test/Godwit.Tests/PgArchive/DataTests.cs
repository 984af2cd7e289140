using System.Text;
using Godwit.PgArchive;

namespace Godwit.Tests.PgArchive;

public sealed class DataTests
{
    private static readonly byte[] Rows = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000)
        .Select(i => $"{i}\trow {i * 7919 % 1000}\n")) + "\\.\n\n\n");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Readable => [.. Samples.Readable];

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Everything_pg_dump_wrote_is_read(string name)
    {
        var content = await ContentsAsync(new MemoryStream(Samples.Bytes(name)));
        Assert.StartsWith("1\tnote 1x\tok\n2\tnote 2xx\tok\n", content["orders"], StringComparison.Ordinal);
        Assert.EndsWith("300\tnote 300xxxxxx\tok\n\\.\n\n\n", content["orders"], StringComparison.Ordinal);
        Assert.Equal("ü\ntab\\tand\\\\ back\n\\N\n\\.\n\n\n", content["Naïve \"table\"\nwith a break; and more"]);
        Assert.Equal("\\.\n\n\n", content["empty_one"]);
        Assert.Equal(("", "hello large object"), (content["17"], content["4200000001"]));
        Assert.Equal(6, content.Count);
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task However_the_bytes_arrive_the_data_is_the_same(string name)
    {
        var expected = await ContentsAsync(new MemoryStream(Samples.Bytes(name)));
        foreach (var most in new[] { 1, 3, 4096 })
            Assert.Equal(expected, await ContentsAsync(new TrickleStream(Samples.Bytes(name), most)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(8193)]
    [InlineData(1 << 20)]
    public async Task However_the_data_is_cut_into_pieces_it_is_the_same(int size) =>
        Assert.Equal(Rows,
            await OnlyContentAsync(Forge.OneTable(ArchiveCompression.Gzip, [.. Forge.Deflated(Rows).Chunk(size)])));

    [Fact]
    public async Task What_is_not_read_is_passed_over()
    {
        using var stream = new MemoryStream(Samples.Bytes(Samples.Dump15));
        var reader = await ArchiveReader.OpenAsync(stream, null, Ct);
        var found = 0;
        while (await reader.NextBlockAsync(Ct) is { } block)
        {
            found++;
            Assert.Equal(block.Entry.DataOffset, block.Offset);
            if (await block.NextAsync(Ct) is { } data)
                Assert.NotEqual(0, await data.Content.ReadAsync(new byte[3], Ct) + (block.HoldsLargeObjects ? 1 : 0));
        }

        Assert.Equal((5, stream.Length), (found, reader.Position));
        Assert.Null(await reader.NextBlockAsync(Ct));
    }

    [Fact]
    public async Task Data_that_ends_early_is_damaged_at_every_byte()
    {
        var whole = Forge.Deflated(Rows.AsSpan(0, 300));
        for (var cut = 0; cut < whole.Length; cut++)
            await DamagedAsync(whole[..cut]);
        Assert.Equal(Rows[..300], await OnlyContentAsync(Forge.OneTable(ArchiveCompression.Gzip, whole)));
    }

    [Fact]
    public async Task A_wrong_check_sum_is_damage()
    {
        var whole = Forge.Deflated(Rows);
        for (var i = 1; i <= 4; i++)
        {
            var wrong = whole.ToArray();
            wrong[^i] ^= 1;
            await DamagedAsync(wrong);
        }
    }

    [Fact]
    public async Task Something_behind_the_end_of_the_data_is_damage()
    {
        var whole = Forge.Deflated(Rows);
        byte[][] garbage = [[0], [1, 2, 3], whole[^4..], whole, new byte[100_000]];
        foreach (var behind in garbage)
        {
            await DamagedAsync([.. whole, .. behind]);
            await DamagedAsync(whole, behind);
        }
    }

    [Fact]
    public async Task Every_changed_byte_of_compressed_data_is_damage()
    {
        var whole = Forge.Deflated(Rows.AsSpan(0, 2000));
        for (var i = 0; i < whole.Length; i++)
        {
            var wrong = whole.ToArray();
            // The last byte before the check sum has a few bits that mean nothing.
            wrong[i] ^= i == whole.Length - 5 ? (byte)0xFF : (byte)(1 << (i % 8));
            await DamagedAsync(wrong);
        }
    }

    [Fact]
    public async Task Without_compression_no_pieces_are_no_data() =>
        Assert.Empty(await OnlyContentAsync(Forge.OneTable(ArchiveCompression.None)));

    [Theory]
    [InlineData(Samples.Dump17Lz4, "lz4")]
    [InlineData(Samples.Dump17Zstd, "zstd")]
    public async Task A_compression_that_is_not_read_is_named_at_the_first_block(string name, string compression)
    {
        using var stream = new MemoryStream(Samples.Bytes(name));
        var reader = await ArchiveReader.OpenAsync(stream, null, Ct);
        var block = await reader.NextBlockAsync(Ct);
        var error = await Assert.ThrowsAsync<ArchiveException>(() => block!.NextAsync(Ct));
        Assert.Equal((ArchiveProblem.Unsupported,
            $"it is compressed with {compression}, and only gzip or uncompressed data can be read"), (error.Problem,
                error.Why));
    }

    private static async Task DamagedAsync(params byte[][] pieces)
    {
        var error = await Assert.ThrowsAsync<ArchiveException>(() =>
            OnlyContentAsync(Forge.OneTable(ArchiveCompression.Gzip, [.. pieces])));
        Assert.Equal(ArchiveProblem.Corrupted, error.Problem);
    }

    private static async Task<byte[]> OnlyContentAsync(byte[] archive)
    {
        using var stream = new MemoryStream(archive);
        var reader = await ArchiveReader.OpenAsync(stream, null, Ct);
        var block = await reader.NextBlockAsync(Ct);
        var content = await AllAsync((await block!.NextAsync(Ct))!);
        Assert.Null(await block.NextAsync(Ct));
        Assert.Null(await reader.NextBlockAsync(Ct));
        return content;
    }

    private static async Task<Dictionary<string, string>> ContentsAsync(Stream archive)
    {
        var contents = new Dictionary<string, string>();
        var reader = await ArchiveReader.OpenAsync(archive, null, Ct);
        while (await reader.NextBlockAsync(Ct) is { } block)
        {
            while (await block.NextAsync(Ct) is { } data)
                contents.Add(block.HoldsLargeObjects ? $"{data.LargeObject}" : block.Entry.Tag.ToString(),
                    Encoding.UTF8.GetString(await AllAsync(data)));
        }

        return contents;
    }

    private static async Task<byte[]> AllAsync(ArchiveData data)
    {
        using var to = new MemoryStream();
        await data.Content.CopyToAsync(to, Ct);
        Assert.Equal(to.Length, data.UncompressedBytes);
        return to.ToArray();
    }
}
