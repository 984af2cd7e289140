using Godwit.PgArchive;

namespace Godwit.Tests.PgArchive;

public sealed class CheckTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> All => [.. Samples.All];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_whole_archive_is_whole_and_counted(string name)
    {
        var archive = Samples.Bytes(name);
        var report = await CheckAsync(archive);
        Assert.Empty(report.Problems);
        Assert.True(report.IsWhole);
        Assert.Equal((5, 353L, 2L, (long)archive.Length),
            (report.EntriesWithData, report.Rows, report.LargeObjects, report.LengthBytes));
        Assert.InRange(report.UncompressedBytes, 4000, 8000);
        Assert.Equal(report.Head.Header.Compression == ArchiveCompression.None,
            report.CompressedBytes == report.UncompressedBytes);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_archive_cut_off_anywhere_in_its_data_is_not_whole(string name)
    {
        var archive = Samples.Bytes(name);
        var data = (int)(await Samples.HeadAsync(archive)).LengthBytes;
        var withoutSecondToc = Samples.WithoutSecondToc(name).Length;
        for (var cut = data; cut < archive.Length; cut++)
        {
            var report = await CheckAsync(archive[..cut]);
            if (cut == withoutSecondToc)
                continue;
            Assert.Equal((ArchiveProblem.Truncated, (long)cut),
                (report.Problems[^1].Problem, report.Problems[^1].Offset));
        }
    }

    [Fact]
    public async Task A_second_table_of_contents_is_known_and_harmless()
    {
        var archive = Samples.Bytes(Samples.Dump17Uncompressed);
        Assert.True((await CheckAsync(archive)).HasSecondToc);
        var report = await CheckAsync(Samples.WithoutSecondToc(Samples.Dump17Uncompressed));
        Assert.Equal((true, false), (report.IsWhole, report.HasSecondToc));
        archive[^20] ^= 1;
        Assert.Equal(["in the second table of contents, behind the data, something else stands than in the first"],
            await WhyAsync(archive));
        Assert.False((await CheckAsync([.. Samples.Bytes(Samples.Dump17Uncompressed), 0])).IsWhole);
    }

    [Fact]
    public async Task What_was_there_of_a_table_that_ends_early_is_counted()
    {
        var archive = Samples.Bytes(Samples.Dump15Pipe);
        var orders = archive.AsSpan().IndexOf("200\tnote 200"u8);
        var report = await CheckAsync(archive[..orders]);
        Assert.Equal((false, 252L), (report.IsWhole, report.Rows));
        Assert.InRange(report.UncompressedBytes, 1000, 5000);
    }

    [Fact]
    public async Task Damage_in_one_table_does_not_hide_damage_in_another()
    {
        var archive = Samples.Bytes(Samples.Dump15);
        var blocks = (await Samples.HeadAsync(archive)).Entries.Where(entry => entry.Is("TABLE DATA"u8)).ToList();
        foreach (var entry in blocks)
            archive[entry.DataOffset + 16] ^= 0x10;
        var report = await CheckAsync(archive);
        Assert.Equal((4, 5), (report.Problems.Length, report.EntriesWithData));
        Assert.All(report.Problems.Zip(blocks.OrderBy(entry => entry.DataOffset)),
            pair => Assert.Contains($"TABLE DATA {pair.Second.Namespace}".Replace('\n', ' '), pair.First.Why));
        Assert.Contains("in the data of TABLE DATA public orders, the compressed data is damaged",
            report.Problems.Select(problem => problem.Why));
    }

    [Fact]
    public async Task An_offset_that_points_elsewhere_is_damage()
    {
        var archive = Samples.Bytes(Samples.Dump15);
        var head = await Samples.HeadAsync(archive);
        var wrong = head with
        {
            Entries = [.. head.Entries.Select(entry =>
                entry.HasData ? entry with { DataOffset = entry.DataOffset + 1 } : entry)],
        };
        var report = await CheckAsync([.. Samples.Written(wrong), .. archive[(int)head.LengthBytes..]]);
        Assert.Equal(5, report.Problems.Length);
        Assert.Contains("the table of contents says at byte", report.Problems[0].Why);
    }

    [Fact]
    public async Task Something_behind_the_last_block_is_damage()
    {
        var archive = Samples.Bytes(Samples.Dump15);
        foreach (byte[] behind in
            new byte[][] { [0], [1], [1, 0, 1, 0, 0, 0], [3, 0], Forge.Block(99, Forge.Deflated([])), archive })
        {
            var report = await CheckAsync([.. archive, .. behind]);
            Assert.Single(report.Problems);
            Assert.InRange(report.Problems[0].Offset, archive.Length, archive.Length + 6);
        }
    }

    [Fact]
    public async Task Bytes_that_were_appended_are_called_that() =>
        Assert.Equal(["in the data, more bytes stand behind the last block, where the archive should end"],
            await WhyAsync([.. Samples.Bytes(Samples.Dump15), .. "hello"u8]));

    [Fact]
    public async Task Blocks_and_entries_must_match()
    {
        byte[] content = Forge.Deflated("1\n\\.\n\n\n"u8);
        var head = Samples.Written(Forge.Head(ArchiveCompression.Gzip, Forge.Table(1, "a"), Forge.Table(2, "b"),
            Forge.Object(3, "TABLE", "c")));
        Assert.True((await CheckAsync([.. head, .. Forge.Block(2, content), .. Forge.Block(1, content)])).IsWhole);
        Assert.Equal(["it ends in the middle of the data: there is none of TABLE DATA a and 1 more"],
            await WhyAsync(head));
        Assert.Equal(["it ends in the middle of the data: there is none of TABLE DATA b"],
            await WhyAsync([.. head, .. Forge.Block(1, content)]));
        Assert.Equal(["in the data, there is a second block of TABLE DATA a"],
            await WhyAsync([.. head, .. Forge.Block(1, content), .. Forge.Block(1, content)]));
        Assert.Equal(["in the data, a block belongs to entry 3, and the table of contents has no such entry with data"],
            await WhyAsync([.. head, .. Forge.Block(3, content)]));
        var objects = Forge.Block(1, content);
        objects[0] = 3;
        Assert.Equal(["in the data of TABLE DATA a, the block holds large objects"],
            await WhyAsync([.. head, .. objects]));
    }

    [Fact]
    public async Task Marks_that_contradict_each_other_are_damage()
    {
        var wrong = Forge.Head(ArchiveCompression.Gzip, Forge.Table(1) with { DataState = DataState.NoData },
            Forge.Object(2, "TABLE", "t") with { DataState = DataState.Set });
        var why = await WhyAsync([.. Samples.Written(wrong), .. Forge.Block(1, Forge.Deflated([]))]);
        Assert.Equal(["in the table of contents, TABLE DATA t, data is announced and its offset says there is none",
            "in the table of contents, TABLE t, there is no data and an offset for it"], why);
    }

    [Fact]
    public async Task Progress_goes_up_to_the_end()
    {
        var told = new List<ArchiveProgress>();
        var archive = Samples.Bytes(Samples.Dump17);
        using var stream = new MemoryStream(archive);
        await ArchiveCheck.RunAsync(stream, null, new Listener(told), Ct);
        Assert.Equal(told.OrderBy(progress => progress.Bytes), told);
        Assert.Equal((archive.Length, 5, 5), (told[^1].Bytes, told[^1].Blocks, told[^1].BlocksTotal));
    }

    [Fact]
    public async Task Names_in_errors_are_one_short_line()
    {
        var head = Forge.Head(ArchiveCompression.Gzip, Forge.Table(1, $"a\n\u001b[31mb{new string('x', 100_000)}"));
        var why = Assert.Single(await WhyAsync(Samples.Written(head)));
        Assert.DoesNotContain(why, char.IsControl);
        Assert.InRange(why.Length, 200, 400);
    }

    private static async Task<IEnumerable<string>> WhyAsync(byte[] archive) =>
        (await CheckAsync(archive)).Problems.Select(problem => problem.Why);

    private static async Task<ArchiveReport> CheckAsync(byte[] archive)
    {
        using var stream = new MemoryStream(archive);
        return await ArchiveCheck.RunAsync(stream, null, null, Ct);
    }

    private sealed class Listener(List<ArchiveProgress> told) : IProgress<ArchiveProgress>
    {
        public void Report(ArchiveProgress value) => told.Add(value);
    }
}
