using System.IO.Compression;
using Godwit.PgArchive;

namespace Godwit.Tests.PgArchive;

public sealed class ZlibJoinTests
{
    // zlib's own reader judges: it refuses a stream whose checksum is wrong or that does not end.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    public void Parts_that_were_deflated_apart_are_one_zlib_stream(int level)
    {
        byte[][] parts = [Pattern(1, 3), Pattern(2, 0), Pattern(3, 700_000), Pattern(4, 65_521), Pattern(5, 1)];
        Assert.Equal(parts.SelectMany(part => part), Inflate(Join(parts, level)));
    }

    [Fact]
    public void No_parts_at_all_are_an_empty_zlib_stream() => Assert.Empty(Inflate(Join([], 5)));

    [Fact]
    public void A_sum_does_not_depend_on_where_the_data_was_cut()
    {
        var data = Pattern(7, 300_000);
        var whole = Sum(data);
        foreach (var cut in new[] { 0, 1, 65_520, 65_521, 65_522, 299_999, 300_000 })
            Assert.Equal(whole, Sum(data[..cut]).Then(Sum(data[cut..])));
    }

    [Fact]
    public void A_wrong_byte_in_a_part_makes_the_stream_unreadable()
    {
        var joined = Join([Pattern(1, 50_000), Pattern(2, 50_000)], 5);
        joined[^3] ^= 1;
        Assert.Throws<InvalidDataException>(() => Inflate(joined));
    }

    [Theory]
    [InlineData(0u, new byte[] { 0, 0, 0, 0, 0 })]
    [InlineData(70_000u, new byte[] { 0, 0x70, 0x11, 1, 0 })]
    // pg_dump writes an OID as a signed integer: 4,000,000,001 is -294,967,295, and its magnitude is what stands there.
    [InlineData(4_000_000_001u, new byte[] { 1, 0xff, 0xd7, 0x94, 0x11 })]
    [InlineData(0x8000_0000u, new byte[] { 1, 0, 0, 0, 0x80 })]
    public void An_oid_is_written_as_pg_dump_writes_it(uint oid, byte[] expected)
    {
        var written = new byte[DataFraming.IntBytes];
        DataFraming.WriteOid(written, oid);
        Assert.Equal(expected, written);
    }

    private static PartSum Sum(byte[] data)
    {
        using var part = new PartDeflater(1);
        part.Write(data);
        return part.Complete();
    }

    private static byte[] Join(IEnumerable<byte[]> parts, int level)
    {
        using var joined = new MemoryStream();
        joined.Write(ZlibJoin.Start);
        var sum = PartSum.Empty;
        using var part = new PartDeflater(level);
        foreach (var data in parts)
        {
            foreach (var some in data.Chunk(100_000))
            {
                part.Write(some);
                joined.Write(part.Output.Span);
                part.ClearOutput();
            }

            sum = sum.Then(part.Complete());
            joined.Write(part.Output.Span);
            part.ClearOutput();
        }

        joined.Write(ZlibJoin.End(sum));
        return joined.ToArray();
    }

    private static byte[] Inflate(byte[] stream)
    {
        using var zlib = new ZLibStream(new MemoryStream(stream), CompressionMode.Decompress);
        using var data = new MemoryStream();
        zlib.CopyTo(data);
        return data.ToArray();
    }

    // Half of it repeats and half does not, so that every kind of deflate block appears.
    private static byte[] Pattern(int seed, int length)
    {
        var data = new byte[length];
        new Random(seed).NextBytes(data.AsSpan(0, length / 2));
        for (var at = length / 2; at < length; at++)
            data[at] = (byte)(at % 61);
        return data;
    }
}
