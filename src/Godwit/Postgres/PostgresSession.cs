// Postgres: addresses, connections, catalog queries, and PostgreSQL's own programs.
//
// Every connection is opened here, so that errors of driver and server become faults in one place. While the source is
// frozen, our sessions write only where a step asks for it. Nothing here knows the steps of a migration.
using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Godwit.Faults;
using Npgsql;
using Npgsql.PostgresTypes;
using NpgsqlTypes;

namespace Godwit.Postgres;

/// <summary>One connection to one database.</summary>
public sealed partial class PostgresSession : IAsyncDisposable
{
    // Time-outs of a database or role are meant for its application: statement_timeout would end the count of a large
    // table, the others a session that waits for its turn. Not every server knows the last two. Waiting for locks is
    // limited. Our literals need standard_conforming_strings. Behind a pooler nothing is set: an application would
    // inherit it.
    private const string Limits = """
        SELECT pg_catalog.set_config(name, value, false)
        FROM (VALUES ('statement_timeout', '0'), ('lock_timeout', $2), ('idle_in_transaction_session_timeout', '0'),
                     ('idle_session_timeout', '0'), ('transaction_timeout', '0'),
                     ('standard_conforming_strings', 'on')) wanted (name, value)
        WHERE pg_catalog.pg_backend_pid() = $1 AND pg_catalog.current_setting(name, true) IS NOT NULL
        """;

    private readonly NpgsqlConnection _connection;
    private readonly bool _isUndecoded;

    // From the start of the session. Only known from PostgreSQL 14 on.
    private readonly bool _isStandby;

    private PostgresSession(PostgresAddress address, NpgsqlConnection connection, bool isUndecoded, bool isPooled) =>
        (Address, _connection, _isUndecoded, IsPooled, _isStandby) =
        (address, connection, isUndecoded, isPooled,
            connection.PostgresParameters.TryGetValue("in_hot_standby", out var standby) && standby == "on");

    public PostgresAddress Address { get; }

    /// <summary>False: the connection broke, or the driver closed it.</summary>
    public bool IsOpen => _connection.FullState == ConnectionState.Open;

    public Version ServerVersion => _connection.PostgreSqlVersion;

    public int ServerMajor => _connection.PostgreSqlVersion.Major;

    /// <summary>Behind a pooler: another server process answers than at login. The session's settings may stay with
    /// another client's session.</summary>
    public bool IsPooled { get; }

    public static Task<PostgresSession> OpenAsync(PostgresAddress address, CancellationToken ct) =>
        OpenAsync(address, address.ForNpgsql(), isUndecoded: false, ct);

    /// <summary>For bulk data with <see cref="CopyOutAsync"/> or <see cref="CopyInAsync"/>. Texts are not decoded: each
    /// character of a string is one byte in the <c>client_encoding</c> that the caller sets.</summary>
    public static Task<PostgresSession> OpenForBulkAsync(PostgresAddress address, CancellationToken ct) =>
        OpenAsync(address, address.ForBulk(), isUndecoded: true, ct);

