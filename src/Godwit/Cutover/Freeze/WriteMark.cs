using System.Globalization;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Cutover.Freeze;

/// <summary>How far the source has been written, by the server's own counters.</summary>
/// <param name="Lsn">End of the WAL, which all databases of the server share. Null: this server does not tell.</param>
/// <param name="NextTransaction">Shared by all databases of the server.</param>
/// <param name="IsAnyOpen">A transaction with an ID is still open.</param>
/// <param name="Rows">Rows ever inserted, updated or deleted in this database's tables and catalogs.</param>
/// <param name="CountedSince">When the counters were reset; empty: never.</param>
internal sealed record WriteMark(string? Lsn, long NextTransaction, bool IsAnyOpen, long Rows, string CountedSince)
{
    // Leaves out statistics, which autovacuum writes, and shared catalogs, which belong to no database. TOAST rows come
    // with rows of their tables. Sequences and TRUNCATE do not count rows, but they take a transaction ID, and TRUNCATE
    // updates a row of pg_class.
    private const string Look = """
        SELECT pg_catalog.txid_snapshot_xmax(s), pg_catalog.txid_snapshot_xmin(s) < pg_catalog.txid_snapshot_xmax(s),
               (SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_stat_get_tuples_inserted(c.oid) +
                   pg_catalog.pg_stat_get_tuples_updated(c.oid)
                                               + pg_catalog.pg_stat_get_tuples_deleted(c.oid)), 0)::bigint
                FROM pg_catalog.pg_class c
                WHERE c.relkind IN ('r', 'm') AND NOT c.relisshared
                  AND NOT (c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace
                      AND c.relname IN ('pg_statistic', 'pg_statistic_ext_data'))),
               COALESCE((SELECT stats_reset::text FROM pg_catalog.pg_stat_database
                   WHERE datname = pg_catalog.current_database()), '')
        FROM pg_catalog.txid_current_snapshot() s
        """;

    private const char Between = '|';

    public static async Task<WriteMark> TakeAsync(PostgresSession session, CancellationToken ct)
    {
        var lsn = await LsnAsync(session, ct);
        return (await session.RowsAsync(Look,
            row => new WriteMark(lsn, row.GetInt64(0), row.GetBoolean(1), row.GetInt64(2), row.GetString(3)), ct))[0];
    }

    /// <summary>For the run's memory.</summary>
    public string Write() => string.Join(Between, Lsn, NextTransaction.ToString(CultureInfo.InvariantCulture),
        Rows.ToString(CultureInfo.InvariantCulture), CountedSince);

    public static WriteMark Read(string text)
    {
        var parts = text.Split(Between);
        return new(parts[0].Length > 0 ? parts[0] : null, long.Parse(parts[1], CultureInfo.InvariantCulture),
            IsAnyOpen: false, long.Parse(parts[2], CultureInfo.InvariantCulture), parts[3]);
    }

    /// <summary>Whether this database was written since. A crash resets the counters; then any row counts.</summary>
    public bool HasMovedSince(WriteMark before) => IsCountedAnewSince(before) ? Rows > 0 : Rows != before.Rows;

    public bool IsCountedAnewSince(WriteMark before) => CountedSince != before.CountedSince || Rows < before.Rows;

    private static async Task<string?> LsnAsync(PostgresSession session, CancellationToken ct)
    {
        try
        {
            return await session.ScalarAsync<string>("SELECT pg_catalog.pg_current_wal_insert_lsn()::text", ct);
        }
        catch (FaultException e) when (PostgresSession.IsRefused(e))
        {
            return null;
        }
    }
}
