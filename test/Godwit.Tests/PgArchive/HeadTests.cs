using Godwit.PgArchive;

namespace Godwit.Tests.PgArchive;

public sealed class HeadTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> All => [.. Samples.All];

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_is_read_and_written_again_is_the_same_bytes(string name)
    {
        var archive = Samples.Bytes(name);
        var head = await Samples.HeadAsync(archive);
        Assert.Equal(Convert.ToHexString(archive.AsSpan(0, (int)head.LengthBytes)),
            Convert.ToHexString(Samples.Written(head)));
        using var stream = new MemoryStream();
        await ArchiveWriter.WriteHeadAsync(head, stream, Ct);
        Assert.Equal(Samples.Written(head), stream.ToArray());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stream_that_seeks_is_left_exactly_behind_the_table_of_contents(string name)
    {
        using var stream = new MemoryStream([1, 2, 3, .. Samples.Bytes(name)]) { Position = 3 };
        var head = await ArchiveReader.ReadHeadAsync(stream, null, Ct);
        Assert.Equal(3 + head.LengthBytes, stream.Position);
        Assert.Equal(1, stream.ReadByte());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task However_the_bytes_arrive_the_head_is_the_same(string name)
    {
        var archive = Samples.Bytes(name);
        var expected = Samples.Written(await Samples.HeadAsync(archive));
        foreach (var most in new[] { 1, 2, 7, 4096 })
        {
            using var trickle = new TrickleStream(archive, most);
            var reader = await ArchiveReader.OpenAsync(trickle, null, Ct);
            Assert.Equal(expected, Samples.Written(reader.Head));
            Assert.Equal(expected.Length, reader.Position);
        }
    }

    [Fact]
    public async Task The_header_says_what_pg_restore_says()
    {
        var header = (await Samples.HeadAsync(Samples.Dump15)).Header;
        Assert.Equal(ArchiveVersion.PgDump12, header.Version);
        Assert.Equal((ArchiveCompression.Gzip, -1), (header.Compression, header.CompressionLevel));
        Assert.Equal(new DateTime(2026, 11, 21, 8, 50, 17), header.CreatedAt.ToLocal());
        Assert.Equal("small", header.Database.ToString());
        Assert.Equal("15.18 (Debian 15.18-0+deb12u1)", header.DumpVersion.ToString());
        Assert.Equal(ArchiveCompression.None, (await Samples.HeadAsync(Samples.Dump15Pipe)).Header.Compression);
        Assert.Equal(ArchiveCompression.Lz4, (await Samples.HeadAsync(Samples.Dump17Lz4)).Header.Compression);
        var newer = (await Samples.HeadAsync(Samples.Dump17Zstd)).Header;
        Assert.Equal((ArchiveVersion.PgDump17, ArchiveCompression.Zstd), (newer.Version, newer.Compression));
    }

    [Theory]
    [InlineData(Samples.Dump15, 0)]
    [InlineData(Samples.Dump17, 'r')]
    public async Task An_entry_has_what_pg_dump_wrote(string name, int relationKind)
    {
        var entries = (await Samples.HeadAsync(name)).Entries;
        var table = entries.Single(entry => entry.Is("TABLE"u8) && entry.Tag == ArchiveText.Of("orders"));
        var data = entries.Single(entry => entry.Is("TABLE DATA"u8) && entry.Tag == ArchiveText.Of("orders"));
        Assert.Equal((1259u, table.Oid, "public", "postgres", "heap"),
            (table.CatalogOid, data.Oid, table.Namespace.ToString(), table.Owner.ToString(),
                table.TableAccessMethod.ToString()));
        Assert.Equal((ArchiveSection.PreData, false, DataState.NoData, relationKind),
            (table.Section, table.HasData, table.DataState, table.RelationKind));
        Assert.Equal((ArchiveSection.Data, true, DataState.Set, false),
            (data.Section, data.HasData, data.DataState, data.WithOids));
        Assert.Equal("COPY public.orders (id, note, m) FROM stdin;\n", data.CopyStatement.ToString());
        Assert.Contains(table.DumpId, data.Dependencies);
        Assert.Equal("DROP TABLE public.orders;\n", table.DropStatement.ToString());
        Assert.Contains("Odd\nSchema", entries.Select(entry => entry.Namespace.ToString()));
        Assert.Equal("TABLE public orders", table.ToString());
    }

    [Fact]
    public async Task The_length_does_not_depend_on_the_offsets()
    {
        var head = await Samples.HeadAsync(Samples.Dump15Pipe);
        var ids = head.Entries.Where(entry => entry.HasData).Select(entry => entry.DumpId).ToList();
        var filled = head.WithOffsets(ids.Skip(1).ToDictionary(id => id, id => long.MaxValue - id));
        Assert.Equal(head.LengthBytes, ArchiveWriter.HeadBytes(head));
        Assert.Equal(head.LengthBytes, ArchiveWriter.HeadBytes(filled));
        var again = await Samples.HeadAsync(Samples.Written(filled));
        Assert.Equal(DataState.NotSet, again.Entries.Single(entry => entry.DumpId == ids[0]).DataState);
        Assert.All(ids.Skip(1), id => Assert.Equal((DataState.Set, long.MaxValue - id),
            again.Entries.Where(entry => entry.DumpId == id)
                .Select(entry => (entry.DataState, entry.DataOffset)).Single()));
    }

    [Fact]
    public async Task An_archive_can_be_written_in_the_layout_of_another_version()
    {
        var head = await Samples.HeadAsync(Samples.Dump17);
        foreach (var version in new[] { ArchiveVersion.PgDump12, ArchiveVersion.PgDump16, ArchiveVersion.PgDump17 })
        {
            var again = await Samples.HeadAsync(Samples.Written(
                head with { Header = head.Header with { Version = version } }));
            Assert.Equal(version, again.Header.Version);
            Assert.Equal(ArchiveCompression.Gzip, again.Header.Compression);
            Assert.Equal(head.Entries.Select(entry => entry.ToString()),
                again.Entries.Select(entry => entry.ToString()));
        }
    }

    [Fact]
    public async Task What_the_format_cannot_say_is_not_written()
    {
        var head = await Samples.HeadAsync(Samples.Dump17Lz4);
        Assert.Throws<ArgumentException>(() =>
            Samples.Written(head with { Header = head.Header with { Version = ArchiveVersion.PgDump12 } }));
        Assert.Throws<ArgumentException>(() =>
            Samples.Written(head with { Header = head.Header with { Version = new(1, 13, 0) } }));
        Assert.Throws<ArgumentException>(() =>
            Samples.Written(head with { Entries = [head.Entries[0] with { Tag = ArchiveText.Of("a\0b") }] }));
    }
}
