using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>What one worker reads and its session at the target, and the bytes between them.</summary>
/// <param name="refusals">Of all workers.</param>
internal sealed class RowPump(IRowReader source, PostgresSession target, RateGate rate, BinaryRefusals refusals)
{
    /// <summary>Read from one side while as much is written to the other.</summary>
    private const int BufferBytes = 256 * 1024;

    private const string Next = "COMMIT; BEGIN";

    // Tables into which this session has brought rows before.
    private readonly HashSet<string> _filled = new(StringComparer.Ordinal);

    private byte[] _filling = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private byte[] _sending = GC.AllocateUninitializedArray<byte>(BufferBytes);

    private bool _isBegun;

    /// <summary>Copies a part, in a transaction of its own at the target. Few answers are waited for, because many
    /// tables are small, and a target may be far away: the next transaction is begun together with the end of this
    /// one.</summary>
    /// <returns>Null: it is there. Else the target has refused it in binary, keeps nothing of it, and it is to be
    /// copied as this says, over another session: the driver closes one that has reported an internal error or a
    /// violated protocol, which some receive functions do.</returns>
    /// <exception cref="FaultException">One of the sides refused or broke off; the target keeps nothing of the
    /// part.</exception>
    public async Task<PartProgress?> CopyAsync(PartProgress progress, CancellationToken ct)
    {
        var part = refusals.Planned(progress.Part);
        try
        {
            await CopyAsync(part, progress, ct);
            return null;
        }
        catch (FaultException e) when (part.IsBinary && BinaryRefusals.IsOne(e) && source.CanReadAgain(part))
        {
            refusals.Add(part, e);
            return progress;
        }
    }

    private async Task CopyAsync(RowPart part, PartProgress progress, CancellationToken ct)
    {
        if (!_isBegun || part.Before.Length > 0)
            await Sides.AtTargetAsync(part.Title,
                () => target.ExecuteAsync($"{(_isBegun ? "" : "BEGIN;")} {part.Before}", ct));
        var counted = _filled.Add(part.Table) ? 0 : await Sides.AtTargetAsync(part.Title,
            () => target.ScalarAsync<long>(CopyLedger.RowsQuery(part), ct));
        var moved = await MoveAsync(part, progress, ct);
        var line = CopyLedger.Line(part, moved.Bytes, counted);
        var rows = await Sides.AtTargetAsync(part.Title, () => moved.Rows is { } sent ? EndCountedAsync(part, line,
            sent, ct) : target.ScalarAsync<long>($"{line}; {part.After}{Next}", ct));
        _isBegun = true;
        progress.Report(part.SourceBytes, rows);
    }

    /// <summary>Behind the last part.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        if (_isBegun)
            await Sides.AtTargetAsync("the last rows", () => target.ExecuteAsync("COMMIT", ct));
        _isBegun = false;
    }

    private async Task<long> EndCountedAsync(RowPart part, string line, long sent, CancellationToken ct)
    {
        var rows = await target.ScalarAsync<long>(line, ct);
        // A server that does not count says 0 of all.
        if (sent != rows
            && await target.ScalarAsync<bool>("SELECT pg_catalog.current_setting('track_counts')::bool", ct))
            throw new FaultException(CopyFaults.RowsMissing(part.Title, sent, rows));
        await target.ExecuteAsync($"{part.After}{Next}", ct);
        return rows;
    }

    private async Task<Moved> MoveAsync(RowPart part, PartProgress progress, CancellationToken ct)
    {
        var (reading, writing) = (source.OpenAsync(part, ct),
            Sides.AtTargetAsync(part.Title, () => target.CopyInAsync(part.CopyIn, part.IsBinary, ct)));
        // One that was opened must be closed though the other was refused.
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await using var opened = writing.IsCompletedSuccessfully ? await writing : null;
        await using var rows = await reading;
        var moved = await PassAsync(part, rows, opened ?? await writing, default, progress, ct);
        if (!rows.GoesOnAsText())
            return moved;
        await using var more = await Sides.AtTargetAsync(part.Title,
            () => target.CopyInAsync((part with { IsBinary = false }).CopyIn, isBinary: false, ct));
        return await PassAsync(part, rows, more, moved, progress, ct);
    }

    /// <param name="moved">Before them.</param>
    private async Task<Moved> PassAsync(
        RowPart part, RowContent rows, CopyInput into, Moved moved, PartProgress progress, CancellationToken ct)
    {
        var sent = Task.CompletedTask;
        try
        {
            for (int read; (read = await rows.ReadAsync(_filling, ct)) > 0;)
            {
                await sent;
                await rate.WaitAsync(read, ct);
                (_filling, _sending) = (_sending, _filling);
                sent = SendAsync(_sending.AsMemory(0, read));
                moved = new(moved.Bytes + read, rows.Rows);
                progress.Report(rows.SourceBytes, rows.Rows ?? 0);
            }
        }
        finally
        {
            // Whatever happened at the source, nobody may still be reading the buffer.
            await sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await sent;
        await Sides.AtTargetAsync(part.Title, () => into.CompleteAsync(ct).AsTask());
        return moved with { Rows = rows.Rows };

        Task SendAsync(ReadOnlyMemory<byte> data) =>
            Sides.AtTargetAsync(part.Title, () => into.WriteAsync(data, ct).AsTask());
    }

    /// <param name="Bytes">Sent.</param>
    /// <param name="Rows">Sent; null where nobody counts them.</param>
    private readonly record struct Moved(long Bytes, long? Rows);
}
