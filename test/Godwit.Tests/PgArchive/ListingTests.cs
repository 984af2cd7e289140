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
        var entry = (await Samples.HeadAsync(Samples.Dump15)).Entries[5] with
        {
            Tag = ArchiveText.Of([0xE4, (byte)'\r', (byte)'\n', 0xFC]),
        };
        var line = new ArrayBufferWriter<byte>();
        ArchiveListing.Line(entry, line);
        Assert.True(line.WrittenSpan.IndexOf<byte>([0xE4, (byte)' ', (byte)' ', 0xFC]) > 0);
        Assert.Equal(1, line.WrittenSpan.Count((byte)'\n'));
    }

    [Theory]
    [InlineData("Europe/Berlin", 7, 0, "2026-07-01 13:00:00 CEST")]
    [InlineData("Europe/Berlin", 7, 1, "2026-07-01 12:00:00 CEST")]
    [InlineData("Europe/Berlin", 7, -1, "2026-07-01 12:00:00 CEST")]
    [InlineData("Europe/Berlin", 1, 1, "2026-01-01 11:00:00 CET")]
    [InlineData("Australia/Lord_Howe", 1, 0, "2026-01-01 12:30:00 +11")]
    [InlineData("Asia/Kolkata", 1, 1, "2026-01-01 11:00:00 IST")]
    [InlineData("Etc/UTC", 1, 1, "2026-01-01 11:00:00 UTC")]
    public void The_date_is_taken_for_local_time_as_the_C_library_does(
        string zone, int month, int daylightSaving, string expected)
    {
        var head = Forge.Head(ArchiveCompression.Gzip);
        head = head with
        {
            Header = head.Header with
            {
                CreatedAt = ArchiveDate.Of(new DateTime(2026, month, 1, 12, 0, 0), false) with
                {
                    DaylightSaving = daylightSaving,
                },
            },
        };
        Assert.Contains($"; Archive created at {expected}\n", Listed(head, TimeZoneInfo.FindSystemTimeZoneById(zone)));
    }

    private static string Listed(ArchiveHead head, TimeZoneInfo zone)
    {
        var to = new ArrayBufferWriter<byte>();
        ArchiveListing.Write(head, to, zone);
        return Encoding.UTF8.GetString(to.WrittenSpan);
    }
}
