using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>Buffers what was read of a stream (an archive's head, which its reader holds too) until it is read again
/// from the beginning.</summary>
internal sealed class ReplayedStream(Stream source) : ForwardOnlyStream
{
    private readonly MemoryStream _read = new();
    private bool _isRewound;

    /// <summary>May be called once.</summary>
    public void Rewind()
    {
        _read.Position = 0;
        _isRewound = true;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isRewound && _read.Position < _read.Length)
            return _read.Read(buffer.Span);
        var read = await source.ReadAsync(buffer, cancellationToken);
        if (_isRewound)
            _read.SetLength(0);
        else
            _read.Write(buffer.Span[..read]);
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await base.DisposeAsync();
    }
}
