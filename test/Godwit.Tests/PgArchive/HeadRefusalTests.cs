using System.Text;
using Godwit.PgArchive;

namespace Godwit.Tests.PgArchive;

public sealed class HeadRefusalTests
{
    public static TheoryData<string> All => [.. Samples.All];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_head_cut_off_anywhere_is_refused_with_the_place(string name)
    {
        var archive = Samples.Bytes(name);
        var length = (int)(await Samples.HeadAsync(archive)).LengthBytes;
        for (var cut = 1; cut < length; cut++)
        {
            var error = await Assert.ThrowsAsync<ArchiveException>(() => Samples.HeadAsync(archive[..cut]));
            Assert.Equal((ArchiveProblem.Truncated, (long)cut), (error.Problem, error.Offset));
        }
    }

    [Theory]
    [InlineData("", "there is not a single byte in it")]
    [InlineData("--\n-- PostgreSQL database dump\n--\n", "it is a plain SQL script")]
    [InlineData("\u001f\u008b\u0008\u0000\u0000", "it is a file compressed with gzip")]
    [InlineData("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "it is a web page or an XML answer")]
    [InlineData("%PDF-1.7", "it begins with the bytes 255044462D312E37")]
    public async Task What_is_no_archive_is_called_by_its_name(string content, string why)
    {
        var error = await Refused(Encoding.Latin1.GetBytes(content));
        Assert.Equal(ArchiveProblem.NotAnArchive, error.Problem);
        Assert.StartsWith(why, error.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tar_file_is_called_by_its_name()
    {
        var tar = new byte[1024];
        "toc.dat"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        Assert.Equal("it is a tar file", (await Refused(tar)).Why);
    }

    [Theory]
    [InlineData(5, 2, ArchiveProblem.Unsupported, "its format has version 2.14-0")]
    [InlineData(6, 13, ArchiveProblem.Unsupported, "its format has version 1.13-0, and the oldest")]
    [InlineData(6, 17, ArchiveProblem.Unsupported, "its format has version 1.17-0, and the newest")]
    [InlineData(8, 8, ArchiveProblem.Unsupported, "its integers have 8 and its offsets 8 bytes")]
    [InlineData(10, 3, ArchiveProblem.Unsupported,
        "it is the table of contents of a directory or tar dump (pg_dump -Fd, -Ft)")]
    [InlineData(10, 5, ArchiveProblem.Unsupported, "it is the table of contents of a directory dump")]
    [InlineData(11, 9, ArchiveProblem.Corrupted, "in the header, the sign of a number is 9")]
    [InlineData(12, 10, ArchiveProblem.Corrupted, "in the header, the level of compression is -10")]
    public async Task A_header_that_is_not_understood_says_what(
        int offset, byte value, ArchiveProblem problem, string why)
    {
        var archive = Samples.Bytes(Samples.Dump15);
        archive[offset] = value;
        var error = await Refused(archive);
        Assert.Equal(problem, error.Problem);
        Assert.StartsWith(why, error.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_compression_is_refused()
    {
        var archive = Samples.Bytes(Samples.Dump17);
        archive[11] = 4;
        Assert.Equal(ArchiveProblem.Unsupported, (await Refused(archive)).Problem);
    }

    [Fact]
    public async Task Limits_are_kept()
    {
        foreach (var limits in new ArchiveLimits[]
        {
            new() { EntriesMax = 10 }, new() { TextBytesMax = 20 }, new() { HeadBytesMax = 2000 },
            new() { DependenciesMax = 1 },
        })
            Assert.Equal(ArchiveProblem.LimitExceeded, (await Refused(Samples.Bytes(Samples.Dump15), limits)).Problem);
    }

    [Fact]
    public async Task A_length_that_lies_allocates_only_what_arrives()
    {
        var head = await Samples.HeadAsync(Samples.Dump15);
        var database = Samples.Written(head with { Entries = [] }).AsSpan().IndexOf("small"u8);
        var archive = Samples.Bytes(Samples.Dump15);
        BitConverter.TryWriteBytes(archive.AsSpan(database - 4), int.MaxValue);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = await Refused(archive, new() { TextBytesMax = int.MaxValue, HeadBytesMax = long.MaxValue });
        Assert.Equal((ArchiveProblem.Truncated, (long)archive.Length), (error.Problem, error.Offset));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public async Task A_dump_id_stands_once()
    {
        var head = await Samples.HeadAsync(Samples.Dump15);
        Assert.Equal(ArchiveProblem.Corrupted,
            (await Refused(Samples.Written(head with { Entries = [head.Entries[0], head.Entries[0]] }))).Problem);
    }

    private static Task<ArchiveException> Refused(byte[] archive, ArchiveLimits? limits = null) =>
        Assert.ThrowsAsync<ArchiveException>(() => Samples.HeadAsync(archive, limits));
}
