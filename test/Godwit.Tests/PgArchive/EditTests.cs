using System.IO.Pipelines;
using Godwit.PgArchive;

namespace Godwit.Tests.PgArchive;

public sealed class EditTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dropped_table_takes_its_parts_with_it()
    {
        var before = await Samples.HeadAsync(Samples.Dump15);
        var after = ArchiveEdit.Drop(before, entry => entry.Is("TABLE"u8) && entry.Tag == ArchiveText.Of("orders"));
        Assert.Equal(["ACL public TABLE orders", "COMMENT public TABLE orders", "CONSTRAINT public orders orders_pkey",
            "DEFAULT public orders id",
            "FK CONSTRAINT public items items_order_id_fkey", "INDEX public orders_note_idx",
            "SEQUENCE OWNED BY public orders_id_seq", "SEQUENCE SET public orders_id_seq",
            "SEQUENCE public orders_id_seq", "TABLE DATA public orders", "TABLE public orders"], Gone(before, after));
        Assert.Equal(
            ["MATERIALIZED VIEW public mv without TABLE public orders", "VIEW public v without TABLE public orders"],
            ArchiveEdit.MissingDependencies(before, after).Select(pair => $"{pair.Entry} without {pair.Missing}"));
        Assert.DoesNotContain(after.Entries.SelectMany(entry => entry.Dependencies),
            id => before.Entries.Any(entry => entry.DumpId == id) && after.Entries.All(entry => entry.DumpId != id));
    }

    [Fact]
    public async Task Reach_decides_what_else_goes()
    {
        var before = await Samples.HeadAsync(Samples.Dump15);
        bool Orders(TocEntry entry) => entry.Is("TABLE"u8) && entry.Tag == ArchiveText.Of("orders");
        Assert.Single(Gone(before, ArchiveEdit.Drop(before, Orders, DropReach.Itself)));
        var all = ArchiveEdit.Drop(before, Orders, DropReach.Dependents);
        Assert.Contains("VIEW public v", Gone(before, all));
        Assert.Contains("MATERIALIZED VIEW DATA public mv", Gone(before, all));
        Assert.Empty(ArchiveEdit.MissingDependencies(before, all));
        var extension = ArchiveEdit.Drop(before, entry => entry.Is("EXTENSION"u8));
        Assert.Equal(["COMMENT EXTENSION hstore", "EXTENSION hstore"], Gone(before, extension));
    }

    [Fact]
    public void What_pg_dump_does_not_write_down_goes_too()
    {
        var before = Forge.Head(ArchiveCompression.None, Forge.Object(1, "SERVER", "elsewhere"),
            Forge.Object(2, "SERVER", "where"), Forge.Object(3, "SCHEMA", "zoo"),
            Forge.Object(4, "USER MAPPING", "USER MAPPING visitor SERVER elsewhere"),
            Forge.Object(5, "DEFAULT ACL", "DEFAULT PRIVILEGES FOR TABLES") with { Namespace = ArchiveText.Of("zoo") },
            Forge.Object(6, "TABLE", "t") with { Namespace = ArchiveText.Of("zoo") });
        Assert.Equal(["SERVER elsewhere", "USER MAPPING USER MAPPING visitor SERVER elsewhere"],
            Gone(before, ArchiveEdit.Drop(before, entry => entry.DumpId == 1)));
        Assert.Equal(["SERVER where"], Gone(before, ArchiveEdit.Drop(before, entry => entry.DumpId == 2)));
        Assert.Equal(["DEFAULT ACL zoo DEFAULT PRIVILEGES FOR TABLES", "SCHEMA zoo"],
            Gone(before, ArchiveEdit.Drop(before, entry => entry.DumpId == 3)));
        Assert.Equal(["DEFAULT ACL zoo DEFAULT PRIVILEGES FOR TABLES", "SCHEMA zoo", "TABLE zoo t"],
            Gone(before, ArchiveEdit.Drop(before, entry => entry.DumpId == 3, DropReach.Dependents)));
        Assert.Equal([5, 6], ArchiveEdit.MissingDependencies(before,
            ArchiveEdit.Drop(before, entry => entry.DumpId == 3, DropReach.Itself)).Select(pair => pair.Entry.DumpId));
    }

    [Fact]
    public void Who_depended_on_a_dropped_entry_depends_on_what_that_one_depended_on()
    {
        var before = Forge.Head(ArchiveCompression.None, Forge.Object(1, "TYPE", "a"),
            Forge.Object(2, "FUNCTION", "b", 1, 99), Forge.Object(3, "FUNCTION", "c", 2),
            Forge.Object(4, "VIEW", "d", 3, 1, 3), Forge.Object(5, "VIEW", "e", 98));
        var after = ArchiveEdit.Drop(before, entry => entry.DumpId is 2 or 3, DropReach.Itself);
        Assert.Equal([1, 99], after.Entries.Single(entry => entry.DumpId == 4).Dependencies);
        Assert.Equal([98], after.Entries.Single(entry => entry.DumpId == 5).Dependencies);
    }

    [Fact]
    public void Circles_and_crowds_of_dependencies_end()
    {
        var crowd = Enumerable.Range(10, 20_000).ToArray();
        var before = Forge.Head(ArchiveCompression.None, Forge.Object(1, "VIEW", "a", 2),
            Forge.Object(2, "VIEW", "b", [1, .. crowd]), Forge.Object(3, "VIEW", "c", [2, .. crowd]));
        Assert.Equal(crowd, ArchiveEdit.Drop(before, entry => entry.DumpId <= 2).Entries.Single().Dependencies.Order());
        Assert.Empty(ArchiveEdit.Drop(before, entry => entry.DumpId == 1, DropReach.Dependents).Entries);
    }

    [Fact]
    public async Task Keeping_follows_the_order_of_the_list_and_keeps_what_no_list_shows()
    {
        var before = await Samples.HeadAsync(Samples.Dump15);
        var after = ArchiveEdit.Keep(before, [3473, 217, 217]);
        Assert.Equal(["ENCODING ENCODING", "STDSTRINGS STDSTRINGS", "SEARCHPATH SEARCHPATH", "DATABASE small",
            "TABLE DATA public orders", "TABLE public orders"],
            after.Entries.Select(entry => entry.ToString()));
        Assert.Throws<ArgumentException>(() => ArchiveEdit.Keep(before, [123456]));
    }

    [Fact]
    public async Task Rewriting_leaves_the_data_where_it_belongs()
    {
        var before = await Samples.HeadAsync(Samples.Dump15);
        var after = ArchiveEdit.Rewrite(before, entry => entry with { Owner = ArchiveText.Of("somebody") });
        Assert.All((await Samples.HeadAsync(Samples.Written(after))).Entries,
            entry => Assert.Equal("somebody", entry.Owner.ToString()));
        Assert.Throws<ArgumentException>(() => ArchiveEdit.Rewrite(before, entry => entry with { DumpId = 1 }));
        Assert.Throws<ArgumentException>(() => ArchiveEdit.Rewrite(before, entry => entry with { HasData = false }));
    }

    public static TheoryData<string> All => [.. Samples.All];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Filtering_nothing_out_gives_the_same_file(string name)
    {
        var archive = Samples.WithoutSecondToc(name);
        var (filtered, result) = await FilterAsync(Samples.Bytes(name), head => head, seekable: true);
        var hadOffsets = result.Before.Entries.Any(entry => entry.DataState == DataState.Set);
        Assert.True(result.HasOffsets);
        if (hadOffsets)
            Assert.Equal(archive, filtered);
        var (piped, inPipe) = await FilterAsync(Samples.Bytes(name), head => head, seekable: false);
        Assert.Equal(archive, piped);
        Assert.Equal(hadOffsets, inPipe.HasOffsets);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_filtered_archive_is_whole_and_its_offsets_are_right(bool seekable)
    {
        foreach (var name in Samples.All)
        {
            var (filtered, result) = await FilterAsync(Samples.Bytes(name),
                head => ArchiveEdit.Drop(head, entry => entry.Tag == ArchiveText.Of("items")), seekable);
            using var stream = new MemoryStream(filtered);
            var report = await ArchiveCheck.RunAsync(stream, null, null, Ct);
            Assert.Empty(report.Problems);
            Assert.Equal((4, 303L, 2L), (report.EntriesWithData, report.Rows, report.LargeObjects));
            Assert.Equal(result.HasOffsets ? DataState.Set : DataState.NotSet,
                report.Head.Entries.First(entry => entry.HasData).DataState);
            // The two others went through a pipe.
            Assert.Equal(seekable || name is not (Samples.Dump15Pipe or Samples.Dump17Uncompressed), result.HasOffsets);
        }
    }

    [Fact]
    public async Task The_head_can_be_written_last()
    {
        foreach (var name in Samples.All)
        {
            using var source = new MemoryStream(Samples.Bytes(name));
            var filter = await ArchiveFilter.OpenAsync(source,
                head => ArchiveEdit.Drop(head, entry => entry.Tag == ArchiveText.Of("items")), null, Ct);
            using var data = new MemoryStream();
            await filter.WriteDataAsync(data, null, Ct);
            var head = Samples.Written(filter.After);
            Assert.Equal(filter.HeadBytes, head.Length);
            Assert.True(filter.HasOffsets);
            var (whole, _) = await FilterAsync(Samples.Bytes(name),
                before => ArchiveEdit.Drop(before, entry => entry.Tag == ArchiveText.Of("items")), seekable: true);
            Assert.Equal(whole, (byte[])[.. head, .. data.ToArray()]);
        }
    }

    [Fact]
    public async Task A_block_that_is_missing_or_elsewhere_stops_the_filter()
    {
        var archive = Samples.Bytes(Samples.Dump15);
        var blocks = (await Samples.HeadAsync(archive)).Entries.Where(entry => entry.HasData)
            .OrderBy(entry => entry.DataOffset).ToList();
        var cut = archive[..(int)blocks[^1].DataOffset];
        Assert.Equal(ArchiveProblem.Truncated,
            (await Assert.ThrowsAsync<ArchiveException>(() => FilterAsync(cut, head => head, seekable: true))).Problem);
        Assert.Equal(4, (await FilterAsync(cut, head => ArchiveEdit.Drop(head,
            entry => entry.DumpId == blocks[^1].DumpId, DropReach.Itself), seekable: true)).Result
            .After.Entries.Count(entry => entry.HasData));
        var head = await Samples.HeadAsync(archive);
        var moved = head.WithOffsets(blocks.ToDictionary(entry => entry.DumpId, entry => entry.DataOffset * 2));
        byte[] lying = [.. Samples.Written(moved), .. archive[(int)head.LengthBytes..]];
        Assert.Equal(ArchiveProblem.Corrupted, (await Assert.ThrowsAsync<ArchiveException>(() =>
            FilterAsync(lying, same => same, seekable: false))).Problem);
        Assert.Equal(archive, (await FilterAsync(lying, same => same, seekable: true)).Output);
    }

    private static async Task<(byte[] Output, ArchiveFilter Result)> FilterAsync(
        byte[] archive, Func<ArchiveHead, ArchiveHead> edit, bool seekable)
    {
        using var source = new TrickleStream(archive, 5000);
        using var to = new MemoryStream();
        var filter = await ArchiveFilter.OpenAsync(source, edit, null, Ct);
        await filter.WriteAsync(seekable ? to : PipeWriter.Create(to, new(leaveOpen: true)).AsStream(), null, Ct);
        return (to.ToArray(), filter);
    }

    private static IEnumerable<string> Gone(ArchiveHead before, ArchiveHead after) =>
        before.Entries.ExceptBy(after.Entries.Select(entry => entry.DumpId), entry => entry.DumpId)
            .Select(entry => entry.ToString()).Order(StringComparer.Ordinal);
}
