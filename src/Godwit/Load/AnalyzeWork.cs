using System.Collections.Concurrent;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Load;

/// <summary>Tables to analyze, the largest first.</summary>
internal sealed class AnalyzeWork
{
    // ANALYZE of a partitioned table includes its partitions; autovacuum never analyzes the table itself.
    // https://www.postgresql.org/docs/current/sql-analyze.html
    private const string Own = """
        SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname),
               CASE c.relkind WHEN 'p' THEN (SELECT pg_catalog.sum(pg_catalog.pg_relation_size(p.relid))
                   FROM pg_catalog.pg_partition_tree(c.oid) p)
                              ELSE pg_catalog.pg_relation_size(c.oid) END
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND c.relpersistence <> 't'
            AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
          AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
        ORDER BY 3 DESC, 1
        """;

    // Faults of a server or its connection, not those of a journal that cannot be written.
    private const string OfServers = "postgres.";

    private readonly PostgresAddress _target;

    private AnalyzeWork(PostgresAddress target, IReadOnlyList<AnalyzedTable> tables) =>
        (_target, Tables) = (target, tables);

    public IReadOnlyList<AnalyzedTable> Tables { get; }

    /// <param name="only">Null: all that this user owns.</param>
    public static async Task<AnalyzeWork> FindAsync(
        PostgresAddress target, IReadOnlySet<uint>? only, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(target, ct);
        var all = await session.RowsAsync(Own,
            row => new AnalyzedTable(row.GetFieldValue<uint>(0), row.GetString(1)), ct);
        return new(target, [.. all.Where(table => only is null || only.Contains(table.Oid))]);
    }

    /// <summary>Ends when all are done, the token is cancelled, or no session is left: a small plan has few
    /// connections.</summary>
    /// <returns>The tables that are left; and the fault of the first session that was refused or lost, if
    /// any.</returns>
    public async Task<(IReadOnlyList<AnalyzedTable> Left, Fault? Why)> RunAsync(
        string step, int jobs, IProgress<StepEvent> progress, TimeProvider clock, CancellationToken ct)
    {
        var open = new ConcurrentQueue<AnalyzedTable>(Tables);
        var done = new ConcurrentBag<AnalyzedTable>();
        var refused = new ConcurrentQueue<Fault>();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(jobs, Tables.Count)).Select(async _ =>
        {
            try
            {
                await using var session = await PostgresSession.OpenAsync(_target, ct);
                while (open.TryDequeue(out var table))
                {
                    progress.Report(new StateChanged(step, clock.GetUtcNow(), table.Name, "analyzing"));
                    await AnalyzeAsync(session, table, progress, step, clock, ct);
                    done.Add(table);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // The table that this session had begun is left too.
            }
            catch (FaultException e) when (e.Fault.Code.StartsWith(OfServers, StringComparison.Ordinal))
            {
                // The other sessions take the rest of the queue.
                refused.Enqueue(e.Fault);
            }
        }));
        IReadOnlyList<AnalyzedTable> left = [.. Tables.Except(done)];
        return (left, left.Count > 0 && refused.TryPeek(out var first) ? first : null);
    }

    private static async Task AnalyzeAsync(
        PostgresSession session, AnalyzedTable table, IProgress<StepEvent> progress, string step, TimeProvider clock,
        CancellationToken ct)
    {
        try
        {
            await session.ExecuteAsync($"ANALYZE {table.Name}", ct);
        }
        catch (FaultException e) when (PostgresSession.StateOf(e) is not null && e.Fault.Kind != FaultKind.Transient)
        {
            // An expression of an index or of extended statistics may fail for some rows. No data is missing then.
            progress.Report(new Observed(step, clock.GetUtcNow(), "load.not_analyzed", Severity.Warning,
                $"{table.Name} has no statistics", e.Fault.Why, $"When the cause is removed: ANALYZE {table.Name};"));
        }
    }
}

/// <param name="Name">Quoted, with its schema.</param>
internal sealed record AnalyzedTable(uint Oid, string Name);
