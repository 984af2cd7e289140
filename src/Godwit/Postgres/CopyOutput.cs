using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>The rows of one <c>COPY … TO STDOUT</c>, as bytes, exactly as the server sends them.</summary>
public sealed class CopyOutput : IAsyncDisposable
{
    private readonly PostgresSession _session;
    private readonly NpgsqlRawCopyStream _rows;
    private bool _isAtEnd;

    internal CopyOutput(PostgresSession session, NpgsqlRawCopyStream rows) => (_session, _rows) = (session, rows);

    /// <summary>Fills at least three quarters of the buffer unless the rows end; returns 0 at their end only.</summary>
    /// <exception cref="FaultException">The server refused to go on, or the connection broke.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        // The driver gives one row at a time at most, and a token on each read would cost more than the read. So a
        // cancellation is asked of the server, once: it ends the COPY even where it has not sent a row for a while.
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

    /// <summary>Rows that were not read are not sent any more.</summary>
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
            // What was asked for: the server confirms a cancelled COPY with an error, and a broken connection has
            // nothing to end.
        }
    }
}
