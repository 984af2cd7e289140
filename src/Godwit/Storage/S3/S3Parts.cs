namespace Godwit.Storage.S3;

/// <summary>How large each part of an upload of unknown length is: small as long as dumps usually are, larger with every thousand
/// parts, so that 10,000 of them hold the largest object there may be.</summary>
internal static class S3Parts
{
    /// <summary>S3's limits. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html</summary>
    public const int CountMax = 10_000;
    public const long ObjectBytesMax = 5L * 1024 * 1024 * 1024 * 1024;
    public const long BytesMin = 5L * MiB;

    private const int MiB = 1024 * 1024;
    private const int FirstBytes = 8 * MiB;
    private const int PartsPerStep = 1000;

    /// <summary>Doubling each thousand would need 4 GiB of memory for one part in the end; with this much from the 8,001st part on, the sum
    /// is just above 5 TiB.</summary>
    private const int BytesMax = 1620 * MiB;

    /// <summary>Parts under way at once fill one connection's waiting time with another's sending; more gained nothing. Large
    /// parts keep a line busy by themselves, and their buffers are what costs memory.</summary>
    private const int InFlightMax = 4;
    private const int InFlightOfLargeMax = 2;
    private const int LargeBytes = 64 * MiB;

    /// <param name="number">From 1, as S3 counts.</param>
    public static int SizeOf(int number) => (int)Math.Min(BytesMax, (long)FirstBytes << ((number - 1) / PartsPerStep));

    public static int InFlightAt(int number) => SizeOf(number) < LargeBytes ? InFlightMax : InFlightOfLargeMax;
}
