using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Cutover.Freeze;

/// <summary>A transaction that may write whatever the database's default is. It sets nothing for the session: behind a
/// pooler, an app would inherit that.</summary>
internal static class WriteTransaction
{
    private const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

    public static Task RunAsync(PostgresSession session, Func<Task> act, CancellationToken ct) =>
        RunAsync(session, act, "COMMIT", ct);

    /// <summary>Always rolled back.</summary>
    public static Task RehearseAsync(PostgresSession session, Func<Task> act, CancellationToken ct) =>
        RunAsync(session, act, "ROLLBACK", ct);

    private static async Task RunAsync(PostgresSession session, Func<Task> act, string end, CancellationToken ct)
    {
        await session.ExecuteAsync(Begin, ct);
        try
        {
            await act();
        }
        catch (FaultException e) when (!PostgresSession.IsLost(e))
        {
            await session.ExecuteAsync("ROLLBACK", ct);
            throw;
        }

        await session.ExecuteAsync(end, ct);
    }
}
