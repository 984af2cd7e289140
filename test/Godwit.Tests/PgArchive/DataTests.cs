using System.Text;
using Godwit.PgArchive;

namespace Godwit.Tests.PgArchive;

public sealed class DataTests
{
    private static readonly byte[] Rows = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000)
        .Select(i => $"{i}\trow {i * 7919 % 1000}\n")) + "\\.\n\n\n");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> All => [.. Samples.All];

    public static TheoryData<ArchiveCompression> Compressions =>
        [ArchiveCompression.Gzip, ArchiveCompression.Lz4, ArchiveCompression.Zstd];

    [Theory]
    [MemberData(nameof(All))]
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
    [MemberData(nameof(All))]
    public async Task However_the_bytes_arrive_the_data_is_the_same(string name)
    {
        var expected = await ContentsAsync(new MemoryStream(Samples.Bytes(name)));
        foreach (var most in new[] { 1, 3, 4096 })
            Assert.Equal(expected, await ContentsAsync(new TrickleStream(Samples.Bytes(name), most)));
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task However_the_data_is_cut_into_pieces_it_is_the_same(ArchiveCompression compression)
    {
        var whole = Forge.Compressed(compression, Rows);
        foreach (var size in new[] { 1, 2, 5, 8191, 8192, 8193, 1 << 20 })
            Assert.Equal(Rows, await OnlyContentAsync(Forge.OneTable(compression, [.. whole.Chunk(size)])));
    }

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

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task Data_that_ends_early_is_damaged_at_every_byte(ArchiveCompression compression)
    {
        var whole = Forge.Compressed(compression, Rows.AsSpan(0, 300));
        for (var cut = 0; cut < whole.Length; cut++)
            await DamagedAsync(compression, whole[..cut]);
        Assert.Equal(Rows[..300], await OnlyContentAsync(Forge.OneTable(compression, whole)));
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task Data_that_ends_between_two_of_its_blocks_is_damaged(ArchiveCompression compression)
    {
        var rows = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i}\t{i * 7919L % 100_003}\n"));
        var whole = Forge.Compressed(compression, Encoding.UTF8.GetBytes(rows));
        for (var left = 1; left < 40; left++)
            await DamagedAsync(compression, whole[..^left]);
        for (var cut = 0; cut < whole.Length; cut += 977)
            await DamagedAsync(compression, whole[..cut]);
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

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task Something_behind_the_end_of_the_data_is_damage(ArchiveCompression compression)
    {
        var whole = Forge.Compressed(compression, Rows);
        byte[][] garbage = [[0], [1, 2, 3], [1, 2, 3, 4, 5], new byte[4], new byte[100_000]];
        foreach (var behind in garbage)
        {
            await DamagedAsync(compression, [.. whole, .. behind]);
            await DamagedAsync(compression, whole, behind);
        }

        // zlib's format has no such thing as a second stream behind the first; pg_restore reads it in the others.
        if (compression == ArchiveCompression.Gzip)
            await DamagedAsync(compression, whole, whole);
        else
            Assert.Equal(Rows.Concat(Rows), await OnlyContentAsync(Forge.OneTable(compression, whole, whole)));
    }

    /// <summary>pg_dump writes neither with a check sum, so a changed byte may be just another byte.</summary>
    [Theory]
    [InlineData(ArchiveCompression.Lz4)]
    [InlineData(ArchiveCompression.Zstd)]
    public async Task A_changed_byte_of_data_without_a_check_sum_is_damage_or_other_data(ArchiveCompression compression)
    {
        var whole = Forge.Compressed(compression, Rows.AsSpan(0, 2000));
        var damaged = 0;
        for (var i = 0; i < whole.Length * 8; i++)
        {
            var wrong = whole.ToArray();
            wrong[i / 8] ^= (byte)(1 << (i % 8));
            try
            {
                await OnlyContentAsync(Forge.OneTable(compression, wrong));
            }
            catch (ArchiveException error)
            {
                Assert.Equal(ArchiveProblem.Corrupted, error.Problem);
                damaged++;
            }
        }

        Assert.InRange(damaged, whole.Length / 2, whole.Length * 8);
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task A_download_that_breaks_off_is_not_damage(ArchiveCompression compression)
    {
        var archive = Forge.OneTable(compression, Forge.Compressed(compression, Rows));
        using var broken = new BrokenStream(archive, archive.Length - 200);
        var reader = await ArchiveReader.OpenAsync(broken, null, Ct);
        var data = await (await reader.NextBlockAsync(Ct))!.NextAsync(Ct);
        await Assert.ThrowsAsync<HttpIOException>(() => AllAsync(data!));
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

    private static Task DamagedAsync(params byte[][] pieces) => DamagedAsync(ArchiveCompression.Gzip, pieces);

    private static async Task DamagedAsync(ArchiveCompression compression, params byte[][] pieces)
    {
        var error = await Assert.ThrowsAsync<ArchiveException>(() =>
            OnlyContentAsync(Forge.OneTable(compression, [.. pieces])));
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

    private sealed class BrokenStream(byte[] content, int breaksAt) : ForwardStream
    {
        private int _position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(buffer.Length, breaksAt - _position);
            if (count == 0)
                throw new HttpIOException(HttpRequestError.ResponseEnded);
            content.AsSpan(_position, count).CopyTo(buffer.Span);
            _position += count;
            return new(count);
        }
    }
}
