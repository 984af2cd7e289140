namespace Godwit.Storage;

/// <summary>The first bytes of another stream, which is disposed with this one.</summary>
internal sealed class ClippedStream(Stream inner, long lengthBytes) : ForwardOnlyStream
{
    private long _left = lengthBytes;

    /// <param name="lengthBytes">Null: the whole stream.</param>
    public static Stream Of(Stream inner, long? lengthBytes) =>
        lengthBytes is { } length ? new ClippedStream(inner, length) : inner;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0)
            return 0;
        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        _left -= read;
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