    private static async Task<PostgresSession> OpenAsync(
        PostgresAddress address, Secret settings, bool isUndecoded, CancellationToken ct)
    {
        NpgsqlConnection? connection = null;
        try
        {
#pragma warning disable CA2000 // The session it becomes part of disposes it.
            connection = new NpgsqlConnection(settings.Reveal());
#pragma warning restore CA2000
            await connection.OpenAsync(ct);
            await using var limits = new NpgsqlCommand(Limits, connection)
            {
                Parameters =
                {
                    new NpgsqlParameter { Value = connection.ProcessID },
                    new NpgsqlParameter
                    {
                        Value = FormattableString.Invariant($"{address.LockWaitMax.TotalMilliseconds:0}"),
                    },
                },
            };
            var isSet = await limits.ExecuteScalarAsync(ct) is not null;
            Witness.Current?.Reached($"{address}",
                "PostgreSQL "
                + $"{connection.PostgresParameters.GetValueOrDefault("server_version", connection.ServerVersion)}");
            return new(address, connection, isUndecoded, isPooled: !isSet);
        }
        catch (Exception e) when (e is DbException or SocketException or TimeoutException or AuthenticationException
            or IOException or ArgumentException)
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

    /// <summary>Returns the server's warnings.</summary>
    public async Task<IReadOnlyList<string>> ExecuteHearingAsync(string sql, CancellationToken ct)
    {
        var warnings = new List<string>();
        void Hear(object? sender, NpgsqlNoticeEventArgs e) => warnings.AddRange(
            e.Notice.InvariantSeverity == "WARNING" ? [Redactor.Clean(Decoded(e.Notice.MessageText),
                Address.Password)] : Array.Empty<string>());

        _connection.Notice += Hear;
        try
        {
            await ExecuteAsync(sql, ct);
            return warnings;
        }
        finally
        {
            _connection.Notice -= Hear;
        }
    }

    /// <summary>Runs statements in order in one round trip. The server refuses a text with two statements. Null: all
    /// ran. Else the refused one; later ones did not run.</summary>
    public async Task<(int At, FaultException Why)?> ExecuteEachAsync(
        IReadOnlyList<string> statements, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(_connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        try
        {
            await CallAsync(() => batch.ExecuteNonQueryAsync(ct));
            return null;
        }
        catch (FaultException e) when (e.Fault.Kind != FaultKind.Transient
            && (e.InnerException as PostgresException)?.BatchCommand is not null)
        {
            return (batch.BatchCommands.IndexOf(((PostgresException)e.InnerException!).BatchCommand!), e);
        }
    }

    /// <summary>First column of the first row; default if null or without a row.</summary>
    public Task<T?> ScalarAsync<T>(string sql, CancellationToken ct, params object[] parameters) =>
        CallAsync(async () =>
        {
            await using var command = Command(sql, parameters);
            // A value of another type is a defect and must not count as null.
            return await command.ExecuteScalarAsync(ct) is { } value and not DBNull ? (T)value : default;
        });

    public Task<IReadOnlyList<T>> RowsAsync<T>(
        string sql, Func<DbDataReader, T> read, CancellationToken ct, params object[] parameters) =>
        CallAsync<IReadOnlyList<T>>(async () =>
        {
            await using var command = Command(sql, parameters);
            await using var reader = await command.ExecuteReaderAsync(ct);
            var rows = new List<T>();
            while (await reader.ReadAsync(ct))
                rows.Add(read(reader));
            return rows;
        });

    /// <summary>Reads the rows in order. Values can be read once and in column order, so large ones are
    /// streamed.</summary>
    public Task EachRowAsync(
        string sql, Func<DbDataReader, Task> read, CancellationToken ct, params object[] parameters) =>
        CallAsync(async () =>
        {
            await using var command = Command(sql, parameters);
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, ct);
            while (await reader.ReadAsync(ct))
                await read(reader);
            return true;
        });

    /// <summary>For many short rows, in order; none is kept.</summary>
    public Task EachRowAsync(string sql, Action<DbDataReader> read, CancellationToken ct) =>
        CallAsync(async () =>
        {
            await using var command = Command(sql, []);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                read(reader);
            return true;
        });

    /// <summary>Does not run the statement.</summary>
    public async Task<IReadOnlyList<ResultColumn>> DescribeAsync(string sql, CancellationToken ct)
    {
        var columns = await CallAsync<IReadOnlyList<(ResultColumn Column, bool IsNamed)>>(async () =>
        {
            await using var command = Command(sql, []);
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, ct);
            return [.. Enumerable.Range(0, reader.FieldCount).Select(at =>
                (new ResultColumn(reader.GetName(at), reader.GetDataTypeName(at), reader.GetDataTypeOID(at)),
                    reader.GetPostgresType(at) is not UnknownBackendType))];
        });
        // The driver knows neither the database's own types nor all of PostgreSQL's.
        uint[] unnamed = [.. columns.Where(one => !one.IsNamed).Select(one => one.Column.TypeOid).Distinct()];
        var names = unnamed.Length == 0 ? [] : (await RowsAsync("""
            SELECT t.oid, pg_catalog.concat(NULLIF(n.nspname, 'pg_catalog') || '.', t.typname)
            FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = ANY($1)
            """, row => (Oid: row.GetFieldValue<uint>(0), Name: row.GetString(1)), ct, unnamed))
            .ToDictionary(type => type.Oid, type => type.Name);
        return [.. columns.Select(one =>
            one.Column with { Type = names.GetValueOrDefault(one.Column.TypeOid, one.Column.Type) })];
    }

