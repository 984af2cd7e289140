using Godwit.Cutover.Freeze;
using Godwit.Pipeline;

namespace Godwit.Cutover;

/// <summary>Starts the apps again. The source stays read-only, so that nobody writes to the old
/// database.</summary>
/// <param name="froze">False: this run does not stop the writes; an interrupted rollback may have stopped the
/// apps.</param>
public sealed class ThawStep(
    AppsFreezer apps, bool froze, IRunMemory memory, RunKey<DateTimeOffset?> atKey, TimeProvider clock) : IStep
{
    public string Name => "thaw";

    public StepTraits Traits => StepTraits.Downtime | StepTraits.LetsWrite;

    public string Intent => apps.Count == 0 && froze ? "Leave the source read-only: no app was stopped"
        : froze || apps.IsLeft ? $"Start the {apps.What} of {apps.Names} again and end "
            + $"maintenance{(froze ? "; the source stays read-only" : "")}"
        : "Nothing to thaw (--freeze none)";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) =>
        Task.FromResult(froze || apps.IsLeft ? null : new Evidence("Nothing was frozen by Godwit", "--freeze none"));

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var putBack = await apps.ThawAsync(ct);
        memory.Remember(atKey, memory.Recall(atKey) ?? clock.GetUtcNow());
        if (apps.Count == 0)
            return new Evidence("The source stays read-only", "no app was stopped");
        return new Evidence($"{apps.Names} {(apps.Count == 1 ? "runs" : "run")} again",
            putBack ?? "it was put back before the interruption");
    }
}
