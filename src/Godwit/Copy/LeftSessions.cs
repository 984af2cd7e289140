using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Ends sessions at the target whose process has died: a server finishes building an index before it notices
/// that its client is gone.</summary>
internal static class LeftSessions
{
    // A terminated session ends within moments, unless it hangs in the server's file system.
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30), LookEvery = TimeSpan.FromMilliseconds(200);

    // Sessions of our own role, which we may terminate. The session with the advisory lock belongs to the present run.
    private const string End = """
        SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(one.pid)) FROM pg_catalog.pg_stat_activity one
        WHERE one.datname = pg_catalog.current_database() AND one.usename = current_user
            AND one.application_name = 'godwit' AND one.pid <> pg_catalog.pg_backend_pid()
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks held WHERE held.pid = one.pid AND held.locktype = 'advisory')
        """;

    /// <exception cref="FaultException"><c>copy.left_sessions</c>: one of them does not end.</exception>
    public static async Task EndAsync(PostgresAddress target, TimeProvider clock, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(target, ct);
        var started = clock.GetTimestamp();
        while (await session.ScalarAsync<long>(End, ct) is > 0 and var left)
        {
            if (clock.GetElapsedTime(started) > EndMax)
                throw new FaultException(CopyFaults.LeftSessions($"{target}", Phrase.Count(left, "session")));
            await Task.Delay(LookEvery, clock, ct);
        }
    }
}
