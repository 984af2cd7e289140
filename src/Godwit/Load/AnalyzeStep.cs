using System.Globalization;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Targets;

namespace Godwit.Load;

/// <summary>Gathers the planner's statistics, which a restore does not bring: the largest tables first, for a limited
/// time. <see cref="AnalyzeRestStep"/> does the rest.</summary>
/// <param name="jobs">Parallel sessions.</param>
public sealed class AnalyzeStep(ITarget target, int jobs, IRunMemory memory, TimeProvider clock) : IStep
{
    // The application is stopped meanwhile. Autovacuum would reach the other tables by itself.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>OIDs of the tables that are left, separated by commas; removed when there are none.</summary>
    internal static RunKey<string> LeftKey { get; } = RunKey.Text("analyze.left");

    public string Name => "analyze";

    public StepTraits Traits => StepTraits.Downtime;

    public string Intent => $"Let {target.Title} gather the planner's statistics, the largest tables first, "
        + $"for {Limit.TotalMinutes:0} minutes at most; the rest when the apps run again";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var work = await AnalyzeWork.FindAsync(await target.AddressAsync(ct), only: null, ct);
        var (left, why) = await work.RunAsync(Name, jobs, progress, clock, stop.Token);
        ct.ThrowIfCancellationRequested();
        memory.Remember(LeftKey, left.Count == 0 ? null : string.Join(',',
            left.Select(table => table.Oid.ToString(CultureInfo.InvariantCulture))));
        var all = work.Tables.Count;
        return left.Count == 0
            ? new($"{target.Title} has the planner's statistics of {Phrase.Count(all, "table")}",
                "ANALYZE ran for each of them")
            : new(
                $"{target.Title} has the planner's statistics of {Phrase.Count(all - left.Count, "table")}, "
                + $"and not yet of {Phrase.Number(left.Count)}",
                $"{WhyLeft(why)}; these follow when the apps run again: "
                    + Phrase.List([.. left.Select(table => table.Name)]));
    }

    // No data is missing without statistics: a run does not fail for them.
    private static string WhyLeft(Fault? why) =>
        why is null ? "the time for it was over" : $"a session was refused or lost ({why.Why})";
}

/// <summary>Analyzes what <see cref="AnalyzeStep"/> left, while the application works. A failure does not fail the
/// run.</summary>
/// <inheritdoc cref="AnalyzeStep"/>
public sealed class AnalyzeRestStep(ITarget target, IRunMemory memory, TimeProvider clock) : IStep
{
    public string Name => "stats";

    public string Intent => $"Let {target.Title} gather what statistics it had no time for";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult(
        memory.Recall(AnalyzeStep.LeftKey) is null ? new Evidence("Nothing is left to analyze",
            "all of it was done while the apps stood still") : null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var only = memory.Recall(AnalyzeStep.LeftKey)!.Split(',')
            .Select(text => uint.Parse(text, CultureInfo.InvariantCulture)).ToHashSet();
        try
        {
            var work = await AnalyzeWork.FindAsync(await target.AddressAsync(ct), only, ct);
            // One session: the application needs the rest of the machine.
            var (left, why) = await work.RunAsync(Name, jobs: 1, progress, clock, ct);
            ct.ThrowIfCancellationRequested();
            if (why is not null)
                throw new FaultException(why);
            memory.Remember(AnalyzeStep.LeftKey, null);
            return new(
                $"{target.Title} has the planner's statistics of "
                + $"{Phrase.Count(work.Tables.Count - left.Count, "table")} more",
                "ANALYZE ran for each of them");
        }
        catch (FaultException e)
        {
            progress.Report(new Observed(Name, clock.GetUtcNow(), "load.not_analyzed", Severity.Warning,
                $"Some tables of {target.Title} have no statistics yet", e.Fault.Why,
                "Autovacuum comes by in some minutes; to be sooner, run there: ANALYZE;"));
            return new($"{target.Title} gathers the rest by itself", "autovacuum looks at tables that were filled");
        }
    }
}
