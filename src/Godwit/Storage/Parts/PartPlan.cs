using System.Globalization;

namespace Godwit.Storage.Parts;

/// <summary>How large each part of an upload is: alike as far as the object is expected to reach, then larger and
/// larger, so that even an object of which nobody knows how long it gets never needs more parts than the service
/// takes.</summary>
/// <param name="FirstBytes">Size of the first <paramref name="SteadyParts"/>.</param>
/// <param name="StepParts">Behind them the size doubles with every so many.</param>
internal sealed record PartPlan(int FirstBytes, int SteadyParts, int StepParts)
{
    private const int MiB = 1024 * 1024;

    /// <summary>Larger than any service's least (5 MiB), and small enough that a few in memory are nothing.</summary>
    private const int FirstBytesMin = 8 * MiB;

    /// <summary>Each part costs the service as much as some MiB of data do (who asks, may he, where does it go): with
    /// half as many the upload of a GiB into a small Swift took a sixth less time. bench/store measures it.</summary>
    private const int FirstBytesOfMany = 16 * MiB;

    /// <summary>From here on there are enough parts to keep a few of them under way, also of the larger size.</summary>
    private const long ManyBytes = 256L * MiB;

    /// <summary>Doubling for ever would need 4 GiB of memory for one part in the end; with this much from the 8,001st
    /// part on, the sum of 10,000 parts is just above the 5 TiB that an object of S3 may have.</summary>
    private const int BytesMax = 1620 * MiB;

    /// <summary>An expected size is an estimate; what exceeds it a little shall not cost larger parts.</summary>
    private const double Reserve = 1.1;

    /// <param name="expectedBytes">Of the whole object; null when nobody could say.</param>
    /// <param name="partsMax">What the service takes: 10,000 of S3, 50,000 of Azure Blob.</param>
    public static PartPlan For(long? expectedBytes, int partsMax)
    {
        var wanted = (long)((expectedBytes ?? 0) * Reserve);
        // Half of the parts for what is expected: the other half, growing, is more than a hundred times as much again.
        var even = (wanted / (partsMax / 2) / MiB + 1) * MiB;
        var first = (int)Math.Clamp(even, wanted < ManyBytes ? FirstBytesMin : FirstBytesOfMany, BytesMax);
        var steady = (int)Math.Clamp((wanted / first) + 1, partsMax / 10, partsMax);
        return new(first, steady, Math.Max((partsMax - steady) / 9, 1));
    }

    /// <summary>As it is kept with an object, for whoever checks it later by its parts.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{FirstBytes}/{SteadyParts}/{StepParts}");

    /// <summary>Null when it is none of ours.</summary>
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

    /// <summary>Parts in memory at once, one of them being filled and the others on their way. Those under way fill one
    /// connection's waiting time with another's sending; more gained nothing. Large parts keep a line busy by
    /// themselves, and are what costs memory.</summary>
    /// <remarks>With the part that is held back for a head: 40 MiB as long as parts have 8 MiB, 80 MiB with 16, 104 MiB
    /// and more with 32, and beyond that two parts, which are as large as the object demands.</remarks>
    public int InMemoryAt(int number) => SizeOf(number) switch
    {
        < 32 * MiB => 4,
        < 64 * MiB => 3,
        _ => 2,
    };

    /// <summary>Which parts a head of so many bytes needs to go up last, at least one, and how much of the body fills
    /// up the last of them.</summary>
    /// <remarks>Filling it keeps all parts equal, as far as they are for any object: some services ask for that.
    /// https://developers.cloudflare.com/r2/objects/multipart-objects/#limitations</remarks>
    public (int Count, int BodyBytes) UnderHead(int headBytes)
    {
        var count = 1;
        var held = (long)SizeOf(1);
        while (held < headBytes)
            held += SizeOf(++count);
        return (count, (int)(held - headBytes));
    }
}
