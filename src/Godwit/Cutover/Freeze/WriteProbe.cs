using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Cutover.Freeze;

/// <summary>Tries to write like an app: in a new session without settings.</summary>
internal static class WriteProbe
{
    // read_only_sql_transaction.
    private const string Refused = "25006";

    // The server checks read-only before the role's rights, by the kind of statement. The transaction is rolled back.
    private const string Write = "CREATE TABLE godwit_probe_of_the_freeze ()";

    /// <exception cref="FaultException"><c>cutover.write_not_refused</c>.</exception>
    public static async Task RequireRefusedAsync(PostgresAddress source, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(source, ct);
        await session.ExecuteAsync("BEGIN", ct);
        string happened;
        try
        {
            await session.ExecuteAsync(Write, ct);
            happened = "it succeeded (and was rolled back)";
        }
        catch (FaultException e) when (PostgresSession.StateOf(e) is { } state && PostgresSession.IsRefused(e))
        {
            if (state == Refused)
                return;
            happened = $"the server said something else: {e.Fault.Why}";
        }

        await session.ExecuteAsync("ROLLBACK", ct);
        throw new FaultException(FreezeFaults.WriteNotRefused(source, happened));
    }
}
