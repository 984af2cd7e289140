using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>Reads the rows of one <c>COPY … TO STDOUT</c> as unchanged bytes.</summary>
public sealed class CopyOutput : IAsyncDisposable
{
    private readonly PostgresSession _session;
    private readonly NpgsqlRawCopyStream _rows;
    private bool _isAtEnd;

    internal CopyOutput(PostgresSession session, NpgsqlRawCopyStream rows) => (_session, _rows) = (session, rows);

    /// <summary>Fills at least three quarters of the buffer unless the rows end; returns 0 only at their end.</summary>
    /// <exception cref="FaultException">The server ended the COPY.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        // The driver returns at most one row per read, and a token on each read costs more than the read. So one cancel
        // is sent to the server, which ends the COPY even while it sends no row.
        await using var cancelling =
            ct.UnsafeRegister(static rows => _ = ((NpgsqlRawCopyStream)rows!).CancelAsync(), _rows);
        var filled = 0;
        try
        {
            while (!_isAtEnd && filled < buffer.Length - (buffer.Length / 4))
            {
                var read = await _rows.ReadAsync(buffer[filled..], CancellationToken.None);
                _isAtEnd = read == 0;
                filled += read;
            }
        }
        catch (Exception e) when (e is NpgsqlException or IOException)
        {
            _isAtEnd = true;
            ct.ThrowIfCancellationRequested();
            throw _session.Explain(e);
        }

        return filled;
    }

    /// <summary>The server stops sending rows.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_isAtEnd)
                await _rows.CancelAsync();
            await _rows.DisposeAsync();
        }
        catch (Exception e) when (e is NpgsqlException or IOException or OperationCanceledException)
        {
            // The server answers a cancelled COPY with an error. A broken connection needs no cancel.
        }
    }
}
