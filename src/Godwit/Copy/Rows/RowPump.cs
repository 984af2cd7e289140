using Godwit.Extract;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>One worker's two sessions, and the bytes between them.</summary>
/// <param name="source">In the snapshot.</param>
internal sealed class RowPump(PostgresSession source, PostgresSession target, RateGate rate, CopyWatch watch)
{
    /// <summary>Read from one side while as much is written to the other.</summary>
    private const int BufferBytes = 256 * 1024;

    private byte[] _filling = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private byte[] _sending = GC.AllocateUninitializedArray<byte>(BufferBytes);

    /// <summary>Copies a part, in a transaction of its own at the target.</summary>
    /// <exception cref="FaultException">One of the sides refused or broke off; the target keeps nothing of the part.</exception>
    public async Task CopyAsync(RowPart part, CancellationToken ct)
    {
        var share = new SourceShare(part.SourceBytes);
        await Sides.AtTargetAsync(part.Title, () => target.ExecuteAsync(part.IsWhole ? $"BEGIN; TRUNCATE ONLY {part.Table}" : "BEGIN", ct));
        var bytes = await MoveAsync(part, share, ct);
        var rows = await Sides.AtTargetAsync(part.Title, () => target.ScalarAsync<long>(CopyLedger.Line(part, bytes), ct, part.Table));
        await Sides.AtTargetAsync(part.Title, () => target.ExecuteAsync("COMMIT", ct));
        watch.Copied(share.Rest(), rows);
    }

    private async Task<long> MoveAsync(RowPart part, SourceShare share, CancellationToken ct)
    {
        await using var rows = await Sides.AtSourceAsync(part.Title, () => source.CopyOutAsync(part.CopyOut, part.IsBinary, ct));
        await using var into = await Sides.AtTargetAsync(part.Title, () => target.CopyInAsync(part.CopyIn, part.IsBinary, ct));
        var moved = 0L;
        var sent = Task.CompletedTask;
        try
        {
            for (int read; (read = await Sides.AtSourceAsync(part.Title, () => rows.ReadAsync(_filling, ct).AsTask())) > 0;)
            {
                await sent;
                await rate.WaitAsync(read, ct);
                (_filling, _sending) = (_sending, _filling);
                sent = SendAsync(_sending.AsMemory(0, read));
                moved += read;
                watch.Copied(share.Of(read), 0);
            }
        }
        finally
        {
            // Whatever happened at the source, nobody may still be reading the buffer.
            await sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await sent;
        await Sides.AtTargetAsync(part.Title, () => into.CompleteAsync(ct).AsTask());
        return moved;

        Task SendAsync(ReadOnlyMemory<byte> data) => Sides.AtTargetAsync(part.Title, () => into.WriteAsync(data, ct).AsTask());
    }
}
