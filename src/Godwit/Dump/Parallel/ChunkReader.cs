using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Dump.Parallel;

/// <summary>One worker: reads chunk after chunk in its own session, and deflates what it reads.</summary>
/// <param name="level">0: the data is kept as it is.</param>
internal sealed class ChunkReader(PostgresSession session, ChunkWindow window, int level, IDumpWatch watch, DumpTotals totals, CancellationToken ct)
{
    /// <summary>Rows gathered before they are deflated, and the length of a piece that is kept as it is.</summary>
    private const int BufferBytes = 256 * 1024;

    /// <summary>What pg_dump writes behind the last row, as part of the data.</summary>
    private static readonly ReadOnlyMemory<byte> EndOfRows = "\\.\n\n\n"u8.ToArray();

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(BufferBytes, LargeObjectSource.PieceBytes));

    /// <exception cref="FaultException">Its chunk could not be read. Whoever reads the archive meets the same.</exception>
    public async Task RunAsync()
    {
        while (window.Claim() is { } output)
        {
            try
            {
                ct.ThrowIfCancellationRequested();
                await (output.Chunk switch
                {
                    TableChunk table => TableAsync(table, output),
                    LargeObjectsChunk objects => LargeObjectsAsync(objects, output),
                    _ => throw new InvalidOperationException(output.Chunk.GetType().Name),
                });
            }
            catch (Exception e)
            {
                var failure = e is FaultException fault ? Explain(fault, output.Chunk.Title) : e;
                window.Fail(output, failure);
                throw failure;
            }
        }
    }

    private async Task TableAsync(TableChunk chunk, ChunkOutput output)
    {
        var writer = new ChunkWriter(window, output, ct);
        using var part = level > 0 ? new DeflatedPart(level) : null;
        var share = new SourceShare(chunk.SourceBytes);
        await using var rows = await session.CopyOutAsync(chunk.Sql, ct);
        for (int read; (read = await rows.ReadAsync(_buffer, ct)) > 0;)
        {
            var before = writer.Written;
            await PutAsync(writer, part, _buffer.AsMemory(0, read));
            // In COPY's text format a line feed within a value is written as \n: each one ends a row.
            Tell(share.Of(read), _buffer.AsSpan(0, read).Count((byte)'\n'), read, writer.Written - before);
        }

        if (chunk.IsLast)
            await PutAsync(writer, part, EndOfRows);
        var sum = await EndAsync(writer, part);
        Tell(share.Rest(), 0, 0, 0);
        writer.Complete(sum);
    }

    /// <summary>Each object is a stream of its own within the entry's block.</summary>
    private async Task LargeObjectsAsync(LargeObjectsChunk chunk, ChunkOutput output)
    {
        var writer = new ChunkWriter(window, output, ct);
        var lengths = await LargeObjectSource.LengthsAsync(session, chunk.Oids, ct);
        var next = 0;
        DeflatedPart? part = null;
        try
        {
            await LargeObjectSource.ReadAsync(session, chunk.Oids, lengths, async (place, row) =>
            {
                for (; next <= place; next++)
                    part = await NextObjectAsync(writer, part, isFirst: next == 0, chunk.Oids[next]);
                var length = (int)row.GetBytes(1, 0, _buffer, 0, _buffer.Length);
                await PutAsync(writer, part, _buffer.AsMemory(0, length));
            }, ct);
            for (; next < chunk.Oids.Length; next++)
                part = await NextObjectAsync(writer, part, isFirst: next == 0, chunk.Oids[next]);
            if (next > 0)
                await EndObjectAsync(writer, part);
        }
        finally
        {
            part?.Dispose();
        }

        Tell(chunk.SourceBytes, 0, lengths.Sum(), writer.Written);
        writer.Complete(PartSum.Empty);
    }

    private async Task<DeflatedPart?> NextObjectAsync(ChunkWriter writer, DeflatedPart? before, bool isFirst, uint oid)
    {
        if (!isFirst)
            await EndObjectAsync(writer, before);
        await writer.OidAsync(oid);
        if (level == 0)
            return null;
        await writer.PieceAsync(ZlibJoin.Start.ToArray());
        return new DeflatedPart(level);
    }

    private static async Task EndObjectAsync(ChunkWriter writer, DeflatedPart? part)
    {
        var sum = await EndAsync(writer, part);
        if (part is not null)
        {
            await writer.PieceAsync(ZlibJoin.End(sum));
            part.Dispose();
        }

        await writer.EndOfPiecesAsync();
    }

    private static async ValueTask PutAsync(ChunkWriter writer, DeflatedPart? part, ReadOnlyMemory<byte> data)
    {
        if (part is null)
        {
            await writer.PieceAsync(data);
            return;
        }

        part.Write(data.Span);
        await writer.PieceAsync(part.Output);
        part.ClearOutput();
    }

    private static async ValueTask<PartSum> EndAsync(ChunkWriter writer, DeflatedPart? part)
    {
        if (part is null)
            return PartSum.Empty;
        var sum = part.Complete();
        await writer.PieceAsync(part.Output);
        part.ClearOutput();
        return sum;
    }

    private void Tell(long sourceBytes, long rows, long dataBytes, long archiveBytes)
    {
        totals.Add(rows, dataBytes);
        watch.Advanced(sourceBytes, rows, archiveBytes);
    }

    private static FaultException Explain(FaultException e, string title) => new(e.Fault switch
    {
        { Kind: FaultKind.Transient } => DumpFaults.WorkerLost(title, e.Fault.Why),
        _ when PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable) => DumpFaults.TableLocked(title),
        _ => DumpFaults.Unreadable(title, e.Fault.Why),
    }, e);
}

/// <summary>Turns bytes of text into bytes at the source, which is what a chunk's part of the whole was told in: while it is read an estimate,
/// at its end exact.</summary>
internal struct SourceShare(long sourceBytes)
{
    private long _left = sourceBytes;

    public long Of(int textBytes)
    {
        var share = Math.Min(textBytes, _left);
        _left -= share;
        return share;
    }

    public long Rest()
    {
        var rest = _left;
        _left = 0;
        return rest;
    }
}
