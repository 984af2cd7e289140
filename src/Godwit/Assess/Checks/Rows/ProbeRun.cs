using System.Globalization;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Rows;

/// <summary>Within a time budget or until all queries have ended.</summary>
internal sealed class ProbeRun(PostgresSession source, TimeProvider clock, bool isDeep)
{
    // For reading rows in an assessment that should take seconds.
    private static readonly TimeSpan BudgetMax = TimeSpan.FromSeconds(3);

    // Per query: one must not use up the budget.
    private const string EachMax = "800ms";

    // Small queries are combined: a round trip to a distant server costs more than the query.
    private const int TogetherMax = 40;

    private const long TogetherBytesMax = 2_000_000;

    private readonly long _started = clock.GetTimestamp();

    // The end of the current kind's time.
    private TimeSpan _until;

    private bool IsOver => !isDeep && clock.GetElapsedTime(_started) > _until;

    /// <summary>Small tables first, to cover as many as possible. Each kind has its share of the time and what earlier
    /// kinds left.</summary>
    public async Task<IReadOnlyList<ProbeAnswer>> AskAsync(IEnumerable<RowProbe> probes, CancellationToken ct)
    {
        var answers = new List<ProbeAnswer>();
        var kinds = probes.GroupBy(probe => probe.Kind).OrderBy(kind => kind.Count(probe => !probe.HasNoRows)).ToList();
        foreach (var (turn, kind) in kinds.Index())
        {
            _until = BudgetMax * (turn + 1) / kinds.Count;
            answers.AddRange(kind.Where(probe => probe.HasNoRows)
                .Select(probe => new ProbeAnswer(probe, 0, true, null)));
            foreach (var group in Together(kind.Where(probe => !probe.HasNoRows).OrderBy(probe => probe.Bytes)))
                answers.AddRange(await AskAsync(group, Begin(kind.Key), ct));
        }

        return answers;
    }

    // A corrupt index would hide a duplicate key or the row that a foreign key references. Within the budget an index
    // is still used: it makes samples of large tables fast.
    private bool TrustsIndexes(ProbeKind kind) => kind == ProbeKind.Behind || (kind == ProbeKind.Orphans && !isDeep);

    private static IEnumerable<IReadOnlyList<RowProbe>> Together(IEnumerable<RowProbe> probes)
    {
        var group = new List<RowProbe>();
        foreach (var probe in probes)
        {
            if (group.Count == TogetherMax
                || (group.Count > 0 && group.Sum(one => one.Bytes) + probe.Bytes > TogetherBytesMax))
            {
                yield return group;
                group = [];
            }

            group.Add(probe);
        }

        if (group.Count > 0)
            yield return group;
    }

    private async Task<IReadOnlyList<ProbeAnswer>> AskAsync(
        IReadOnlyList<RowProbe> group, string begin, CancellationToken ct)
    {
        var closed = group.Where(probe => !probe.Readable)
            .Select(probe => new ProbeAnswer(probe, null, false, "a table is closed to the user")).ToList();
        closed.AddRange(group.Where(probe => probe is { Readable: true, RunsForeignCode: true })
            .Select(probe => new ProbeAnswer(probe, null, false, null)));
        var open = group.Where(probe => probe is { Readable: true, RunsForeignCode: false }).ToList();
        if (open.Count == 0)
            return closed;
        if (IsOver)
            return [.. closed, .. open.Select(probe => new ProbeAnswer(probe, null, false, null))];
        var (answers, failure) = await TryAsync(open, begin, ct);
        if (failure is null)
            return [.. closed, .. answers];
        if (open.Count == 1)
            return [.. closed, new ProbeAnswer(open[0], null, false,
                PostgresSession.IsAnswer(failure, PostgresSession.QueryCanceled) ? null : Obstacle(failure),
                PostgresSession.IsAnswer(failure, PostgresSession.InsufficientPrivilege))];
        // One failing query fails the whole group, so each runs alone.
        foreach (var probe in open)
            closed.AddRange(await AskAsync([probe], begin, ct));
        return closed;
    }

    // Messages of functions and about values may contain the row. Only those about objects, rights, locks and resources
    // are shown.
    private static string Obstacle(FaultException failure) => PostgresSession.StateOf(failure) switch
    {
        ['4', '2', ..] or ['3', 'F', ..] or ['5', '3' or '5' or '7', ..] => failure.Fault.Why,
        { } state => $"the server stops with SQLSTATE {state}",
        null => failure.Fault.Why,
    };

    private async Task<(IReadOnlyList<ProbeAnswer> Answers, FaultException? Failure)> TryAsync(
        IReadOnlyList<RowProbe> probes, string begin, CancellationToken ct)
    {
        var question = string.Join("\nUNION ALL ", probes.Select((probe, place) =>
            string.Create(CultureInfo.InvariantCulture,
                $"SELECT {place}, ({(isDeep ? probe.Count : probe.Sample ?? probe.Count)})")));
        try
        {
            await source.ExecuteAsync(begin, ct);
            var counts = await source.RowsAsync(question, row => (Place: row.GetInt32(0), Count: row.GetInt64(1)), ct);
            await source.ExecuteAsync("COMMIT", ct);
            return ([.. counts.Select(one => new ProbeAnswer(probes[one.Place], one.Count,
                isDeep || probes[one.Place].Sample is null, null))], null);
        }
        catch (FaultException e) when (!PostgresSession.IsLost(e))
        {
            await source.ExecuteAsync("ROLLBACK", ct);
            return ([], e);
        }
    }

    // With row_security off, hidden rows cause an error instead of a good result. Expressions are evaluated as in a
    // restore.
    private string Begin(ProbeKind kind) => string.Concat(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL row_security = off; SET LOCAL jit = off;",
        isDeep ? " SET LOCAL statement_timeout = 0;" : $" SET LOCAL statement_timeout = '{EachMax}'; "
            + "SET LOCAL lock_timeout = '100ms';",
        TrustsIndexes(kind) ? "" : " SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; "
            + "SET LOCAL enable_bitmapscan = off;",
        // constraint_exclusion would assume that no row violates a constraint.
        kind == ProbeKind.Expressions ? " SET LOCAL search_path = ''; SET LOCAL constraint_exclusion = off;" : "");
}
