// Postgres: addresses, connections, catalog queries, and PostgreSQL's own programs.
//
// Every connection of Godwit is opened here, so that what a driver or a server says becomes a fault in one
// place. Our sessions may write even while the source is frozen only where a step asks for it.
using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>One connection to one database.</summary>
public sealed class PostgresSession : IAsyncDisposable
{
    /// <summary>A database's or role's statement_timeout is meant for its application; it would end a count of a large table. Waiting for
    /// somebody's lock, however, has an end: a minute.</summary>
    private const string Limits = "SET statement_timeout = 0; SET lock_timeout = '60s'; SET idle_in_transaction_session_timeout = 0";

    private readonly NpgsqlConnection _connection;

    private PostgresSession(PostgresAddress address, NpgsqlConnection connection)
    {
        Address = address;
        _connection = connection;
    }

    public PostgresAddress Address { get; }

    public Version ServerVersion => _connection.PostgreSqlVersion;

    public int ServerMajor => _connection.PostgreSqlVersion.Major;

    /// <exception cref="FaultException">Why it cannot be reached or refuses us.</exception>
    public static async Task<PostgresSession> OpenAsync(PostgresAddress address, CancellationToken ct)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = new NpgsqlConnection(address.ForNpgsql().Reveal());
            await connection.OpenAsync(ct);
            await using var limits = new NpgsqlCommand(Limits, connection);
            await limits.ExecuteNonQueryAsync(ct);
            return new(address, connection);
        }
        catch (Exception e) when (e is DbException or SocketException or TimeoutException or AuthenticationException or IOException or ArgumentException)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            throw new FaultException(ConnectFailure.Explain(address, e), e);
        }
    }

    /// <param name="parameters">Bound as $1, $2, ….</param>
    public async Task ExecuteAsync(string sql, CancellationToken ct, params object[] parameters) =>
        await CallAsync(async () =>
        {
            await using var command = Command(sql, parameters);
            return await command.ExecuteNonQueryAsync(ct);
        });

    /// <summary>The first column of the first row; default when there is no row or it is null.</summary>
    public Task<T?> ScalarAsync<T>(string sql, CancellationToken ct, params object[] parameters) =>
        CallAsync(async () =>
        {
            await using var command = Command(sql, parameters);
            // A value of another type than asked for is a mistake of ours and must not pass for "nothing".
            return await command.ExecuteScalarAsync(ct) is { } value and not DBNull ? (T)value : default;
        });

    public Task<IReadOnlyList<T>> RowsAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken ct, params object[] parameters) =>
        CallAsync<IReadOnlyList<T>>(async () =>
        {
            await using var command = Command(sql, parameters);
            await using var reader = await command.ExecuteReaderAsync(ct);
            var rows = new List<T>();
            while (await reader.ReadAsync(ct))
                rows.Add(read(reader));
            return rows;
        });

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, _connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (PostgresException e)
        {
            throw new FaultException(PostgresFaults.Statement(Address, e.SqlState, Redactor.Clean(e.MessageText, Address.Password)), e);
        }
        catch (NpgsqlException e)
        {
            throw new FaultException(PostgresFaults.ConnectionLost(Address, Redactor.Clean(e.Message, Address.Password)), e);
        }
    }
}
