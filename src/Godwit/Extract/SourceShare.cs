namespace Godwit.Extract;

/// <summary>Converts bytes read into bytes at the source, the unit of a part's size: an estimate while reading, exact
/// at the end.</summary>
internal sealed class SourceShare(long sourceBytes)
{
    private long _left = sourceBytes;

    public long Of(int readBytes)
    {
        var share = Math.Min(readBytes, _left);
        _left -= share;
        return share;
    }

    public long Rest()
    {
        var rest = _left;
        _left = 0;
        return rest;
    }
}
