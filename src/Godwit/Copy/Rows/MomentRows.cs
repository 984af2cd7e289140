using System.Collections.Concurrent;
using System.Threading.Channels;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>A server's rows, read in sessions that share a snapshot.</summary>
internal sealed class MomentRows(SourceMoment moment, CopyWatch watch, TimeProvider clock) : IRowSource
{
    // The default wait for a lock. A session that waits for an exclusive lock also waits for ours. A session that holds
    // one on something else than the table (as REINDEX does) is usually done by then.
    private static readonly TimeSpan LockedMax = TimeSpan.FromMinutes(10);

    // Reports waits without delay: it starts after a first wait, and each wait lasts at most the session's
    // lock_timeout.
    private readonly LockWatch _lockWatch = new(PostgresAddress.ApplicationName, watch.SourceWaits, clock,
        after: TimeSpan.Zero);

    public async Task<IReadOnlyList<IRowReader>> OpenAsync(
        IReadOnlyList<CopyPart> left, int wanted, CancellationToken ct)
    {
        var queue = new ConcurrentQueue<CopyPart>(left);
        var workers = await moment.JoinAsync(wanted, ct);
        if (workers < wanted)
            watch.FewerJobs(wanted, workers);
        // One worker at a time has the holder.
        var holder = Channel.CreateBounded<SnapshotSession>(1);
        if (moment.Holder is { } session)
            holder.Writer.TryWrite(new(session));
        return [.. moment.Sessions.Take(workers)
            .Select(own => new Reader(this, own, new(own), moment.Holder is null ? null : holder, queue))];
    }

    // A session of the snapshot.
    private sealed class SnapshotSession(PostgresSession session)
    {
        // Reading a table adds a lock until the transaction or subtransaction ends. Thousands of tables would fill the
        // server's lock memory, so a session releases its locks after this many parts. Locks taken before still hold.
        private const int PartsLocked = 16;

        private const string Savepoint = "godwit_reading";

        private int _opened;
        private bool _isCut;

        /// <summary>Rows were not read to their end: COPY was cancelled, and the transaction accepts only a
        /// rollback.</summary>
        public void Cut() => _isCut = true;

        /// <returns>Null: another session holds or waits for an exclusive lock.</returns>
        public async Task<CopyOutput?> TryOpenAsync(RowPart part, CancellationToken ct)
        {
            if (_opened++ % PartsLocked == 0 || _isCut)
                await session.ExecuteAsync($"{(_opened == 1 ? "" : "ROLLBACK TO ")}SAVEPOINT {Savepoint}", ct);
            _isCut = false;
            try
            {
                return await session.CopyOutAsync(part.CopyOut, part.IsBinary, ct);
            }
            catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable))
            {
                await session.ExecuteAsync($"ROLLBACK TO SAVEPOINT {Savepoint}", ct);
                return null;
            }
        }
    }

    private sealed class Reader(
        MomentRows all, PostgresSession source, SnapshotSession sight, Channel<SnapshotSession>? holder,
        ConcurrentQueue<CopyPart> queue) : IRowReader
    {
        public Task<CopyPart?> NextAsync(CancellationToken ct) =>
            Task.FromResult(queue.TryDequeue(out var part) ? part : null);

        /// <summary>The snapshot still exists.</summary>
        public bool CanReadAgain(RowPart part) => true;

        public Task<RowContent> OpenAsync(RowPart part, CancellationToken ct) =>
            Sides.AtSourceAsync(part.Title, async () =>
                await sight.TryOpenAsync(part, ct) is { } rows ? new Content(part, rows, sight, () => { })
                : holder is null ? new Content(part, await all.WaitAsync(sight, part, ct), sight, () => { })
                : await OpenByHolderAsync(part, holder, ct));

        public Task ReadAsync(LargeObjectPart part, Func<LargeObjectPiece, Task> take, CancellationToken ct) =>
            Sides.AtSourceAsync(part.Title, async () =>
            {
                var share = new SourceShare(part.SourceBytes);
                var lengths = await LargeObjectSource.LengthsAsync(source, part.Oids, ct);
                var (last, at) = (-1, 0L);
                await LargeObjectSource.ReadAsync(source, part.Oids, lengths, async (index, row) =>
                {
                    at = index == last ? at : 0;
                    last = index;
                    var piece = await row.GetFieldValueAsync<byte[]>(1, ct);
                    await take(new(part.Oids[index], at, piece, share.Of(piece.Length)));
                    at += piece.Length;
                }, ct);
                return true;
            });

        // Another session waits for an exclusive lock on the table, and this session queues behind it. The holder has
        // locked the table already, so it can read.
        private async Task<RowContent> OpenByHolderAsync(
        RowPart part, Channel<SnapshotSession> turn, CancellationToken ct)
        {
            var its = await turn.Reader.ReadAsync(ct);
            try
            {
                return new Content(part, await all.WaitAsync(its, part, ct), its, () => turn.Writer.TryWrite(its));
            }
            catch
            {
                turn.Writer.TryWrite(its);
                throw;
            }
        }
    }

    private async Task<CopyOutput> WaitAsync(SnapshotSession sight, RowPart part, CancellationToken ct)
    {
        var max = moment.First.Address.LockWait ?? LockedMax;
        var started = clock.GetTimestamp();
        await using var looking = _lockWatch.Start(moment.First.Address);
        for (var attempt = 1; clock.GetElapsedTime(started) < max; attempt++)
        {
            // Each attempt waits for the session's lock_timeout.
            if (await sight.TryOpenAsync(part, ct) is { } rows)
                return rows;
            if (attempt == 1)
                watch.SourceLocked(part.Title);
        }

        throw new FaultException(CopyFaults.SourceLocked(part.Title, PostgresAddress.InWords(max)));
    }

    private sealed class Content(RowPart part, CopyOutput rows, SnapshotSession sight, Action end) : RowContent
    {
        private long _read;
        private bool _isAtEnd;
        private bool _isDisposed;

        // An estimate while reading: COPY's bytes are not the table's.
        public override long SourceBytes => Math.Min(_read, part.SourceBytes);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
        {
            var read = await Sides.AtSourceAsync(part.Title, () => rows.ReadAsync(buffer, ct).AsTask());
            _read += read;
            _isAtEnd = read == 0;
            return read;
        }

        public override async ValueTask DisposeAsync()
        {
            await rows.DisposeAsync();
            if (_isDisposed)
                return;
            _isDisposed = true;
            if (!_isAtEnd)
                sight.Cut();
            end();
        }
    }
}
