using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Opens sessions at the target that read what the source writes.</summary>
/// <param name="encoding">The source's: the target converts, and refuses what it cannot.</param>
internal sealed class TargetSessions(PostgresAddress target, string encoding, int indexJobs)
{
    // pg_restore's settings, so that settings of roles and databases do not change what texts mean. Rows need to be on
    // disk only at the end of the copy.
    // https://github.com/postgres/postgres/blob/REL_17_STABLE/src/bin/pg_dump/pg_backup_archiver.c,
    // _doSetFixedOutputState
    private const string Settings = """
        SET search_path = ''; SET DateStyle = ISO; SET IntervalStyle = postgres; SET standard_conforming_strings = on;
        SET array_nulls = on; SET xmloption = content;
        SET check_function_bodies = off; SET row_security = off; SET client_min_messages = warning;
        SET default_tablespace = ''; SET synchronous_commit = off;
        SET default_transaction_read_only = off
        """;

    // Sorting in memory makes index builds fast, but a server does not tell its memory size. effective_cache_size (in
    // pages of 8 kB) is most of it: an eighth of that for all builders together, at most 2 GB for one, and never below
    // the server's own setting (in kB).
    private const string Memory = """
        SELECT pg_catalog.set_config('maintenance_work_mem',
            greatest(own.setting::bigint, least(cache.setting::bigint * 8 / 8 / $1, 2097151))::text, false)
        FROM pg_catalog.pg_settings own, pg_catalog.pg_settings cache
        WHERE own.name = 'maintenance_work_mem' AND cache.name = 'effective_cache_size'
        """;

    public async Task<PostgresSession> OpenAsync(CancellationToken ct)
    {
        var session = await PostgresSession.OpenForBulkAsync(target, ct);
        try
        {
            if (session.IsPooled)
                throw new FaultException(CopyFaults.TargetPooled(target));
            await session.ExecuteAsync(
                $"SELECT pg_catalog.set_config('client_encoding', '{encoding}', false); {Settings}", ct);
            await session.ExecuteAsync(Memory, ct, indexJobs);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
