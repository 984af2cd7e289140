using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Looks now and then whether a session of ours waits for somebody's lock at the target, and says for whose.</summary>
internal sealed class StallWatch(PostgresSession session, CopyWatch watch, TimeProvider clock)
{
    /// <summary>Shorter waits are those of any work side by side.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Ours are told by their name; one that waits for another of ours is no news. What others do is shown to whom it may be.</summary>
    private const string Query = """
        SELECT waiting.pid, left(regexp_replace(waiting.query, '\s+', ' ', 'g'), 100), blocking.pid, coalesce(blocking.usename, ''), coalesce(blocking.application_name, ''), coalesce(blocking.state, '')
        FROM pg_catalog.pg_stat_activity waiting, LATERAL unnest(pg_catalog.pg_blocking_pids(waiting.pid)) blocker
        JOIN pg_catalog.pg_stat_activity blocking ON blocking.pid = blocker
        WHERE waiting.datname = current_database() AND waiting.application_name = 'godwit' AND waiting.wait_event_type = 'Lock'
          AND blocking.application_name <> 'godwit' AND clock_timestamp() - waiting.state_change > '3 seconds'
        """;

    private readonly HashSet<(int, int)> _told = [];

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(Every, clock, ct);
            var stalled = await session.RowsAsync(
                Query, row => (Pid: row.GetInt32(0), Sql: row.GetString(1), By: row.GetInt32(2), User: row.GetString(3), Program: row.GetString(4), State: row.GetString(5)), ct);
            foreach (var one in stalled.Where(one => _told.Add((one.Pid, one.By))))
            {
                watch.Note("copy.waits", $"The {watch.Step} waits for process {one.By} of the target ({Named.Some([.. new[] { one.User, one.Program, one.State }.Where(text => text.Length > 0)])})",
                    $"it holds a lock that this needs: {Redactor.Clean(one.Sql.Trim())}",
                    $"Let it end, or end it: SELECT pg_terminate_backend({one.By}). The {watch.Step} waits some minutes, and then gives up.", "warning");
            }
        }
    }
}
