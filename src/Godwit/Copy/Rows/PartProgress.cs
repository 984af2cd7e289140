namespace Godwit.Copy.Rows;

/// <summary>A part's progress never goes down: if the part is sent again, nothing is reported until it is further than
/// before.</summary>
internal sealed class PartProgress(RowPart part, CopyWatch watch)
{
    private long _sourceBytes;
    private long _rows;

    /// <summary>The planned part.</summary>
    public RowPart Part => part;

    /// <summary>Totals for the part.</summary>
    public void Report(long sourceBytes, long rows)
    {
        watch.Copied(Math.Max(0, sourceBytes - _sourceBytes), Math.Max(0, rows - _rows));
        (_sourceBytes, _rows) = (Math.Max(sourceBytes, _sourceBytes), Math.Max(rows, _rows));
    }
}
