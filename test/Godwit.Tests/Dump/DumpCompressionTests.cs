using Godwit.Dump;
using Godwit.PgArchive;

namespace Godwit.Tests.Dump;

public sealed class DumpCompressionTests
{
    [Theory]
    [InlineData("0", ArchiveCompression.None, null)]
    [InlineData("none", ArchiveCompression.None, null)]
    [InlineData("gzip:0", ArchiveCompression.None, null)]
    [InlineData("7", ArchiveCompression.Gzip, 7)]
    [InlineData("gzip", ArchiveCompression.Gzip, null)]
    [InlineData("gzip:7", ArchiveCompression.Gzip, 7)]
    [InlineData("zstd", ArchiveCompression.Zstd, null)]
    [InlineData("lz4:12", ArchiveCompression.Lz4, 12)]
    public void A_name_or_a_level_or_both(string text, ArchiveCompression algorithm, int? level)
    {
        var said = DumpCompression.Parse(text);
        Assert.Equal(new DumpCompression(algorithm, level), said);
        Assert.Empty(said!.Problems());
    }

    [Theory]
    [InlineData("")]
    [InlineData("max")]
    [InlineData("brotli:3")]
    [InlineData("zstd:")]
    [InlineData("zstd:fast")]
    [InlineData("zstd:3:long")]
    [InlineData("none:1")]
    [InlineData(":3")]
    public void Anything_else_is_not_understood(string text) => Assert.Null(DumpCompression.Parse(text));

    [Theory]
    [InlineData("10", "is 10")]
    [InlineData("-1", "is -1")]
    [InlineData("zstd:20", "is zstd:20")]
    [InlineData("lz4:0", "is lz4:0")]
    public void A_level_that_does_not_exist_is_a_problem(string text, string why) =>
        Assert.Equal(why, Assert.Single(DumpCompression.Parse(text)!.Problems()).Why);

    [Theory]
    [InlineData("none", "--compress=0")]
    [InlineData("gzip", null)]
    [InlineData("4", "--compress=4")]
    [InlineData("zstd", "--compress=zstd")]
    [InlineData("lz4:2", "--compress=lz4:2")]
    public void Pg_dump_hears_what_its_version_knows(string text, string? option) =>
        Assert.Equal(option, DumpCompression.Parse(text)!.PgDumpOption);
}
