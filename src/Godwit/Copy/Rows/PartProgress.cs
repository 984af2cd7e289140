namespace Godwit.Copy.Rows;

/// <summary>A part, and what was reported of it. Sent once more, it reports nothing before it is further than it was:
/// what is done never goes down.</summary>
internal sealed class PartProgress(RowPart part, CopyWatch watch)
{
    private long _sourceBytes;
    private long _rows;

    /// <summary>As it was planned.</summary>
    public RowPart Part => part;

    /// <param name="sourceBytes">Of the part.</param>
    /// <param name="rows">Of the part.</param>
    public void Report(long sourceBytes, long rows)
    {
        watch.Copied(Math.Max(0, sourceBytes - _sourceBytes), Math.Max(0, rows - _rows));
        (_sourceBytes, _rows) = (Math.Max(sourceBytes, _sourceBytes), Math.Max(rows, _rows));
    }
}
