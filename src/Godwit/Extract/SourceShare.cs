namespace Godwit.Extract;

/// <summary>Turns bytes that are read into bytes at the source, in which the size of a part was told: while it is read
/// an estimate, at its end exact.</summary>
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
