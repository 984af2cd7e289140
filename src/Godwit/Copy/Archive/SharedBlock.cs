using Godwit.Copy.Rows;

namespace Godwit.Copy.Archive;

#pragma warning disable CA1001 // A semaphore without a wait handle holds nothing; the rows go with their last reader.
/// <summary>A large table's block that several workers read in turns: one reads on while the others send. A single
/// reader decompresses faster than a server accepts rows.</summary>
/// <param name="open">Opens the block for the first reader, and for one that sends its lines again.</param>
internal sealed class SharedBlock(Func<CancellationToken, Task<RowContent>> open)
{
    // The beginning of a line that is held back for the next reader, whose buffer may be smaller.
    private const int RestBytesMax = 64 * 1024;

    // Pieces of the block remembered for each share: 1.6 MB at most, for some 25 GB of lines. A larger share cannot be
    // sent again.
    private const int PiecesMax = 100_000;

    private readonly SemaphoreSlim _reading = new(1);
    private readonly Lock _gate = new();

    // What each share has taken, by its number; adjacent pieces are merged.
    private readonly Dictionary<int, List<BlockPiece>> _taken = [];

    private RowContent? _rows;

    // The beginning of a line whose end was not read yet.
    private byte[] _rest = [];

    // Bytes given to the shares so far.
    private long _given;
    private bool _isAtEnd;
    private int _readers;

    // The share that has the beginning of a line; only this share may read on.
    private int? _hasLine;

    /// <param name="number">The share's number. Share 0 reports the bytes read for all. A share read before begins with
    /// the same lines.</param>
    public RowContent Join(int number)
    {
        lock (_gate)
        {
            _readers++;
            var hasLine = _hasLine == number;
            _hasLine = hasLine ? null : _hasLine;
            return new Share(this, number, [.. Taken(number)], hasLine);
        }
    }

    /// <summary><see cref="Join"/> can return the share's lines again.</summary>
    public bool CanRepeat(int number)
    {
        lock (_gate)
            return Taken(number).Count < PiecesMax;
    }

    private Task<RowContent> BlockAsync(CancellationToken ct) => open(ct);

    private List<BlockPiece> Taken(int number) =>
        _taken.TryGetValue(number, out var pieces) ? pieces : _taken[number] = [];

    /// <summary>Fills the buffer with whole lines, or with a part of a line that is too long for it.</summary>
    /// <param name="buffer">Longer than what is held back.</param>
    /// <returns>The number of bytes, and whether they end with a line. 0: the block has ended, and was proven
    /// whole.</returns>
    private async ValueTask<(int Filled, bool IsWhole)> ReadAsync(int number, Memory<byte> buffer, CancellationToken ct)
    {
        if (_isAtEnd)
            return (0, true);
        _rows ??= await OpenAsync(buffer, ct);
        _rest.CopyTo(buffer);
        var filled = _rest.Length + await _rows.ReadAsync(buffer[_rest.Length..], ct);
        _isAtEnd = filled == _rest.Length;
        _rest = [];
        var lines = _isAtEnd ? filled : buffer.Span[..filled].LastIndexOf((byte)'\n') + 1;
        // What is held back must leave room for more.
        if (filled - lines > Math.Min(RestBytesMax, buffer.Length / 2))
        {
            Give(number, filled);
            return (filled, false);
        }

        _rest = buffer[lines..filled].ToArray();
        Give(number, lines);
        return (lines, true);
    }

    private void Give(int number, int bytes)
    {
        lock (_gate)
        {
            var taken = Taken(number);
            if (taken is [.., var last] && last.At + last.Length == _given)
                taken[^1] = last with { Length = last.Length + bytes };
            else if (taken.Count < PiecesMax && bytes > 0)
                taken.Add(new(_given, bytes));
        }

        _given += bytes;
    }

    // Opens the block at the shares' position: its last reader may have left before the end, to come again.
    private async Task<RowContent> OpenAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var rows = await BlockAsync(ct);
        _rest = [];
        for (var passed = 0L; passed < _given;)
        {
            // Bytes after the position are held back, and must leave room for more.
            var read = await rows.ReadAsync(buffer[..Math.Min(RestBytesMax, buffer.Length / 2)], ct);
            _rest = passed + read > _given ? buffer[(int)(_given - passed)..read].ToArray() : [];
            passed = read == 0 ? _given : passed + read;
        }

        return rows;
    }

    /// <param name="hasLine">True: the share has begun a line; only it may read the rest. All others wait until it
    /// comes again, or are stopped.</param>
    private async ValueTask LeaveAsync(int number, bool hasLine)
    {
        RowContent? rows = null;
        lock (_gate)
        {
            _hasLine = hasLine ? number : _hasLine;
            if (--_readers == 0)
                (rows, _rows) = (_rows, null);
        }

        if (rows is not null)
            await rows.DisposeAsync();
    }

    private sealed class Share(
        SharedBlock block, int number, IReadOnlyList<BlockPiece> before, bool isReading) : RowContent
    {
        private RepeatedLines? _repeated;
        private bool _isRepeated = before.Count == 0;
        private bool _isReading = isReading;
        private long _rows;

        public override long SourceBytes => number == 0 ? block._rows?.SourceBytes ?? 0 : 0;

        public override long? Rows => _rows;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
        {
            var filled = await RepeatAsync(buffer, ct);
            filled = filled > 0 ? filled : await TakeAsync(buffer, ct);
            _rows += buffer.Span[..filled].Count((byte)'\n');
            return filled;
        }

        public override async ValueTask DisposeAsync()
        {
            if (_repeated is not null)
                await _repeated.DisposeAsync();
            await block.LeaveAsync(number, _isReading);
        }

        /// <returns>0: all lines it had before were repeated.</returns>
        private async ValueTask<int> RepeatAsync(Memory<byte> buffer, CancellationToken ct)
        {
            if (_isRepeated)
                return 0;
            _repeated ??= new(await block.BlockAsync(ct), before);
            var filled = await _repeated.ReadAsync(buffer, ct);
            _isRepeated = filled == 0;
            return filled;
        }

        private async ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken ct)
        {
            // The share with the beginning of a line reads its end too.
            if (!_isReading)
                await block._reading.WaitAsync(ct);
            _isReading = true;
            var (filled, isWhole) = await block.ReadAsync(number, buffer, ct);
            if (isWhole)
            {
                _isReading = false;
                block._reading.Release();
            }

            return filled;
        }
    }
}
