using System.Buffers;
using System.Text;
using Godwit.PgArchive;

namespace Godwit.Tests.PgArchive;

public sealed class ListingTests
{
    public static TheoryData<string> All => [.. Samples.All];

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_list_is_that_of_pg_restore_to_the_byte(string name) => Assert.Equal(
        Encoding.UTF8.GetString(Samples.Bytes(name, ".list")),
        Listed(await Samples.HeadAsync(name), TimeZoneInfo.Utc));

    [Fact]
    public async Task Names_keep_their_bytes_and_lose_their_line_breaks()
    {
        var entry = (await Samples.HeadAsync(Samples.Dump15)).Entries[5] with { Tag = ArchiveText.Of([0xE4, (byte)'\r', (byte)'\n', 0xFC]) };
        var line = new ArrayBufferWriter<byte>();
        ArchiveListing.Line(entry, line);
        Assert.True(line.WrittenSpan.IndexOf<byte>([0xE4, (byte)' ', (byte)' ', 0xFC]) > 0);
        Assert.Equal(1, line.WrittenSpan.Count((byte)'\n'));
    }

    [Theory]
    [InlineData(0, "2026-07-01 13:00:00 CEST")]
    [InlineData(1, "2026-07-01 12:00:00 CEST")]
    [InlineData(-1, "2026-07-01 12:00:00 CEST")]
    public void The_date_is_taken_for_local_time(int daylightSaving, string expected)
    {
        var head = Forge.Head(ArchiveCompression.Gzip);
        head = head with { Header = head.Header with { CreatedAt = ArchiveDate.Of(new DateTime(2026, 7, 1, 12, 0, 0), false) with { DaylightSaving = daylightSaving } } };
        Assert.Contains($"; Archive created at {expected}\n", Listed(head, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")));
    }

    private static string Listed(ArchiveHead head, TimeZoneInfo zone)
    {
        var to = new ArrayBufferWriter<byte>();
        ArchiveListing.Write(head, to, zone);
        return Encoding.UTF8.GetString(to.WrittenSpan);
    }
}
