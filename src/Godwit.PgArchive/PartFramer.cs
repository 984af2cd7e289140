namespace Godwit.PgArchive;

/// <summary>Makes each part a frame of its own (LZ4, Zstandard). Whoever decompresses takes the next frame for the rest
/// of the same data, so nothing joins them.</summary>
/// <param name="open">Opens a compressor that writes one frame, and ends it when it is disposed.</param>
/// <param name="owned">What all frames share; disposed at the end.</param>
internal sealed class PartFramer(Func<Stream, Stream> open, IDisposable? owned) : IPartCompressor
{
    private readonly PartSink _sink = new();
    private Stream? _frame;
    private long _bytes;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Output => _sink.Written;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;
        _frame ??= open(_sink);
        _frame.Write(data);
        _bytes += data.Length;
    }

    /// <inheritdoc/>
    public void ClearOutput() => _sink.Clear();

    /// <inheritdoc/>
    public PartSum Complete()
    {
        _frame?.Dispose();
        var sum = PartSum.Empty with { Bytes = _bytes };
        (_frame, _bytes) = (null, 0);
        return sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _frame?.Dispose();
        owned?.Dispose();
        _sink.Dispose();
    }
}
