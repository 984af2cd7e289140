using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Proof;
using Godwit.Verify.Repair;
using Godwit.Verify.Schema;
using Godwit.Verify.Views;

namespace Godwit.Verify.Rows;

internal sealed record TablesResult(IReadOnlyList<TableVerdict> Tables, IReadOnlyList<Omission> Omissions);

/// <summary>Both sides at once.</summary>
/// <param name="sink">Receives every row that differs; null: none.</param>
internal sealed class TablesComparer(
    Side source, Side target, VerifyOptions options, TimeProvider clock, IRowDifferenceSink? sink = null)
{
    public async Task<TablesResult> CompareAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var accepted =
            (await source.AskAsync(session => MaterializedViewName.ResolveAsync(session, options.AcceptViews, ct), ct))
                .Select(SqlText.Plain.Normal).ToHashSet(StringComparer.Ordinal);
        var sides = await Task.WhenAll(
            source.AskAsync(session => SideTable.FindAsync(session, source.IsStandby, ct), ct),
            target.AskAsync(session => SideTable.FindAsync(session, target.IsStandby, ct), ct));
        using var both = new BothSides(source, target, options, sink, clock);
        var inventory = Inventory.Of(sides[0], sides[1], both.Common);
        both.WholeMax = options.RateMax is null ? inventory.Pairs.Sum(pair => pair.Source.Bytes) / options.Jobs : 0;
        var teller = new CompareTeller(inventory, progress, clock);
        var compared = new Compared(teller);
        compared.Verdicts.AddRange(inventory.Settled);
        // The longest must not begin last.
        var jobs = inventory.Pairs.OrderByDescending(pair => pair.Source.Bytes)
            .Select(pair => new TableJob(pair, both));
        var limits = new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = ct };
        await Parallel.ForEachAsync(jobs, limits,
            async (job, token) => compared.Take(job.Pair, await CompareAsync(job, teller, token)));
        List<(TablePair Pair, TableVerdict? Found)> doubtful = [.. compared.Doubtful,
            .. inventory.Unfilled.Select(pair => (pair, default(TableVerdict)))];
        if (doubtful.Count > 0)
        {
            var volatiles = await source.AskAsync(session => VolatileView.FindAsync(session, ct), ct);
            var views = new ViewsComparer(both, teller, compared.EqualViews, accepted,
                volatiles.ToDictionary(view => SqlText.Plain.Normal(view.Name), StringComparer.Ordinal));
            await Parallel.ForEachAsync(doubtful, limits,
                async (one, token) => compared.Take(await views.JudgeAsync(one.Pair, one.Found, token)));
        }

        return new(
            [.. compared.Verdicts.Select(one => ViewsComparer.Judged(one, accepted))
                .OrderBy(one => one.Table, StringComparer.Ordinal)],
            [.. inventory.Omissions, .. compared.Omissions.OrderBy(one => one.What, StringComparer.Ordinal)]);
    }

    // Judges a differing materialized view later: its rows may still be right.
    private static async Task<TableVerdict> CompareAsync(TableJob job, CompareTeller teller, CancellationToken ct)
    {
        try
        {
            return await job.RunAsync(teller, onlySums: job.Pair.IsView, ct);
        }
        // If the server refuses one table, the others are still compared. A lost connection ends the comparison.
        catch (FaultException e) when (PostgresSession.StateOf(e) is { } state && e.Fault.Kind != FaultKind.Transient)
        {
            return new TableVerdict(job.Pair.Title, Outcome.NotCompared, null, null)
            {
                Why = $"{e.Fault.Why} ({state})",
            };
        }
    }

    // Results of several workers.
    private sealed class Compared(CompareTeller teller)
    {
        public List<TableVerdict> Verdicts { get; } = [];

        public List<Omission> Omissions { get; } = [];

        /// <summary>Materialized views that differ, but may be right.</summary>
        public List<(TablePair Pair, TableVerdict? Found)> Doubtful { get; } = [];

        /// <summary>Names as the source quotes them.</summary>
        public HashSet<string> EqualViews { get; } = new(StringComparer.Ordinal);

        public void Take(TablePair pair, TableVerdict verdict)
        {
            lock (Verdicts)
            {
                if (pair.IsView && verdict.Outcome == Outcome.Different)
                {
                    Doubtful.Add((pair, verdict));
                    return;
                }

                if (pair.IsView && verdict.Outcome == Outcome.Equal)
                    EqualViews.Add(pair.Source.Name);
                Verdicts.Add(verdict);
            }

            teller.Compared(verdict);
        }

        public void Take((TableVerdict? Verdict, Omission? Omission) judged)
        {
            lock (Verdicts)
            {
                if (judged.Omission is { } omission)
                    Omissions.Add(omission);
                if (judged.Verdict is { } verdict)
                    Verdicts.Add(verdict);
            }

            teller.Compared(judged.Verdict ?? new(judged.Omission!.What, Outcome.NotCompared, null, null));
        }
    }
}
