using Godwit.Copy;
using Godwit.Cutover.Freeze;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Providers;
using Godwit.Targets;

namespace Godwit.Migration.Plans;

/// <summary>The last check before the freeze, and the only one of all definitions: whether the target accepts
/// them.</summary>
/// <param name="goesOn">The run continues if the target refuses something.</param>
internal sealed class TrialStep(
    ITarget target, Func<CancellationToken, Task<PgDumpCall>> call, RoleMap roles, bool goesOn, IRunMemory memory,
    TimeProvider clock) : IStep
{
    public string Name => "trial";

    public string Intent => $"Make the source's definitions in {target.Title} for a trial, and roll them back: "
        + "what it would refuse is known before anything is stopped";

    /// <summary>No trial after the freeze: the target may hold what the run has copied.</summary>
    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult(
        FreezeStep.IsSourceLeft(memory) ? new Evidence("The definitions were tried before the freeze",
            "the source is frozen since") : null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var pgDump = await call(ct);
        var result = await new SchemaTrial(pgDump, await target.AddressAsync(ct), roles).RunAsync(
            wait => progress.Report(new Observed(Name, clock.GetUtcNow(), "run.trial_waits", Severity.Warning,
                $"The trial waits for {wait.Holder("the source")}", wait.Why,
                wait.Remedy($"The run waits {pgDump.Source.LockWaitWords}, and then gives up."))), clock, ct);
        if (result.WhyNot is { } why)
            return new("The definitions were not tried", why);
        if (result.Refused.Count == 0)
            return new($"{target.Title} takes all definitions of the source",
                $"{Phrase.Count(result.Made, "definition was", "definitions were")} made there in one transaction, "
                + "which was rolled back");
        var fault = MigrationFaults.DefinitionsRefused(target.Title, result.RefusedCount, result.RefusedNamed,
            result.RefusedStatements);
        if (!goesOn)
            throw new FaultException(fault);
        progress.Report(new Observed(Name, clock.GetUtcNow(),
            Finding.Warning(fault, "You accepted this with --accept load.restore_warnings.")));
        return new($"{target.Title} takes {Phrase.Count(result.Made, "definition")}",
            $"it refuses {Phrase.Number(result.Refused.Count)}, which was accepted");
    }
}
