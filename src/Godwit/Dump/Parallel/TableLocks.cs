using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump.Parallel;

/// <summary>Keeps the dumped tables from being dropped, altered or emptied, as pg_dump does.</summary>
internal static class TableLocks
{
    /// <summary>Names in one LOCK statement, which the server writes into its log when it fails.</summary>
    private const int LockedAtOnce = 100;

    /// <summary>Takes them. False: the server's table of locks has no room for one more holder of so many; the driver has closed the session.</summary>
    /// <param name="oids">Of tables, partitioned tables, and whatever else is ignored here.</param>
    /// <exception cref="FaultException">Somebody holds an exclusive lock on one of them.</exception>
    public static async Task<bool> TryTakeAsync(PostgresSession session, uint[] oids, CancellationToken ct)
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
            return true;
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.OutOfMemory))
        {
            return false;
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable))
        {
            throw new FaultException(DumpFaults.TablesLocked(session.Address), e);
        }
    }
}
