using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Cutover.Freeze;

/// <summary>One transaction that may write, whatever the database's default is. Nothing is SET for the session: behind
/// a pooler it would be left to the application.</summary>
internal static class WriteTransaction
{
    private const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

    public static Task RunAsync(PostgresSession session, Func<Task> act, CancellationToken ct) =>
        RunAsync(session, act, "COMMIT", ct);

    /// <summary>Tries it, and takes it back in any case.</summary>
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
