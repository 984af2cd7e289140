using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>Sends the rows of one <c>COPY … FROM STDIN</c> as unchanged bytes. Disposal before
/// <see cref="CompleteAsync"/> keeps none of them.</summary>
public sealed class CopyInput : IAsyncDisposable
{
    private readonly PostgresSession _session;
    private readonly NpgsqlRawCopyStream _rows;
    private bool _isOver;

    internal CopyInput(PostgresSession session, NpgsqlRawCopyStream rows) => (_session, _rows) = (session, rows);

    /// <summary>Rows may begin and end anywhere in the bytes. The server may report an error in them later, at the
    /// latest when the COPY is completed.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        try
        {
            await _rows.WriteAsync(data, ct);
        }
        catch (Exception e) when (e is NpgsqlException or IOException)
        {
            _isOver = true;
            throw _session.Explain(e);
        }
    }

    /// <summary>Ends the COPY and waits until the server has accepted all rows.</summary>
    /// <exception cref="FaultException">The server refused a row and keeps none of them.</exception>
    public async ValueTask CompleteAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        _isOver = true;
        try
        {
            await _rows.DisposeAsync();
        }
        catch (Exception e) when (e is NpgsqlException or IOException)
        {
            throw _session.Explain(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOver)
            return;
        _isOver = true;
        try
        {
            await _rows.CancelAsync();
        }
        catch (Exception e)
            when (e is NpgsqlException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // The server answers a cancelled COPY with an error. A broken connection needs no cancel.
        }
    }
}
