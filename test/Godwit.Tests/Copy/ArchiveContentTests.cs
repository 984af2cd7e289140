using System.Text;
using Godwit.Copy.Archive;
using Godwit.PgArchive;
using Godwit.Tests.PgArchive;

namespace Godwit.Tests.Copy;

/// <summary>Rows out of an archive, without what pg_dump writes behind the last one.</summary>
public sealed class ArchiveContentTests
{
    private const string End = "\\.\n\n\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("1\n")]
    [InlineData("1\n2\n")]
    [InlineData("\n\n\n\n")]
    [InlineData("a\\\\.\n")]
    [InlineData("one\ttwo\nthree\tfour\nfive\tsix\n")]
    public async Task The_end_of_the_rows_is_no_row_however_it_is_cut(string rows)
    {
        for (var buffer = 12; buffer < 40; buffer++)
        {
            Assert.Equal((rows, rows.Count(c => c == '\n')), await ReadAsync(rows + End, buffer));
            // Not every program writes it.
            Assert.Equal((rows, rows.Count(c => c == '\n')), await ReadAsync(rows, buffer));
        }
    }

    [Fact]
    public async Task What_only_looks_like_the_end_is_a_row() =>
        Assert.Equal(("x" + End, 3), await ReadAsync("x" + End, 12));

    private static async Task<(string Rows, long Count)> ReadAsync(string text, int bufferBytes)
    {
        using var archive = new MemoryStream(Forge.OneTable(ArchiveCompression.Gzip,
            Forge.Deflated(Encoding.UTF8.GetBytes(text))));
        var block = await (await ArchiveReader.OpenAsync(archive, null, Ct)).NextBlockAsync(Ct);
        await using var content = new ArchiveContent("forged", (await block!.NextAsync(Ct))!, stream: null);
        var (rows, buffer) = (new StringBuilder(), new byte[bufferBytes]);
        for (int read; (read = await content.ReadAsync(buffer, Ct)) > 0;)
            rows.Append(Encoding.UTF8.GetString(buffer, 0, read));
        return ($"{rows}", content.Rows!.Value);
    }
}
