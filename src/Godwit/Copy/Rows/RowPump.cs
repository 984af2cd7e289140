using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Moves bytes from one worker's reader to its session at the target.</summary>
/// <param name="refusals">Shared by all workers.</param>
internal sealed class RowPump(IRowReader source, PostgresSession target, RateGate rate, BinaryRefusals refusals)
{
    // One buffer is read from the source while another is written to the target.
    private const int BufferBytes = 256 * 1024;

    private const string Next = "COMMIT; BEGIN";

    // Tables that this session has already brought rows into.
    private readonly HashSet<string> _filled = new(StringComparer.Ordinal);

    private byte[] _filling = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private byte[] _sending = GC.AllocateUninitializedArray<byte>(BufferBytes);

    private bool _isBegun;

    /// <summary>Copies a part in its own transaction at the target. COMMIT is sent with the next BEGIN: many tables are
    /// small, and each round trip to a distant target takes time.</summary>
    /// <returns>Null: the part is copied. Else the target refused it in binary and kept nothing, and it must be copied
    /// as returned over another session: the driver closes one after an internal error or protocol violation, which
    /// some receive functions report.</returns>
    /// <exception cref="FaultException">One side refused or was lost; the target keeps nothing of the part.</exception>
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

    /// <summary>Called after the last part.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        if (_isBegun)
            await Sides.AtTargetAsync("the last rows", () => target.ExecuteAsync("COMMIT", ct));
        _isBegun = false;
    }

    private async Task<long> EndCountedAsync(RowPart part, string line, long sent, CancellationToken ct)
    {
        var rows = await target.ScalarAsync<long>(line, ct);
        // A server with track_counts off always reports 0.
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
        // If one side was refused, the other must still be closed.
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

    /// <param name="moved">The total before these rows.</param>
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
            // The buffer must not be in use, even after a failure of the source.
            await sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await sent;
        await Sides.AtTargetAsync(part.Title, () => into.CompleteAsync(ct).AsTask());
        return moved with { Rows = rows.Rows };

        Task SendAsync(ReadOnlyMemory<byte> data) =>
            Sides.AtTargetAsync(part.Title, () => into.WriteAsync(data, ct).AsTask());
    }

    /// <param name="Bytes">Sent.</param>
    /// <param name="Rows">Sent; null: not counted.</param>
    private readonly record struct Moved(long Bytes, long? Rows);
}
