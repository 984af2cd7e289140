using Godwit.Assess.Checks.Time;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Assess;

/// <summary>Checks source, target and store. Stops on blockers.</summary>
public sealed class AssessStep(AssessParts parts, IRunMemory memory) : IStep
{
    /// <summary>Decides the plan to order.</summary>
    public static RunKey<long?> SourceBytesKey { get; } = RunKey.Number("source.bytes");

    /// <summary>Set if the run created its store.</summary>
    public static RunKey<string> StoreMadeKey { get; } = RunKey.Text("store.made");

    /// <summary>Speed of uploads, which decides how long a link must be valid.</summary>
    public static RunKey<double?> StoreRateKey { get; } = RunKey.Measured("store.bytes_per_second", "0");

    /// <summary>How long writes will be stopped, in words; empty: a small database.</summary>
    public static RunKey<string> FrozenEstimateKey { get; } = RunKey.Text("source.frozen_estimate");

    /// <summary>Commands for the work after the move depend on the provider, which the address does not always
    /// identify.</summary>
    public static RunKey<string> ProviderKey { get; } = RunKey.Text("source.provider");

    // Blockers in the fault; all were reported before.
    private const int NamedMax = 5;

    public const string StepName = "assess";

    public string Name => StepName;

    public StepTraits Traits => StepTraits.OnlyLooks | StepTraits.ReachesSource;

    public string Intent =>
        $"Look at {parts.Source}{(parts.Store is null ? " and the target" : ", the target and the store")}, "
        + "and stop on anything that would break";

    /// <summary>Null: a resume checks again, because something may have changed.</summary>
    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        await using var world = await AssessWorld.OpenAsync(parts, ct);
        var assessment = await Assessment.RunAsync(world, looking: null, ct);
        if (world.HasMadeStore)
            memory.Remember(StoreMadeKey, parts.Store!.Address);
        foreach (var finding in assessment.Findings)
            progress.Report(new Observed(Name, parts.Clock.GetUtcNow(), finding.IsAccepted is true ? finding with
            {
                Severity = Severity.Warning,
                Remedy = $"You accepted this with --accept {finding.Code}.",
            } : finding));
        var blockers = assessment.Blockers.ToList();
        if (blockers.Count > 0)
            throw new FaultException(FaultOf(blockers));
        memory.Remember(ProviderKey, world.Provider.Name);
        var bytes = await world.BytesAsync(ct);
        memory.Remember(SourceBytesKey, bytes);
        memory.Remember(FrozenEstimateKey,
            assessment.Facts.FirstOrDefault(fact => fact.Key == TimeCheck.FrozenFact).Value);
        memory.Remember(StoreRateKey, world.StoreBytesPerSecond);
        return new Evidence(
            $"PostgreSQL {world.Source.ServerVersion}, {await world.TablesInWordsAsync(ct)}, "
            + $"{ServerCatalog.Number(bytes / 1_000_000)} MB, "
            + $"{Phrase.Count((await world.ExtensionsAsync(ct)).Count, "extension")}",
            $"{assessment.Checks.Count} checks looked at "
            + $"source{(parts.Store is null ? " and target" : ", target and store")}; nothing stands in the way");
    }

    private Fault FaultOf(IReadOnlyList<Finding> blockers)
    {
        if (blockers is [{ Fault: { } only }])
            return only;
        var named = blockers.Take(NamedMax).ToList();
        var acceptable = named.Select(finding => finding.Code).Where(Assessment.Acceptable.Contains)
            .Distinct(StringComparer.Ordinal).ToList();
        return AssessFaults.Blocked(parts.Source,
            [
                .. named.Select(finding => $"{finding.What}, because {finding.Why} [{finding.Code}]"),
                .. blockers.Count > NamedMax
                    ? [$"and {ServerCatalog.Number(blockers.Count - NamedMax)} more, above"] : Array.Empty<string>(),
            ],
            [
                .. named.Select(finding => finding.Remedy).Where(remedy => remedy.Length > 0),
                .. acceptable.Count > 0
                    ? [$"To go on all the same: {string.Join(' ', acceptable.Select(code => $"--accept {code}"))}"]
                    : Array.Empty<string>(),
            ]);
    }
}
