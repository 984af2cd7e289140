using Godwit.Storage.S3;

namespace Godwit.Tests.Storage;

public sealed class S3PartsTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public void Ten_thousand_parts_hold_the_largest_object_there_may_be()
    {
        var sizes = Enumerable.Range(1, S3Parts.CountMax).Select(number => (long)S3Parts.SizeOf(number)).ToList();

        Assert.InRange(sizes.Sum(), S3Parts.ObjectBytesMax, S3Parts.ObjectBytesMax * 11 / 10);
        Assert.Equal(sizes.Order(), sizes);
        Assert.All(sizes, size => Assert.InRange(size, S3Parts.BytesMin, Array.MaxLength));
    }

    [Fact]
    public void A_dump_of_a_hundred_gigabytes_needs_no_more_than_a_quarter_of_a_gigabyte_of_buffers()
    {
        var number = 1;
        for (long sent = 0; sent < 100_000 * MiB; number++)
            sent += S3Parts.SizeOf(number);

        // One more is being filled while the others are under way.
        Assert.InRange((S3Parts.InFlightAt(number) + 1L) * S3Parts.SizeOf(number), 1, 256 * MiB);
    }
}
