using Godwit.Copy.Rows;

namespace Godwit.Copy.Archive;

#pragma warning disable CA1001 // A semaphore that nobody waits for by a handle has nothing to be disposed of, and the rows go with the last who reads them.
/// <summary>A large table's block, of which several workers take lines: whoever wants some reads on, while the others send theirs. One alone decompresses faster
/// than a server takes rows.</summary>
/// <param name="open">Opens the block, for whoever comes first.</param>
internal sealed class SharedBlock(Func<CancellationToken, Task<RowContent>> open)
{
    /// <summary>The beginning of a line that is held back for whoever comes next, who may have a smaller buffer.</summary>
    private const int RestBytesMax = 64 * 1024;

    private readonly SemaphoreSlim _reading = new(1);
    private RowContent? _rows;

    // The beginning of a line, whose end is not read yet.
    private byte[] _rest = [];
    private bool _isAtEnd;
    private int _readers;

    /// <param name="isFirst">Of all shares; it tells for them how far the block was read.</param>
    public RowContent Join(bool isFirst)
    {
        Interlocked.Increment(ref _readers);
        return new Share(this, isFirst);
    }

    /// <summary>Fills the buffer with whole lines, or with a part of one that is too long for it.</summary>
    /// <param name="buffer">Longer than what is held back.</param>
    /// <returns>How many bytes, and whether a line ends behind them. 0: the block has ended, and was proven whole.</returns>
    private async ValueTask<(int Filled, bool IsWhole)> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        if (_isAtEnd)
            return (0, true);
        _rows ??= await open(ct);
        _rest.CopyTo(buffer);
        var filled = _rest.Length + await _rows.ReadAsync(buffer[_rest.Length..], ct);
        _isAtEnd = filled == _rest.Length;
        _rest = [];
        var lines = _isAtEnd ? filled : buffer.Span[..filled].LastIndexOf((byte)'\n') + 1;
        // What is held back must leave room for more.
        if (filled - lines > Math.Min(RestBytesMax, buffer.Length / 2))
            return (filled, false);
        _rest = buffer[lines..filled].ToArray();
        return (lines, true);
    }

    private ValueTask LeaveAsync() => Interlocked.Decrement(ref _readers) == 0 && _rows is not null ? _rows.DisposeAsync() : ValueTask.CompletedTask;

    private sealed class Share(SharedBlock block, bool isFirst) : RowContent
    {
        private bool _isReading;
        private long _rows;

        public override long SourceBytes => isFirst ? block._rows?.SourceBytes ?? 0 : 0;

        public override long? Rows => _rows;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
        {
            // Who has the beginning of a line has its end, too.
            if (!_isReading)
                await block._reading.WaitAsync(ct);
            _isReading = true;
            var (filled, isWhole) = await block.ReadAsync(buffer, ct);
            if (isWhole)
                StopReading();
            _rows += buffer.Span[..filled].Count((byte)'\n');
            return filled;
        }

        public override ValueTask DisposeAsync()
        {
            if (_isReading)
                StopReading();
            return block.LeaveAsync();
        }

        private void StopReading()
        {
            _isReading = false;
            block._reading.Release();
        }
    }
}