    /// <summary>Starts <c>COPY … TO STDOUT</c>. The session is busy until the result is disposed.</summary>
    /// <param name="isBinary">The statement has <c>FORMAT BINARY</c>.</param>
    public Task<CopyOutput> CopyOutAsync(string sql, bool isBinary, CancellationToken ct) =>
        CallAsync(async () => new CopyOutput(this, isBinary ? await _connection.BeginRawBinaryCopyAsync(sql, ct)
            // The text reader would decode, so its stream is used. Nothing was read through the reader.
            : (NpgsqlRawCopyStream)((NpgsqlCopyTextReader)await _connection.BeginTextExportAsync(sql, ct)).BaseStream));

    /// <summary>Starts <c>COPY … FROM STDIN</c>. The session is busy until the result is completed or
    /// disposed.</summary>
    /// <param name="isBinary">The statement has <c>FORMAT BINARY</c>.</param>
    public Task<CopyInput> CopyInAsync(string sql, bool isBinary, CancellationToken ct) =>
        CallAsync(async () => new CopyInput(this, isBinary ? await _connection.BeginRawBinaryCopyAsync(sql, ct)
            : (NpgsqlRawCopyStream)((NpgsqlCopyTextWriter)await _connection.BeginTextImportAsync(sql, ct)).BaseStream));

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // Turns the driver's exceptions into faults.
    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is NpgsqlException or IOException)
        {
            throw Explain(e);
        }
    }

    internal FaultException Explain(Exception e) => e switch
    {
        PostgresException { SqlState: ProtocolViolation, InvariantSeverity: "ERROR" } said =>
            new(PostgresFaults.Statement(Address, said.SqlState, Said(said)), e),
        PostgresException { SqlState: SerializationFailure } cancelled
            when _isStandby || cancelled.MessageText.Contains("conflict with recovery", StringComparison.Ordinal) =>
            new(PostgresFaults.RecoveryConflict(Address, Said(cancelled)), e),
        // The session was terminated, the server shuts down (57P01 to 57P05), or a session time-out expired (25P03,
        // 25P04). Class 08: connection exceptions.
        PostgresException { SqlState: ['5', '7', 'P', ..] or ['0', '8', ..] or "25P03" or "25P04" } ended =>
            new(PostgresFaults.ConnectionLost(Address, Said(ended)), e),
        PostgresException { SqlState: LockNotAvailable } waited => new(PostgresFaults.Locked(Address, Said(waited)), e),
        PostgresException said => new(PostgresFaults.Statement(Address, said.SqlState, Said(said)), e),
        // A standby ends a session that is blocked by a slow reader without a message.
        _ when _isStandby =>
            new(PostgresFaults.StandbyLost(Address, Redactor.Clean(Cause(e), Address.Password)), e),
        _ => new(PostgresFaults.ConnectionLost(Address, Redactor.Clean(Cause(e), Address.Password)), e),
    };

    // A bulk session does not decode texts.
    private string Decoded(string said) =>
        _isUndecoded ? Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(said)) : said;

    private string Said(PostgresException e) => Redactor.Clean(Decoded(e.MessageText), Address.Password);

    // The driver only says that it could not read; the innermost exception says why.
    private static string Cause(Exception e) => e.Innermost() is EndOfStreamException
        ? "the server, or something on the way to it, closed the connection" : e.Innermost().Message.TrimEnd('.');

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, _connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(Bind(parameter));
        return command;
    }

    // The driver does not know which unsigned type is meant. All callers pass OIDs.
    private static NpgsqlParameter Bind(object value) =>
        value is uint[]? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid }
            : new NpgsqlParameter { Value = value };
}
