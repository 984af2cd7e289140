using Godwit.Pipeline;
using Godwit.Proof;

namespace Godwit.Verify.Rows;

internal sealed class CompareTeller(Inventory inventory, IProgress<StepEvent> progress, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly long _total = inventory.Pairs.Sum(pair => pair.Source.Bytes + pair.Target.Bytes);
    private long _done;
    private long _rows;
    private int _compared;

    /// <summary>A part of a table was read on one side.</summary>
    public void Read(RowRange range, long rows)
    {
        lock (_lock)
        {
            // The total was measured during planning; a table may have grown since.
            _done = Math.Min(_total, _done + range.Bytes);
            _rows += rows;
            progress.Report(new BytesMoved(Verifier.StepName, clock.GetUtcNow(), _done, _total, _rows));
        }
    }

    public void Compared(TableVerdict verdict)
    {
        lock (_lock)
        {
            _compared++;
            progress.Report(new ItemCompared(Verifier.StepName, clock.GetUtcNow(), verdict.Table, verdict.RowsToHave,
                verdict.TargetRows, _compared, inventory.Pairs.Count + inventory.Unfilled.Count));
        }
    }
}
