using Godwit.Storage.Calls;

namespace Godwit.Storage.Download;

/// <summary>How a download is divided into ranges. At most <see cref="ParallelMax"/> times <see cref="RangeBytes"/> (64
/// MiB) are in memory.</summary>
internal sealed record DownloadPlan
{
    private const int MiB = 1024 * 1024;

    public static DownloadPlan Default { get; } = new();

    /// <summary>For each of several readers of one object. Thirty-two of them hold at most 128 MiB.</summary>
    public static DownloadPlan Piece { get; } = new() { FirstBytes = MiB, RangeBytes = 2 * MiB, ParallelMax = 2 };

    /// <summary>Size of the first range, which is read alone: it usually holds an archive's whole table of contents,
    /// and nothing more is fetched for a reader who needs only that.</summary>
    public int FirstBytes { get; init; } = MiB;

    /// <summary>Large enough that the wait for the first byte (a few hundredths of a second) hardly counts, small
    /// enough that a broken range costs little.</summary>
    public int RangeBytes { get; init; } = 8 * MiB;

    /// <summary>Ranges under way at once. One connection to a service carries 50 to 90 MB/s with waits in between; this
    /// many fill a line.
    /// docs.aws.amazon.com/whitepapers/latest/s3-optimizing-performance-best-practices/use-byte-range-fetches.html
    /// </summary>
    public int ParallelMax { get; init; } = 8;

    /// <summary>Attempts without progress before the download fails: about a minute without network.</summary>
    public int AttemptsMax { get; init; } = StoreRetry.PartAttemptsMax;

    /// <summary>Bytes that count as progress and reset the attempts. Without a reset, a large range would fail on a
    /// line that breaks every few seconds; without a minimum, one byte per attempt would go on forever.</summary>
    public int ProgressBytes { get; init; } = MiB / 4;
}
