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

    [Theory]
    [InlineData(8_000, 40)]
    [InlineData(24_000, 72)]
    [InlineData(56_000, 104)]
    [InlineData(120_000, 136)]
    public void The_buffers_of_an_ordinary_dump_stay_far_below_the_memory_of_a_small_machine(int dumpMiB, int buffersMiB)
    {
        var most = 0L;
        var number = 1;
        for (long sent = 0; sent < dumpMiB * MiB; number++)
        {
            most = Math.Max(most, (long)S3Parts.InMemoryAt(number) * S3Parts.SizeOf(number));
            sent += S3Parts.SizeOf(number);
        }

        // And the part that waits for the head.
        Assert.Equal(buffersMiB, (most + S3Parts.SizeOf(1)) / MiB);
    }

    [Theory]
    [InlineData(0, 1, 8 * MiB)]
    [InlineData(1, 1, 8 * MiB - 1)]
    [InlineData(8 * MiB, 1, 0)]
    [InlineData(8 * MiB + 1, 2, 8 * MiB - 1)]
    [InlineData(int.MaxValue, 256, 1)]
    public void The_parts_of_a_head_are_filled_up_with_the_beginning_of_the_body(int head, int parts, long body) =>
        Assert.Equal((parts, (int)body), S3Parts.UnderHead(head));
}
