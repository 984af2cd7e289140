namespace Godwit.Copy.Rows;

/// <summary>A part and its reported progress. If the part is sent again, nothing is reported until it is further than
/// before: progress never goes down.</summary>
internal sealed class PartProgress(RowPart part, CopyWatch watch)
{
    private long _sourceBytes;
    private long _rows;

    /// <summary>The planned part.</summary>
    public RowPart Part => part;

    /// <param name="sourceBytes">Total for the part.</param>
    /// <param name="rows">Total for the part.</param>
    public void Report(long sourceBytes, long rows)
    {
        watch.Copied(Math.Max(0, sourceBytes - _sourceBytes), Math.Max(0, rows - _rows));
        (_sourceBytes, _rows) = (Math.Max(sourceBytes, _sourceBytes), Math.Max(rows, _rows));
    }
}
