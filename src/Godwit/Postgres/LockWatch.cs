using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>Looks now and then whether sessions of ours wait for somebody's lock, and tells for whose, once each.</summary>
/// <param name="waiting">What the server's list of sessions calls ours.</param>
internal sealed class LockWatch(string waiting, Action<LockWait> tell)
{
    /// <summary>Shorter waits are those of any work side by side.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>One that waits for another of ours is no news. What others do is shown to whom it may be.</summary>
    private const string Query = $"""
        SELECT waiting.pid, left(regexp_replace(waiting.query, '\s+', ' ', 'g'), 100), blocking.pid, coalesce(blocking.usename, ''), coalesce(blocking.application_name, ''), coalesce(blocking.state, '')
        FROM pg_catalog.pg_stat_activity waiting, LATERAL unnest(pg_catalog.pg_blocking_pids(waiting.pid)) blocker
        JOIN pg_catalog.pg_stat_activity blocking ON blocking.pid = blocker
        WHERE waiting.datname = current_database() AND waiting.application_name = $1 AND waiting.wait_event_type = 'Lock'
          AND blocking.application_name <> '{PostgresAddress.ApplicationName}' AND clock_timestamp() - waiting.state_change > '3 seconds'
        """;

    private readonly HashSet<(int, int)> _told = [];

    /// <summary>Until it is cancelled.</summary>
    /// <param name="open">The session that looks; asked for when the first look is due, because most waits are shorter. It is the caller's.</param>
    public async Task RunAsync(Func<CancellationToken, Task<PostgresSession>> open, CancellationToken ct)
    {
        PostgresSession? session = null;
        while (true)
        {
            await Task.Delay(Every, TimeProvider.System, ct);
            session ??= await open(ct);
            var stalled = await session.RowsAsync(
                Query, row => (Pid: row.GetInt32(0), Wait: new LockWait(row.GetString(1), row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetString(5))), ct, waiting);
            foreach (var (_, wait) in stalled.Where(one => _told.Add((one.Pid, one.Wait.By))))
                tell(wait);
        }
    }
}

/// <summary>Somebody's lock that we wait for.</summary>
/// <param name="Sql">Ours, its beginning.</param>
/// <param name="By">Process of the server.</param>
/// <param name="User">Empty where the server does not say, as <paramref name="Program"/> and <paramref name="State"/>.</param>
public sealed record LockWait(string Sql, int By, string User, string Program, string State)
{
    /// <summary>The end of a sentence: <c>process 4711 of the source (app, nightly report, idle in transaction)</c>.</summary>
    /// <param name="where">The source, or the target.</param>
    public string Holder(string where) => $"process {By} of {where} ({Named.Some([.. new[] { User, Program, State }.Where(text => text.Length > 0)])})";

    public string Why => $"it holds a lock that this needs: {Redactor.Clean(Sql.Trim())}";

    /// <param name="else">What becomes of it otherwise, a sentence.</param>
    public string Remedy(string @else) => $"Let it end, or end it: SELECT pg_terminate_backend({By}). {@else}";
}
