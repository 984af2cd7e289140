using System.Collections.Concurrent;
using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>Checks regularly whether our sessions wait for another session's lock, and reports each pair
/// once.</summary>
/// <param name="waiting">Our sessions' application_name.</param>
/// <param name="after">Minimum wait; null: three seconds.</param>
internal sealed class LockWatch(string waiting, Action<LockWait> tell, TimeProvider clock, TimeSpan? after = null)
{
    private static readonly TimeSpan DefaultAfter = TimeSpan.FromSeconds(3);

    // Shorter waits are usual in parallel work.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    // Leaves out waits for our own sessions. The server shows other roles' activity only to some roles. A prepared
    // transaction has no process: its pid is 0.
    private const string Query = $"""
        SELECT waiting.pid, left(regexp_replace(waiting.query, '\s+', ' ', 'g'), 100), blocker,
               coalesce(blocking.usename, ''), coalesce(blocking.application_name, ''), coalesce(blocking.state, '')
        FROM pg_catalog.pg_stat_activity waiting
             CROSS JOIN LATERAL unnest(pg_catalog.pg_blocking_pids(waiting.pid)) blocker
        LEFT JOIN pg_catalog.pg_stat_activity blocking ON blocking.pid = blocker
        WHERE waiting.datname = current_database() AND waiting.application_name = $1
            AND waiting.wait_event_type = 'Lock'
          AND coalesce(blocking.application_name, '') <> '{PostgresAddress.ApplicationName}'
          AND clock_timestamp() - waiting.state_change > $2
        """;

    // Several checks may run at once, each with its own connection.
    private readonly ConcurrentDictionary<(int, int), bool> _told = new();

    /// <param name="open">Opens the session for the checks, which the caller closes. Called at the first check, because
    /// most waits end before.</param>
    public async Task RunAsync(Func<CancellationToken, Task<PostgresSession>> open, CancellationToken ct)
    {
        PostgresSession? session = null;
        while (true)
        {
            await Task.Delay(Every, clock, ct);
            session ??= await open(ct);
            var stalled = await session.RowsAsync(
                Query, row => (Pid: row.GetInt32(0), Wait: new LockWait(row.GetString(1), row.GetInt32(2),
                    row.GetString(3), row.GetString(4), row.GetString(5))), ct, waiting, after ?? DefaultAfter);
            foreach (var (_, wait) in stalled.Where(one => _told.TryAdd((one.Pid, one.Wait.By), true)))
                tell(wait);
        }
    }

    /// <summary>Checks over its own connection, if the server has one free, until the result is disposed.</summary>
    public IAsyncDisposable Start(PostgresAddress at) => new Looking(this, at);

    private sealed class Looking : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _looks;
        private int _isDisposed;

        public Looking(LockWatch watch, PostgresAddress at) => _looks = Task.Run(() => LookAsync(watch, at));

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
                return;
            await _stop.CancelAsync();
            // A failure of the watch does not concern the watched work.
            await _looks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task LookAsync(LockWatch watch, PostgresAddress at)
        {
            PostgresSession? session = null;
            try
            {
                await watch.RunAsync(async ct => session = await PostgresSession.OpenAsync(at, ct), _stop.Token);
            }
            finally
            {
                if (session is not null)
                    await session.DisposeAsync();
            }
        }
    }
}

/// <param name="Sql">The beginning of our statement.</param>
/// <param name="By">Pid; 0: a prepared transaction holds the lock.</param>
/// <param name="User">Empty if the server hides it; likewise <paramref name="Program"/> and
/// <paramref name="State"/>.</param>
public sealed record LockWait(string Sql, int By, string User, string Program, string State)
{
    /// <summary>The end of a sentence: <c>process 4711 of the source (app, nightly report, idle in
    /// transaction)</c>.</summary>
    /// <param name="where">The source or the target.</param>
    public string Holder(string where)
    {
        var known = Phrase.List([.. new[] { User, Program, State }.Where(text => text.Length > 0)]);
        return By == 0
            ? $"a prepared transaction of {where}"
            : $"process {By} of {where}{(known.Length > 0 ? $" ({known})" : "")}";
    }

    public string Why => $"it holds a lock that this needs: {Redactor.Clean(Sql.Trim())}";

    /// <param name="else">A sentence: what happens if the lock stays.</param>
    public string Remedy(string @else) =>
        (By == 0 ? "Find it (SELECT * FROM pg_prepared_xacts), and end it: ROLLBACK PREPARED 'its gid'. "
            : $"Let it end, or end it: SELECT pg_terminate_backend({By}). ") + @else;
}
