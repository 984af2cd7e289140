using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

/// <summary>Whether the source has the locks and connections that a dump needs.</summary>
internal sealed class CapacityCheck : ICheck
{
    // The server grants more locks than its settings say, while shared memory lasts: measured, a tenth and five hundred
    // more (PostgreSQL 15 and 17). Twice that is never available.
    private const int SpareLocks = 1_000;

    private const double SpareShare = 1.2;

    private const int LooksMax = 5;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>pg_dump locks every table, and each lock takes an entry in shared memory.</summary>
    /// <remarks>NLOCKENTS in PostgreSQL's <c>lock.c</c>, MaxBackends in <c>postinit.c</c>, which counts
    /// autovacuum_worker_slots since 18.</remarks>
    private const string Locks = $"""
        SELECT (SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND {Wording.IsOwn}),
               current_setting('max_locks_per_transaction')::bigint,
               current_setting('max_locks_per_transaction')::bigint
                   * (SELECT sum(setting::bigint) + 1 + coalesce(current_setting('autovacuum_worker_slots', true),
                       current_setting('autovacuum_max_workers'))::bigint
                      FROM pg_catalog.pg_settings WHERE name IN ('max_connections', 'max_worker_processes',
                          'max_wal_senders', 'max_prepared_transactions'))::bigint
        """;

    // numbackends includes the server's own workers, so the result is rather too low: applications need connections
    // too.
    private const string Connections = """
        SELECT least(
            current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint
                - coalesce(current_setting('reserved_connections', true), '0')::bigint
                - (SELECT sum(numbackends) FROM pg_catalog.pg_stat_database)::bigint,
            (SELECT nullif(datconnlimit, -1)::bigint - pg_catalog.pg_stat_get_db_numbackends(oid)
             FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()),
            (SELECT nullif(rolconnlimit, -1)::bigint - (SELECT count(*) FROM pg_catalog.pg_stat_activity
                WHERE usename = current_user)
             FROM pg_catalog.pg_roles WHERE rolname = current_user)),
            current_setting('max_connections')::bigint,
            coalesce((SELECT nullif(datconnlimit, -1)::bigint FROM pg_catalog.pg_database
                WHERE datname = pg_catalog.current_database()), -1),
            coalesce((SELECT nullif(rolconnlimit, -1)::bigint FROM pg_catalog.pg_roles
                WHERE rolname = current_user), -1)
        """;

    public string Name => "locks and connections";

    public IReadOnlyList<string> Acceptable => CapacityFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var (tables, each, room) = (await world.Source.RowsAsync(Locks,
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), ct))[0];
        var needed = (tables * each / Math.Max(room, 1)) + 1;
        if (tables > (room * SpareShare) + SpareLocks)
            notes.Add(CapacityFindings.LocksExhausted(tables, room, needed));
        else if (tables > room)
            notes.Add(CapacityFindings.LocksTight(tables, room, needed));
        var needs = ConnectionNeeds.Of(world.Request);
        var (free, server, database, role) = await ConnectionsAsync(world.Source, ct);
        // Sessions that other checks have closed are counted until their processes have ended.
        for (var looks = 1; free + 1 < needs.Most && looks < LooksMax; looks++)
        {
            await Task.Delay(LookEvery, world.Parts.Clock, ct);
            (free, server, database, role) = await ConnectionsAsync(world.Source, ct);
        }

        // Our own connection is in use, too. Dump and copy can run with fewer workers.
        if (free + 1 < needs.Most)
            notes.Add(CapacityFindings.Connections(Math.Max(free + 1, 1), needs.Sum,
                Limits(world.Source.Address, server, database, role)));
    }

    private static async Task<(long Free, long Server, long Database, long Role)> ConnectionsAsync(
        PostgresSession source, CancellationToken ct) => (await source.RowsAsync(Connections,
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), ct))[0];

    private static string Limits(PostgresAddress source, long server, long database, long role) => string.Join(", ",
    [
        $"the server allows {ServerCatalog.Number(server)} in all",
        .. database >= 0 ? [$"the database {ServerCatalog.Number(database)}"] : Array.Empty<string>(),
        .. role >= 0 ? [$"the user {source.User} {ServerCatalog.Number(role)}"] : Array.Empty<string>(),
    ]);
}
