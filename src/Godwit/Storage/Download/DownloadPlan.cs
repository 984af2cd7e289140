using Godwit.Storage.Calls;

namespace Godwit.Storage.Download;

/// <summary>How a download is cut into ranges. What is in memory never exceeds <see cref="ParallelMax"/> times
/// <see cref="RangeBytes"/>: 64 MiB.</summary>
internal sealed record DownloadPlan
{
    private const int MiB = 1024 * 1024;

    public static DownloadPlan Default { get; } = new();

    /// <summary>For one of several that read pieces of one thing side by side. Thirty-two of them hold 128 MiB at
    /// most.</summary>
    public static DownloadPlan Piece { get; } = new() { FirstBytes = MiB, RangeBytes = 2 * MiB, ParallelMax = 2 };

    /// <summary>Read alone, before anything else is asked for: who wants only a table of contents has it in there as a
    /// rule, and pays for no more.</summary>
    public int FirstBytes { get; init; } = MiB;

    /// <summary>Large enough that the wait for the first byte (a few hundredths of a second) is small beside it, small
    /// enough that one which breaks costs little.</summary>
    public int RangeBytes { get; init; } = 8 * MiB;

    /// <summary>Ranges under way at once. One connection of a service carries 50 to 90 MB/s and waits in between; with
    /// so many a line is full.
    /// docs.aws.amazon.com/whitepapers/latest/s3-optimizing-performance-best-practices/use-byte-range-fetches.html
    /// </summary>
    public int ParallelMax { get; init; } = 8;

    /// <summary>Attempts without progress, before the download is given up. It rides out about a minute without
    /// network.</summary>
    public int AttemptsMax { get; init; } = StoreRetry.PartAttemptsMax;

    /// <summary>So much is progress: attempts are counted anew behind it. A bound on attempts alone would give up a
    /// large range on a line that breaks every few seconds; none at all would follow one that gives a byte each
    /// time.</summary>
    public int ProgressBytes { get; init; } = MiB / 4;
}
