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

    /// <param name="number">From 1, as S3 counts.</param>
    public static int SizeOf(int number) => (int)Math.Min(BytesMax, (long)FirstBytes << ((number - 1) / PartsPerStep));

    /// <summary>Parts in memory at once, one of them being filled and the others on their way. Those under way fill one connection's waiting
    /// time with another's sending; more gained nothing. Large parts keep a line busy by themselves, and are what costs memory.</summary>
    /// <remarks>With the part that is held back for the head (<see cref="FirstBytes"/>): 40 MiB up to an object of 8 GB, 72 MiB up to 24 GB,
    /// 104 MiB up to 56 GB, 136 MiB up to 120 GB, and beyond that two parts, which are as large as the object demands.</remarks>
    public static int InMemoryAt(int number) => SizeOf(number) switch
    {
        < 32 * MiB => 4,
        < 64 * MiB => 3,
        _ => 2,
    };

    /// <summary>Which parts a head of so many bytes needs to go up last, at least one, and how much of the body fills up the last of them.</summary>
    /// <remarks>Filling it keeps all parts equal, as far as they are for any object: some services ask for that.
    /// https://developers.cloudflare.com/r2/objects/multipart-objects/#limitations</remarks>
    public static (int Count, int BodyBytes) UnderHead(int headBytes)
    {
        var count = 1;
        var held = (long)SizeOf(1);
        while (held < headBytes)
            held += SizeOf(++count);
        return (count, (int)(held - headBytes));
    }
}
