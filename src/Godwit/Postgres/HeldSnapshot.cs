using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>One moment of a database, which other sessions can see as long as this is not disposed. It reads nothing and locks nothing; the server only keeps
/// the row versions of then.</summary>
public sealed class HeldSnapshot : IAsyncDisposable
{
    /// <summary>Nothing of the database's own settings may end a session that waits for hours.</summary>
    private const string Patient =
        "SELECT pg_catalog.set_config(name, '0', true) FROM pg_catalog.pg_settings WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')";

    private readonly PostgresSession _holder;

    private HeldSnapshot(PostgresSession holder, string id) => (_holder, Id) = (holder, id);

    /// <summary>For <c>SET TRANSACTION SNAPSHOT</c>.</summary>
    public string Id { get; }

    /// <exception cref="FaultException">The database cannot be reached.</exception>
    public static async Task<HeldSnapshot> TakeAsync(PostgresAddress address, CancellationToken ct)
    {
#pragma warning disable CA2000 // The snapshot it becomes part of disposes it.
        var holder = await PostgresSession.OpenAsync(address, ct);
#pragma warning restore CA2000
        try
        {
            await holder.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ct);
            await holder.ExecuteAsync(Patient, ct);
            return new(holder, (await holder.ScalarAsync<string>("SELECT pg_catalog.pg_export_snapshot()", ct))!);
        }
        catch
        {
            await holder.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _holder.DisposeAsync();
}
