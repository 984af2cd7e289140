using System.Globalization;
using Npgsql;

namespace Godwit.EndToEnd.Chaos;

/// <summary>An application that writes all the while, connects again whenever it is thrown out, and keeps which of its
/// rows the database acknowledged.</summary>
internal sealed class Ledger : IAsyncDisposable
{
    public const string Table = """
        CREATE TABLE ledger (id bigserial PRIMARY KEY, n bigint NOT NULL UNIQUE,
            at timestamptz NOT NULL DEFAULT clock_timestamp());
        """;

    /// <summary>In <c>application_name</c>: its sessions are not Godwit's.</summary>
    public const string Application = "ledger";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LongTransaction = TimeSpan.FromMilliseconds(250);

    /// <summary>One that was thrown out tries again so soon: the freeze has to stand against it.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan AcknowledgedMax = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, string> _acknowledged = [];
    private readonly HashSet<long> _unsure = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _writing = [];
    private volatile string _where;
    private long _next;
    private string? _lastRefusal;

    /// <param name="where">The connection string of the source.</param>
    public Ledger(string where, bool hasLongTransactions)
    {
        _where = Source = where;
        _writing.Add(Task.Run(() => WriteAsync(isLong: false)));
        if (hasLongTransactions)
            _writing.Add(Task.Run(() => WriteAsync(isLong: true)));
    }

    public string Source { get; }

    /// <summary>Why the last write failed.</summary>
    public string? LastRefusal => Volatile.Read(ref _lastRefusal);

    /// <summary>Connects there from its next connection on.</summary>
    public void MoveTo(string where) => _where = where;

    /// <summary>Rows that were acknowledged there.</summary>
    public IReadOnlySet<long> AcknowledgedBy(string where)
    {
        lock (_gate)
            return _acknowledged.Where(one => one.Value == where).Select(one => one.Key).ToHashSet();
    }

    /// <summary>Wherever it was.</summary>
    public IReadOnlySet<long> AllAcknowledged
    {
        get
        {
            lock (_gate)
                return _acknowledged.Keys.ToHashSet();
        }
    }

    /// <summary>Sent, and nobody knows whether they arrived.</summary>
    public IReadOnlySet<long> Unsure
    {
        get
        {
            lock (_gate)
                return _unsure.ToHashSet();
        }
    }

    /// <summary>True as soon as one more row is acknowledged there; false if none is for a while.</summary>
    public async Task<bool> CanWriteAsync(string where, CancellationToken ct)
    {
        var before = AcknowledgedBy(where).Count;
        for (var waited = TimeSpan.Zero; waited < AcknowledgedMax; waited += Again)
        {
            if (AcknowledgedBy(where).Count > before)
                return true;
            await Task.Delay(Again, ct);
        }

        return false;
    }

    /// <summary>Nothing is written any more when this returns.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    public static async Task<IReadOnlySet<long>> RowsAsync(string where, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(where);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT n FROM ledger", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new HashSet<long>();
        while (await reader.ReadAsync(ct))
            found.Add(reader.GetInt64(0));
        return found;
    }

    private async Task WriteAsync(bool isLong)
    {
        while (!_stop.IsCancellationRequested)
        {
            var where = _where;
            try
            {
                await using var connection = new NpgsqlConnection(where);
                await connection.OpenAsync(_stop.Token);
                while (!_stop.IsCancellationRequested && where == _where)
                {
                    await WriteOneAsync(connection, where, isLong);
                    await Task.Delay(Pace, _stop.Token);
                }
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException
                or InvalidOperationException or OperationCanceledException)
            {
                // Thrown out, refused, or the server is away: an application tries again.
                Volatile.Write(ref _lastRefusal, e.Message);
                await Task.Delay(Again, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Never cancelled half-way: a row is acknowledged or unsure, and the end of a test makes none of them unsure.
    private async Task WriteOneAsync(NpgsqlConnection connection, string where, bool isLong)
    {
        var n = Interlocked.Increment(ref _next);
        lock (_gate)
            _unsure.Add(n);
        var insert = string.Create(CultureInfo.InvariantCulture, $"INSERT INTO ledger (n) VALUES ({n})");
        try
        {
            if (isLong)
                await ExecuteAsync(connection,
                    $"BEGIN; {insert}; SELECT "
                    + $"pg_sleep({LongTransaction.TotalSeconds.ToString(CultureInfo.InvariantCulture)}); COMMIT");
            else
                await ExecuteAsync(connection, insert);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction
            or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedTable)
        {
            // It said no: this row is not there, and nobody has to look for it.
            lock (_gate)
                _unsure.Remove(n);
            throw;
        }

        lock (_gate)
        {
            _unsure.Remove(n);
            _acknowledged[n] = where;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Numbers only.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 15 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
