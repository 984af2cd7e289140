using Godwit.Storage.Parts;
using Godwit.Storage.S3;

namespace Godwit.Tests.Storage;

public sealed class PartPlanTests
{
    private const long MiB = 1024 * 1024;
    private const long GiB = 1024 * MiB;

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
    private const long ObjectBytesMax = 5L << 40;
    private const long PartBytesMin = 5L << 20;

    private static readonly PartPlan Unknown = PartPlan.For(expectedBytes: null, S3Limits.PartsMax);

    [Fact]
    public void Ten_thousand_parts_hold_the_largest_object_there_may_be()
    {
        var sizes = Sizes(Unknown, S3Limits.PartsMax);

        Assert.InRange(sizes.Sum(), ObjectBytesMax, ObjectBytesMax * 11 / 10);
        Assert.Equal(sizes.Order(), sizes);
        Assert.All(sizes, size => Assert.InRange(size, PartBytesMin, Array.MaxLength));
    }

    [Theory]
    [InlineData(0, 8, S3Limits.PartsMax)]
    [InlineData(20, 16, S3Limits.PartsMax)]
    [InlineData(100, 23, S3Limits.PartsMax)]
    [InlineData(1024, 231, S3Limits.PartsMax)]
    [InlineData(1024, 47, 50_000)]
    public void Parts_are_alike_as_far_as_the_object_is_expected_to_reach_and_have_room_for_ten_times_as_much(
        long expectedGiB, int partMiB, int partsMax)
    {
        var plan = PartPlan.For(expectedGiB * GiB, partsMax);

        Assert.Equal(partMiB * MiB, plan.FirstBytes);
        Assert.All(Sizes(plan, (int)(expectedGiB * GiB / plan.FirstBytes) + 1),
            size => Assert.Equal(plan.FirstBytes, size));
        Assert.InRange(Sizes(plan, partsMax).Sum(),
            Math.Min(10 * expectedGiB * GiB, ObjectBytesMax), long.MaxValue);
    }

    [Theory]
    [InlineData(200, 8)]
    [InlineData(300, 16)]
    public void An_object_of_many_parts_has_larger_ones(int expectedMiB, int partMiB) =>
        Assert.Equal(partMiB * MiB, PartPlan.For(expectedMiB * MiB, S3Limits.PartsMax).FirstBytes);

    [Theory]
    [InlineData(8_000, 40)]
    [InlineData(24_000, 72)]
    [InlineData(56_000, 104)]
    [InlineData(120_000, 136)]
    public void The_buffers_of_a_dump_of_which_nobody_knew_the_size_stay_far_below_the_memory_of_a_small_machine(
        int dumpMiB, int buffersMiB) =>
        Assert.Equal(buffersMiB, BuffersBytes(Unknown, dumpMiB * MiB) / MiB);

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    [InlineData(200)]
    [InlineData(500)]
    public void An_expected_dump_of_half_a_tebibyte_needs_a_third_of_a_gibibyte(int dumpGiB) =>
        Assert.InRange(BuffersBytes(PartPlan.For(dumpGiB * GiB, S3Limits.PartsMax), dumpGiB * GiB),
            40 * MiB, 350 * MiB);

    [Theory]
    [InlineData(0, 1, 8 * MiB)]
    [InlineData(1, 1, 8 * MiB - 1)]
    [InlineData(8 * MiB, 1, 0)]
    [InlineData(8 * MiB + 1, 2, 8 * MiB - 1)]
    [InlineData(int.MaxValue, 256, 1)]
    public void The_parts_of_a_head_are_filled_up_with_the_beginning_of_the_body(int head, int parts, long body) =>
        Assert.Equal((parts, (int)body), Unknown.UnderHead(head));

    [Fact]
    public void A_plan_is_read_back_as_it_was_written_and_nothing_else_is_read()
    {
        Assert.Equal(Unknown, PartPlan.TryParse(Unknown.ToString()));
        Assert.All(new[] { null, "", "8", "8/1", "8/1/0", "-8/1/1", "8/1/1/1", "a/b/c", "99999999999/1/1" },
            text => Assert.Null(PartPlan.TryParse(text)));
    }

    private static List<long> Sizes(PartPlan plan, int count) =>
        [.. Enumerable.Range(1, count).Select(number => (long)plan.SizeOf(number))];

    private static long BuffersBytes(PartPlan plan, long objectBytes)
    {
        var most = 0L;
        var number = 1;
        for (long sent = 0; sent < objectBytes; number++)
        {
            most = Math.Max(most, (long)plan.InMemoryAt(number) * plan.SizeOf(number));
            sent += plan.SizeOf(number);
        }

        // And the part that waits for the head.
        return most + plan.SizeOf(1);
    }
}
