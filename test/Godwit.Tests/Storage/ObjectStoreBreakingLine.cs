using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Download;

namespace Godwit.Tests.Storage;

/// <summary>Pieces of a real object, over a line with faults of its own. It counts what went over it.</summary>
internal sealed class ObjectStoreBreakingLine(IObjectStore store, StoredObject what) : IRangeSource
{
    private long _given;
    private int _opened;
    private int _under;
    private int _underMax;

    public string Name => what.Key;

    /// <summary>How many bytes the connection gives that is opened as the so-manieth; then it breaks.</summary>
    public Func<int, long> BreakAfter { get; init; } = _ => long.MaxValue;

    /// <summary>What the connection answers that is opened as the so-manieth, instead of bytes.</summary>
    public Func<int, Fault?> Refuse { get; init; } = _ => null;

    /// <summary>Of the byte at this place of the object one bit is changed.</summary>
    public long FlipAt { get; init; } = -1;

    /// <summary>How many bytes the connection gives that is opened as the so-manieth; then nothing comes any
    /// more.</summary>
    public Func<int, long> SilentAfter { get; init; } = _ => long.MaxValue;

    /// <summary>Before each connection gives something.</summary>
    public TimeSpan Wait { get; init; }

    public int UnderWay => _under;

    public long GivenBytes => Interlocked.Read(ref _given);

    public int Opened => _opened;

    public int UnderWayMax => _underMax;

    public RangesStream Download(DownloadPlan plan, TimeProvider? clock = null) =>
        new(this, what.SizeBytes, plan, PartsCheck.For(what, store.Address), clock ?? TimeProvider.System);

    public async Task<Stream> OpenAsync(long offsetBytes, long lengthBytes, CancellationToken ct)
    {
        var turn = Interlocked.Increment(ref _opened);
        if (Refuse(turn) is { } fault)
            throw new FaultException(fault);
        return new Connection(this, await store.OpenAsync(what.Key,
            new ObjectRange(offsetBytes, lengthBytes, what.ETag), ct), offsetBytes, turn);
    }

    private sealed class Connection : ForwardOnlyStream
    {
        private readonly ObjectStoreBreakingLine _line;
        private readonly Stream _inner;
        private long _at;
        private long _left;
        private long _talks;
        private bool _waited;

        public Connection(ObjectStoreBreakingLine line, Stream inner, long at, int turn)
        {
            (_line, _inner, _at, _left, _talks) = (line, inner, at, line.BreakAfter(turn), line.SilentAfter(turn));
            var under = Interlocked.Increment(ref line._under);
            InterlockedMax(ref line._underMax, under);
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0)
                throw new IOException("the line broke");
            if (_talks == 0)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            if (!_waited)
                await Task.Delay(_line.Wait, cancellationToken);
            _waited = true;
            var read = await _inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, Math.Min(_left, _talks))],
                cancellationToken);
            if (_line.FlipAt >= _at && _line.FlipAt < _at + read)
                buffer.Span[(int)(_line.FlipAt - _at)] ^= 0x10;
            _at += read;
            _left -= read;
            _talks -= read;
            Interlocked.Add(ref _line._given, read);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                Interlocked.Decrement(ref _line._under);
                _inner.Dispose();
            }

            base.Dispose(disposing);
        }

        private static void InterlockedMax(ref int target, int value)
        {
            for (var seen = target; seen < value; seen = target)
                Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
