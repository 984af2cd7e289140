using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Extract;

/// <summary>Locks the dumped tables against DROP, ALTER and TRUNCATE, as pg_dump does.</summary>
internal static class TableLocks
{
    // Names in one LOCK statement, which the server logs if it fails.
    private const int LockedAtOnce = 100;

    /// <param name="oids">Tables and partitioned tables; others are ignored.</param>
    /// <exception cref="FaultException">Among others <c>extract.tables_locked</c>: another session holds an exclusive
    /// lock on one of them.</exception>
    public static async Task TakeAsync(PostgresSession session, uint[] oids, CancellationToken ct)
    {
        // Views and foreign tables cannot be locked before PostgreSQL 15, and hold no rows of their own.
        var names = await session.RowsAsync("""
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = ANY($1) AND c.relkind IN ('r', 'p') ORDER BY c.oid
            """, row => row.GetString(0), ct, oids);
        try
        {
            foreach (var some in names.Chunk(LockedAtOnce))
                await session.ExecuteAsync($"LOCK TABLE ONLY {string.Join(", ONLY ", some)} IN ACCESS SHARE MODE", ct);
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.UndefinedTable)
            || PostgresSession.IsAnswer(e, PostgresSession.UndefinedSchema))
        {
            throw new FaultException(ExtractFaults.TableGone(e.Fault.Why), e);
        }
    }
}
