using System.Text;
using Godwit.Storage.Parts;

namespace Godwit.Tests.Storage;

public sealed class Crc32CTests
{
    // RFC 3720, B.4, and the check value of the catalogue of CRCs.
    [Fact]
    public void It_is_the_CRC_of_the_standards()
    {
        Assert.Equal(0xE3069283, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Of([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, Crc32C.Of([.. Enumerable.Range(0, 32).Select(one => (byte)one)]));
        Assert.Equal(0u, Crc32C.Of([]));
    }

    // https://cloud.google.com/storage/docs/hashes-etags: in base 64, from the most significant byte on.
    [Fact]
    public void It_is_written_as_Google_writes_it() => Assert.Equal("crc32c=4waSgw==", Crc32C.ToText(0xE3069283));

    [Fact]
    public void That_of_a_whole_is_made_of_those_of_its_parts()
    {
        var whole = new byte[100_000];
        new Random(7).NextBytes(whole);
        var expected = Crc32C.Of(whole);

        foreach (var cut in new[] { 0, 1, 7, 8, 9, 4096, 65_537, 99_999, 100_000 })
            Assert.Equal(expected,
                Crc32C.Combine(Crc32C.Of(whole.AsSpan(0, cut)), Crc32C.Of(whole.AsSpan(cut)), whole.Length - cut));
        Assert.Equal(expected, Crc32C.Append(Crc32C.Append(0, whole.AsSpan(0, 777)), whole.AsSpan(777)));
        var many = Enumerable.Range(0, 10).Select(part => Crc32C.Of(whole.AsSpan(part * 10_000, 10_000)));
        Assert.Equal(expected, many.Aggregate(Crc32C.Of([]), (sum, part) => Crc32C.Combine(sum, part, 10_000)));
    }

    // Zeros behind: as many as no array holds, so once more by halves.
    [Fact]
    public void Lengths_beyond_two_gigabytes_are_no_matter()
    {
        var start = Crc32C.Of("godwit"u8);
        var zeros = Crc32C.Of(new byte[1 << 20]);
        var length = 1L << 20;
        for (; length < 1L << 40; length *= 2)
            zeros = Crc32C.Combine(zeros, zeros, length);

        var bySteps = Crc32C.Combine(Crc32C.Combine(start, zeros, length), zeros, length);
        var atOnce = Crc32C.Combine(start, Crc32C.Combine(zeros, zeros, length), 2 * length);

        Assert.Equal(bySteps, atOnce);
    }
}
