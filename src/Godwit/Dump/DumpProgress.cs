using System.Globalization;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>Reports bytes stored and rows read, both exact, and the archive's final size, estimated from the share of
/// the source read.</summary>
internal sealed class DumpProgress(string step, IProgress<StepEvent> progress, TimeProvider clock)
    : IDumpWatch, IProgress<long>
{
    // No estimate before this share of the data is read.
    private const double EstimateFrom = 0.05;

    private readonly Lock _gate = new();
    private long? _planned;
    private long _read;
    private long _rows;
    private long _made;
    private long _sent;

    public void Planned(long sourceBytes)
    {
        lock (_gate)
            _planned = sourceBytes;
    }

    public void Advanced(long sourceBytes, long rows, long archiveBytes)
    {
        lock (_gate)
        {
            _read += sourceBytes;
            _rows += rows;
            _made += archiveBytes;
        }

        Tell();
    }

    public void Tell(IEnumerable<Finding> notes)
    {
        foreach (var note in notes)
            progress.Report(new Observed(step, clock.GetUtcNow(), note));
    }

    public void FewerJobs(int wanted, int had) => progress.Report(new Observed(step, clock.GetUtcNow(),
        "dump.fewer_jobs", Severity.Note,
        $"The dump uses {had.ToString(CultureInfo.InvariantCulture)} connection{(had == 1 ? "" : "s")} instead of "
        + $"{wanted.ToString(CultureInfo.InvariantCulture)}",
        "the source has no more to spare", "It takes longer; close idle sessions at the source if that matters."));

    public void Waits(LockWait wait) => progress.Report(new Observed(step, clock.GetUtcNow(), "dump.waits",
        Severity.Warning, $"The dump waits for {wait.Holder("the source")}", wait.Why,
        wait.Remedy("The dump gives up at last; --lock-wait says when.")));

    public void Report(long value)
    {
        // Parts are uploaded in parallel and may report out of order.
        lock (_gate)
            _sent = Math.Max(_sent, value);
        Tell();
    }

    private void Tell()
    {
        // Reported under the lock: otherwise reports of several workers could go backwards.
        lock (_gate)
        {
            var share = _planned is > 0 and { } planned ? (double)_read / planned : 0;
            var made = Math.Max(_made, _sent);
            progress.Report(new BytesMoved(
                step, clock.GetUtcNow(), _sent, share < EstimateFrom ? null : (long)(made / share),
                _rows == 0 ? null : _rows, _planned is null ? null : _read, _planned));
        }
    }
}
