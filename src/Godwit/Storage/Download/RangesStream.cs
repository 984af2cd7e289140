using System.Buffers;
using System.IO.Pipelines;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.Download;

/// <summary>Fetches several ranges of one object at once and returns them in order. A range that breaks resumes at the
/// byte where it broke.</summary>
/// <param name="check">Checks the bytes at the end. Null: no checksum. Disposed with the stream.</param>
/// <param name="owned">Disposed with the stream. Null: the caller owns the source.</param>
internal sealed class RangesStream(
    IRangeSource source, long sizeBytes, DownloadPlan plan, PartsCheck? check, TimeProvider clock,
    IDisposable? owned = null)
    : ForwardOnlyStream
{
    // Roughly what a connection delivers at once.
    private const int SegmentBytes = 64 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<Fetch> _ahead = new();
    private long _asked;
    private long _given;
    private bool _isDisposed;

    /// <summary>A piece has no checksum.</summary>
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
            // This range is complete; an error would have been thrown.
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

    // Does not wait: the cancelled requests end a moment later.
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

    // 1, 2, 4 and so on, one step each time the bytes read double: a reader who stops early has fetched little too
    // much.
    private void LaunchMore()
    {
        var parallel = 1;
        for (long read = plan.FirstBytes; read <= _given && parallel < plan.ParallelMax; read *= 2)
            parallel = Math.Min(parallel * 2, plan.ParallelMax);
        while (_asked < sizeBytes && _ahead.Count < parallel)
        {
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: SegmentBytes,
                useSynchronizationContext: false));
            // The second range is shorter by the first one's length. From then on ranges start at multiples of
            // RangeBytes, so at part boundaries if parts are that large.
            var (from, length) = (_asked, Math.Min(
                _asked == 0 ? plan.FirstBytes : plan.RangeBytes - (_asked % plan.RangeBytes), sizeBytes - _asked));
            var stop = _stop.Token;
            // On the thread pool: signing a request is computing before the first await.
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
        // Checked before the last byte is given: a reader who knows the size reads no further.
        if (_given == sizeBytes)
            check?.Require();
        return count;
    }

    private int End()
    {
        // An empty object has no last byte.
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

    /// <returns>Bytes read: all, or enough to reset the attempts.</returns>
    private async Task<long> AdvanceAsync(PipeWriter into, long from, long length, CancellationToken ct)
    {
        var done = 0L;
        try
        {
            return await StoreRetry.RunAsync(plan.AttemptsMax, StoreRetry.StallMax,
                e => done < plan.ProgressBytes && IsTransient(e), clock, async attempt =>
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
        catch (Exception e) when (done >= plan.ProgressBytes && IsTransient(e))
        {
            return done;
        }
        catch (Exception e)
            when (e is not FaultException && NetworkErrors.ToFault(e, source.Name, source.Name) is { } fault)
        {
            throw new FaultException(fault, e);
        }
    }

    private static bool IsTransient(Exception e) =>
        e is FaultException said ? said.Fault.Kind == FaultKind.Transient : NetworkErrors.IsTransient(e);

    private sealed class Shifted(IRangeSource source, long by) : IRangeSource
    {
        public string Name => source.Name;

        public Task<Stream> OpenAsync(long offsetBytes, long lengthBytes, CancellationToken ct) =>
            source.OpenAsync(by + offsetBytes, lengthBytes, ct);
    }

    /// <param name="Ending">Completes when no request of this range is under way, with or without success.</param>
    private sealed record Fetch(PipeReader Arrived, Task Ending);
}
