using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Pipeline;

namespace Godwit.Copy;

/// <summary>How far a copy is: rows and bytes from all workers, and what is being made of them.</summary>
internal sealed class CopyWatch(string step, IProgress<StepEvent> progress, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long _planned;
    private long _copied;
    private long _rows;

    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Once, before the first row.</summary>
    /// <param name="sourceBytes">What all rows take at the source.</param>
    public void Planned(long sourceBytes) => _planned = sourceBytes;

    /// <param name="sourceBytes">Of those planned.</param>
    public void Copied(long sourceBytes, long rows)
    {
        // Told under the lock: what several workers tell at once would go backwards otherwise.
        lock (_gate)
        {
            _copied += sourceBytes;
            _rows += rows;
            progress.Report(new BytesMoved(step, clock.GetUtcNow(), _copied, _planned, _rows));
        }
    }

    /// <summary>Something at the target begins that may take a while.</summary>
    public void Begun(string title, string state) => progress.Report(new StateChanged(step, clock.GetUtcNow(), title, state));

    /// <summary>What the target is without, because it would have refused it.</summary>
    /// <param name="list">Where the statements are, or how to have them, as a sentence.</param>
    public void LeftOut(IReadOnlyList<LeftOut> leftOut, string list)
    {
        foreach (var note in LeftOutWords.Notes(step, clock.GetUtcNow(), leftOut, list))
            progress.Report(note);
    }

    public void FewerJobs(int wanted, int had) => Note("copy.fewer_jobs",
        $"The copy uses {Named.Count(had, "connection")} to each side instead of {Named.Number(wanted)}",
        "the source has no more to spare", "It takes longer; close idle sessions at the source if that matters.");

    public void Note(string code, string what, string why, string remedy, string severity = "note") =>
        progress.Report(new Observed(step, clock.GetUtcNow(), code, severity, what, why, remedy));
}
