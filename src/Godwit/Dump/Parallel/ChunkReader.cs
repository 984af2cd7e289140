using Godwit.Extract;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Dump.Parallel;

/// <summary>One worker: reads chunk after chunk in its own session, and compresses them.</summary>
/// <param name="mayLeave">Chunks that this session cannot lock go to the session that holds the locks.</param>
internal sealed class ChunkReader(
    PostgresSession session, ChunkWindow window, DataCompression compression, IDumpWatch watch, DumpTotals totals,
    bool mayLeave, CancellationToken ct)
    : IDisposable
{
    // Bytes gathered before compression, and the length of an uncompressed piece.
    private const int BufferBytes = 256 * 1024;

    // Reading a table adds a lock until the transaction or subtransaction ends. Thousands of tables would fill the lock
    // memory that all sessions share, so a worker releases its locks after this many chunks. Locks taken before still
    // hold.
    private const int ChunksLocked = 16;

    private const string Savepoint = "godwit_reading";

    // What pg_dump writes after the last row, as part of the data.
    private static readonly ReadOnlyMemory<byte> EndOfRows = "\\.\n\n\n"u8.ToArray();

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(BufferBytes,
        LargeObjectSource.PieceBytes));

    private readonly IPartCompressor? _compressor = compression.Open();

    public void Dispose() => _compressor?.Dispose();

    /// <summary>Reads chunks until none is left.</summary>
    /// <exception cref="FaultException">The archive's reader gets the same exception.</exception>
    public async Task RunAsync()
    {
        await SaveAsync();
        for (var chunks = 1; await window.ClaimAsync(ct) is { } output; chunks++)
        {
            if (chunks % ChunksLocked == 0)
                await ForgetAsync(output);
            try
            {
                await ReadAsync(output);
            }
            catch (FaultException e) when (IsLockedOut(e) && mayLeave && !output.HasBegun)
            {
                // Another session waits for an exclusive lock on the table, and this session queues behind it. The
                // session that holds the locks can read the table.
                await ForgetAsync(output);
                window.Leave(output);
            }
            catch (Exception e)
            {
                throw Failed(output, e);
            }
        }
    }

    /// <summary>Reads the chunks that other workers left.</summary>
    public async Task RunLeftAsync()
    {
        await BePatientAsync();
        while (await window.NextLeftAsync(ct) is { } output)
        {
            try
            {
                await ReadAsync(output);
            }
            catch (Exception e)
            {
                throw Failed(output, e);
            }
        }
    }

    private Task ReadAsync(ChunkOutput output)
    {
        ct.ThrowIfCancellationRequested();
        return output.Chunk switch
        {
            TableChunk table => TableAsync(table, output),
            LargeObjectsChunk objects => LargeObjectsAsync(objects, output),
            _ => throw new InvalidOperationException(output.Chunk.GetType().Name),
        };
    }

    private async Task SaveAsync()
    {
        try
        {
            await session.ExecuteAsync($"SAVEPOINT {Savepoint}", ct);
        }
        catch (FaultException e)
        {
            throw Explain(e, "its first table");
        }
    }

    // Raises the short lock_timeout that held while pg_dump had the locks: now only this session can read the tables.
    private async Task BePatientAsync()
    {
        try
        {
            await session.ExecuteAsync(FormattableString.Invariant(
                $"SET LOCAL lock_timeout = {session.Address.LockWaitMax.TotalMilliseconds:0}"), ct);
        }
        catch (FaultException e)
        {
            throw Explain(e, "its first table");
        }
    }

    private async Task ForgetAsync(ChunkOutput output)
    {
        try
        {
            await session.ExecuteAsync($"ROLLBACK TO SAVEPOINT {Savepoint}", ct);
        }
        catch (FaultException e)
        {
            throw Failed(output, e);
        }
    }

    private Exception Failed(ChunkOutput output, Exception e)
    {
        var failure = e is FaultException fault ? Explain(fault, output.Chunk.Title) : e;
        window.Fail(output, failure);
        return failure;
    }

    private async Task TableAsync(TableChunk chunk, ChunkOutput output)
    {
        var writer = new ChunkWriter(window, output, ct);
        var share = new SourceShare(chunk.SourceBytes);
        await using var rows = await session.CopyOutAsync(chunk.Sql, isBinary: false, ct);
        for (int read; (read = await rows.ReadAsync(_buffer, ct)) > 0;)
        {
            var before = writer.Written;
            await PutAsync(writer, _buffer.AsMemory(0, read));
            // COPY's text format writes a line feed within a value as \n, so each line feed ends a row.
            Tell(share.Of(read), _buffer.AsSpan(0, read).Count((byte)'\n'), read, writer.Written - before);
        }

        if (chunk.IsLast)
            await PutAsync(writer, EndOfRows);
        var sum = await EndAsync(writer);
        Tell(share.Rest(), 0, 0, 0);
        writer.Complete(sum);
    }

    // Each object is a separate stream within the entry's block.
    private async Task LargeObjectsAsync(LargeObjectsChunk chunk, ChunkOutput output)
    {
        var writer = new ChunkWriter(window, output, ct);
        var lengths = await LargeObjectSource.LengthsAsync(session, chunk.Oids, ct);
        var share = new SourceShare(chunk.SourceBytes);
        var begun = 0;
        await LargeObjectSource.ReadAsync(session, chunk.Oids, lengths, async (place, row) =>
        {
            // Empty objects have no row.
            for (; begun <= place; begun++)
                await BeginObjectAsync(writer, isFirst: begun == 0, chunk.Oids[begun]);
            var length = (int)row.GetBytes(1, 0, _buffer, 0, _buffer.Length);
            var before = writer.Written;
            await PutAsync(writer, _buffer.AsMemory(0, length));
            Tell(share.Of(length), 0, length, writer.Written - before);
        }, ct);
        for (; begun < chunk.Oids.Length; begun++)
            await BeginObjectAsync(writer, isFirst: begun == 0, chunk.Oids[begun]);
        if (begun > 0)
            await EndObjectAsync(writer);
        Tell(share.Rest(), 0, 0, 0);
        writer.Complete(PartSum.Empty);
    }

    private async Task BeginObjectAsync(ChunkWriter writer, bool isFirst, uint oid)
    {
        if (!isFirst)
            await EndObjectAsync(writer);
        await writer.OidAsync(oid);
        await writer.PieceAsync(compression.Start);
    }

    private async Task EndObjectAsync(ChunkWriter writer)
    {
        var sum = await EndAsync(writer);
        await writer.PieceAsync(compression.End(sum));
        await writer.EndOfPiecesAsync();
    }

    private async ValueTask PutAsync(ChunkWriter writer, ReadOnlyMemory<byte> data)
    {
        if (_compressor is null)
        {
            await writer.PieceAsync(data);
            return;
        }

        _compressor.Write(data.Span);
        await writer.PieceAsync(_compressor.Output);
        _compressor.ClearOutput();
    }

    private async ValueTask<PartSum> EndAsync(ChunkWriter writer)
    {
        if (_compressor is null)
            return PartSum.Empty;
        var sum = _compressor.Complete();
        await writer.PieceAsync(_compressor.Output);
        _compressor.ClearOutput();
        return sum;
    }

    private void Tell(long sourceBytes, long rows, long dataBytes, long archiveBytes)
    {
        totals.Add(rows, dataBytes);
        watch.Advanced(sourceBytes, rows, archiveBytes);
    }

    private static bool IsLockedOut(FaultException e) => PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable);

    private FaultException Explain(FaultException e, string title) =>
        PostgresSession.IsRecoveryConflict(e) ? e : new(e.Fault switch
        {
            { Kind: FaultKind.Transient } => DumpFaults.WorkerLost(title, e.Fault.Why),
            _ when IsLockedOut(e) => DumpFaults.TableLocked(title, session.Address.LockWaitWords),
            _ => DumpFaults.Unreadable(title, e.Fault.Why),
        }, e);
}
