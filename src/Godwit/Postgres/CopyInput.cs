using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>The rows of one <c>COPY … FROM STDIN</c>, as bytes, exactly as the server is to read them. Disposed before
/// it is complete, nothing of them is kept.</summary>
public sealed class CopyInput : IAsyncDisposable
{
    private readonly PostgresSession _session;
    private readonly NpgsqlRawCopyStream _rows;
    private bool _isOver;

    internal CopyInput(PostgresSession session, NpgsqlRawCopyStream rows) => (_session, _rows) = (session, rows);

    /// <summary>Sends some bytes; rows may begin and end anywhere in them. What the server finds wrong with them may
    /// come out later, at the end at the latest.</summary>
    /// <exception cref="FaultException">The connection broke.</exception>
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

    /// <summary>Ends the rows, and waits until the server has taken them all.</summary>
    /// <exception cref="FaultException">The server refused a row, and keeps none of them; or the connection
    /// broke.</exception>
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
            // What was asked for: the server confirms a cancelled COPY with an error, and a broken connection has
            // nothing to end.
        }
    }
}
