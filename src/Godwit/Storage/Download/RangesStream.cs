using System.Buffers;
using System.IO.Pipelines;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.Download;

/// <summary>Ranges of one object, fetched several at once and handed out in their order. A range that breaks goes on at
/// the byte where it broke.</summary>
/// <param name="check">Compares at the end; null when there is nothing to compare with. Goes with the stream.</param>
/// <param name="owned">Goes with the stream too; null: the source is somebody else's.</param>
internal sealed class RangesStream(
    IRangeSource source, long sizeBytes, DownloadPlan plan, PartsCheck? check, TimeProvider clock,
    IDisposable? owned = null)
    : ForwardOnlyStream
{
    /// <summary>What a connection gives at once, more or less.</summary>
    private const int SegmentBytes = 64 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<Fetch> _ahead = new();
    private long _asked;
    private long _given;
    private bool _isDisposed;

    /// <summary>A piece of what the source gives. Of a piece there is no checksum.</summary>
    public static RangesStream OfPiece(IRangeSource source, long offset, long length, TimeProvider clock) =>
        new(new Shifted(source, offset), length, DownloadPlan.Piece, check: null, clock);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.IsEmpty)
            return 0;
        while (true)
        {
            LaunchMore();
            if (!_ahead.TryPeek(out var first))
                return End();
            var result = await first.Arrived.ReadAsync(cancellationToken);
            if (!result.Buffer.IsEmpty)
                return Give(first, result.Buffer, buffer.Span);
            // Its end: what it could not bring would have been thrown.
            await first.Arrived.CompleteAsync();
            _ahead.Dequeue();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            await _stop.CancelAsync();
            await ((Task)Task.WhenAll(_ahead.Select(fetch => fetch.Ending)))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var fetch in _ahead)
                await fetch.Arrived.CompleteAsync();
        }

        await base.DisposeAsync();
    }

    // Without a wait, what is under way ends a moment later by itself.
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _stop.Cancel();
            _stop.Dispose();
            check?.Dispose();
            owned?.Dispose();
        }

        base.Dispose(disposing);
    }

    // One, two, four and so on, with each doubling of what was read: who stops early has not paid for much that
    // nobody wanted.
    private void LaunchMore()
    {
        var parallel = 1;
        for (long read = plan.FirstBytes; read <= _given && parallel < plan.ParallelMax; read *= 2)
            parallel = Math.Min(parallel * 2, plan.ParallelMax);
        while (_asked < sizeBytes && _ahead.Count < parallel)
        {
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: SegmentBytes,
                useSynchronizationContext: false));
            // The second range is as much shorter as the first is long: from then on they begin where parts do, as far
            // as those are as large.
            var (from, length) = (_asked, Math.Min(
                _asked == 0 ? plan.FirstBytes : plan.RangeBytes - (_asked % plan.RangeBytes), sizeBytes - _asked));
            var stop = _stop.Token;
            // On a thread of the pool: signing a request is work that is done before the first wait.
            _ahead.Enqueue(new(pipe.Reader,
                Task.Run(() => FetchAsync(pipe.Writer, from, length, stop), CancellationToken.None)));
            _asked += length;
        }
    }

    private int Give(Fetch first, ReadOnlySequence<byte> arrived, Span<byte> buffer)
    {
        var piece = arrived.Slice(0, Math.Min(arrived.Length, buffer.Length));
        var count = (int)piece.Length;
        piece.CopyTo(buffer);
        first.Arrived.AdvanceTo(piece.End);
        check?.Append(buffer[..count]);
        _given += count;
        // Before the last byte is given, and not at the read behind it: who knows the size does not ask for that.
        if (_given == sizeBytes)
            check?.Require();
        return count;
    }

    private int End()
    {
        // Of an empty object no last byte was given.
        if (sizeBytes == 0)
            check?.Require();
        return 0;
    }

    private async Task FetchAsync(PipeWriter into, long from, long length, CancellationToken ct)
    {
        try
        {
            for (var done = 0L; done < length;)
                done += await AdvanceAsync(into, from + done, length - done, ct);
            await into.CompleteAsync();
        }
        catch (Exception e)
        {
            await into.CompleteAsync(e);
            throw;
        }
    }

    /// <returns>How many bytes came: all, or so many that attempts may be counted anew.</returns>
    private async Task<long> AdvanceAsync(PipeWriter into, long from, long length, CancellationToken ct)
    {
        var done = 0L;
        try
        {
            return await StoreRetry.RunAsync(plan.AttemptsMax, StoreRetry.StallMax,
                e => done < plan.ProgressBytes && IsPassing(e), clock, async attempt =>
                {
                    await using var body = await source.OpenAsync(from + done, length - done, attempt.Token);
                    while (done < length)
                    {
                        var room = into.GetMemory(1);
                        var read = await body.ReadAsync(room[..(int)Math.Min(room.Length, length - done)],
                            attempt.Token);
                        if (read == 0)
                            throw new FaultException(StorageFaults.CutShort(source.Name, length - done));
                        attempt.Alive();
                        done += read;
                        into.Advance(read);
                        await into.FlushAsync(CancellationToken.None);
                    }

                    return done;
                }, ct);
        }
        catch (Exception e) when (done >= plan.ProgressBytes && IsPassing(e))
        {
            return done;
        }
        catch (Exception e)
            when (e is not FaultException && NetworkErrors.ToFault(e, source.Name, source.Name) is { } fault)
        {
            throw new FaultException(fault, e);
        }
    }

    private static bool IsPassing(Exception e) =>
        e is FaultException said ? said.Fault.Kind == FaultKind.Transient : NetworkErrors.IsPassing(e);

    private sealed class Shifted(IRangeSource source, long by) : IRangeSource
    {
        public string Name => source.Name;

        public Task<Stream> OpenAsync(long offsetBytes, long lengthBytes, CancellationToken ct) =>
            source.OpenAsync(by + offsetBytes, lengthBytes, ct);
    }

    /// <param name="Ending">Ended, well or badly, when nothing is under way for it any more.</param>
    private sealed record Fetch(PipeReader Arrived, Task Ending);
}
