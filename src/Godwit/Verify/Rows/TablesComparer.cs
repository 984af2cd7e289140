using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Verify.Repair;

namespace Godwit.Verify.Rows;

/// <summary>What came of the tables' rows.</summary>
internal sealed record TablesResult(IReadOnlyList<TableVerdict> Tables, IReadOnlyList<Omission> Omissions);

/// <summary>Compares the rows of all tables, both sides at once.</summary>
/// <param name="sink">Told of every row that differs; null: nobody is.</param>
internal sealed class TablesComparer(Side source, Side target, VerifyOptions options, TimeProvider clock, IRowDifferenceSink? sink = null)
{
    public async Task<TablesResult> CompareAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var sides = await Task.WhenAll(
            source.AskAsync(session => SideTable.FindAsync(session, source.IsStandby, ct), ct), target.AskAsync(session => SideTable.FindAsync(session, target.IsStandby, ct), ct));
        using var both = new BothSides(source, target, options, sink, clock);
        var inventory = Inventory.Of(sides[0], sides[1], both.Common);
        both.WholeMax = options.RateMax is null ? inventory.Pairs.Sum(pair => pair.Source.Bytes) / options.Jobs : 0;
        var teller = new CompareTeller(inventory, progress, clock);
        var verdicts = new List<TableVerdict>(inventory.Settled);
        // The largest first, so that the longest does not begin last; what is left of the workers goes to the next one.
        var jobs = inventory.Pairs.OrderByDescending(pair => pair.Source.Bytes).Select(pair => new TableJob(pair, both));
        await Parallel.ForEachAsync(jobs, new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = ct }, async (job, token) =>
        {
            var verdict = await CompareAsync(job, teller, token);
            lock (verdicts)
                verdicts.Add(verdict);
            teller.Compared(verdict);
        });
        return new([.. verdicts.OrderBy(one => one.Table, StringComparer.Ordinal)], inventory.Omissions);
    }

    private static async Task<TableVerdict> CompareAsync(TableJob job, CompareTeller teller, CancellationToken ct)
    {
        try
        {
            return await job.RunAsync(teller, ct);
        }
        // A server that refuses one table has said nothing of the others. A connection that is lost ends them all.
        catch (FaultException e) when (PostgresSession.StateOf(e) is { } state && e.Fault.Kind != FaultKind.Transient)
        {
            return new TableVerdict(job.Name, Outcome.NotCompared, null, null) { Why = $"{e.Fault.Why} ({state})" };
        }
    }
}
