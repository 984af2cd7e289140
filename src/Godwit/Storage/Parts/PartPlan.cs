using System.Globalization;

namespace Godwit.Storage.Parts;

/// <summary>The size of each part of an upload: equal up to the expected size, then growing. So even an object of
/// unknown length never needs more parts than the service accepts.</summary>
/// <param name="FirstBytes">Size of the first <paramref name="SteadyParts"/> parts.</param>
/// <param name="StepParts">After those, the size doubles every so many parts.</param>
internal sealed record PartPlan(int FirstBytes, int SteadyParts, int StepParts)
{
    private const int MiB = 1024 * 1024;

    // Above every service's minimum (5 MiB), and small enough to keep a few in memory.
    private const int FirstBytesMin = 8 * MiB;

    // Each part costs the service as much as some MiB of data (authentication, authorization, placement). With half as
    // many parts, uploading a GiB to a small Swift took a sixth less time. bench/store measures it.
    private const int FirstBytesOfMany = 16 * MiB;

    // From this size on there are enough of the larger parts to keep a few under way.
    private const long ManyBytes = 256L * MiB;

    // Limits the doubling, which would end at 4 GiB of memory for one part. With this limit from the 8,001st part on,
    // 10,000 parts hold just more than the 5 TiB that an S3 object may have.
    private const int BytesMax = 1620 * MiB;

    // The expected size is an estimate; exceeding it a little must not lead to larger parts.
    private const double Reserve = 1.1;

    /// <param name="expectedBytes">Of the whole object. Null: unknown.</param>
    /// <param name="partsMax">The service's limit: 10,000 at S3, 50,000 at Azure Blob.</param>
    public static PartPlan For(long? expectedBytes, int partsMax)
    {
        var wanted = (long)((expectedBytes ?? 0) * Reserve);
        // Half of the parts hold the expected size; the other half grows and holds over a hundred times as much again.
        var even = (wanted / (partsMax / 2) / MiB + 1) * MiB;
        var first = (int)Math.Clamp(even, wanted < ManyBytes ? FirstBytesMin : FirstBytesOfMany, BytesMax);
        var steady = (int)Math.Clamp((wanted / first) + 1, partsMax / 10, partsMax);
        return new(first, steady, Math.Max((partsMax - steady) / 9, 1));
    }

    /// <summary>The format stored with an object, for a later check by its parts.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{FirstBytes}/{SteadyParts}/{StepParts}");

    /// <summary>Null: not in Godwit's format.</summary>
    public static PartPlan? TryParse(string? text)
    {
        var numbers = (text ?? "").Split('/');
        return numbers.Length == 3 && Read(numbers[0]) is { } first && Read(numbers[1]) is { } steady
            && Read(numbers[2]) is { } step
            ? new(first, steady, step)
            : null;
        static int? Read(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture,
            out var read) && read > 0 ? read : null;
    }

    /// <param name="number">From 1.</param>
    public int SizeOf(int number) => number <= SteadyParts
        ? FirstBytes
        : (int)Math.Min(BytesMax, (long)FirstBytes << Math.Min(1 + ((number - 1 - SteadyParts) / StepParts), 31));

    /// <summary>Parts in memory at once: one being filled, the others being sent. While one connection waits, another
    /// sends; more parts gained nothing. A large part keeps a line busy alone, and needs most memory. With the part
    /// held back for a head: 40 MiB with parts of 8 MiB, 80 MiB with 16, 104 MiB and more with 32, and beyond that two
    /// parts of the size that the object demands.</summary>
    public int InMemoryAt(int number) => SizeOf(number) switch
    {
        < 32 * MiB => 4,
        < 64 * MiB => 3,
        _ => 2,
    };

    /// <summary>How many parts a head of this size covers (at least one), which are sent last, and how many bytes of
    /// the body fill the last of them. Filling it keeps all parts equal in size, where the plan has equal parts: some
    /// services require that. https://developers.cloudflare.com/r2/objects/multipart-objects/#limitations</summary>
    public (int Count, int BodyBytes) UnderHead(int headBytes)
    {
        var count = 1;
        var held = (long)SizeOf(1);
        while (held < headBytes)
            held += SizeOf(++count);
        return (count, (int)(held - headBytes));
    }
}
