using Godwit.Faults;
using Godwit.Pipeline;

namespace Godwit.Cutover.Switch;

/// <summary>Points the apps at the target.</summary>
/// <param name="parts">In order; undone in reverse.</param>
/// <param name="requireStillFrozen">Called right before, because rows written to the source since the dump would be
/// lost. Returns the proof. Null: the user stops the writes.</param>
public sealed class SwitchStep(
    IReadOnlyList<ISwitchPart> parts, Func<CancellationToken, Task<string>>? requireStillFrozen, IRunMemory memory,
    TimeProvider clock)
    : IUndoableStep, IPreviewedStep
{
    /// <summary>Set from before the first part until all parts are undone: an app may have written to the target since.
    /// Then nothing that empties the target may run again, and a resume does not compare it any more. A rollback
    /// compares it, to find what was written.</summary>
    public static RunKey<bool?> BegunKey { get; } = RunKey.Mark("cutover.begun");

    public string Name => "cutover";

    public StepTraits Traits => StepTraits.Downtime | StepTraits.PointOfNoReturn;

    public string Intent => Sentence(parts.Select(part => part.Intent).DefaultIfEmpty(
        "nothing is pointed to the target by Godwit: whoever uses the database gets the new address from you"));

    public string UndoIntent => Sentence(parts.Reverse().Select(part => part.UndoIntent).DefaultIfEmpty(
        "nothing was pointed to the target by Godwit"));

    public async Task<IReadOnlyList<StepPreview>> PreviewAsync(CancellationToken ct)
    {
        var now = new List<StepPreview>();
        foreach (var part in parts)
            now.Add(new(part.Subject, await part.FindNowAsync(ct)));
        return now;
    }

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct)
    {
        // The apps may point at the target before this step, as with an app's first database. The final check of the
        // source must still run.
        if (memory.Recall(BegunKey) is null)
            return null;
        var done = new List<string>();
        foreach (var part in parts)
        {
            if (await part.FindDoneAsync(ct) is not { } claim)
                return null;
            done.Add(claim);
        }

        return Proof(done);
    }

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var frozen = requireStillFrozen is null ? null : await requireStillFrozen(ct);
        memory.Remember(BegunKey, true);
        var done = new List<string>();
        foreach (var part in parts)
        {
            var claim = await part.FindDoneAsync(ct) ?? await part.DoAsync(ct);
            done.Add(claim);
            progress.Report(new StateChanged(Name, clock.GetUtcNow(), part.Subject, "points to the target"));
        }

        return Proof(done, frozen);
    }

    /// <summary>A part that cannot be undone does not stop the others.</summary>
    public async Task<string?> UndoAsync(CancellationToken ct)
    {
        var back = new List<string>();
        FaultException? failed = null;
        foreach (var part in parts.Reverse())
        {
            try
            {
                if (await part.UndoAsync(ct) is { } said)
                    back.Add(said);
            }
            catch (FaultException e)
            {
                failed ??= e;
            }
        }

        if (failed is not null)
            throw new FaultException(back.Count == 0 ? failed.Fault : CutoverFaults.PartlyBack(failed.Fault,
                string.Join("; ", back)), failed);
        memory.Remember(BegunKey, null);
        return back.Count == 0 ? null : string.Join("; ", back);
    }

    private static Evidence Proof(List<string> done, string? frozen = null) =>
        new(Sentence(done.DefaultIfEmpty("the target may be used from here on")),
            done.Count switch { 0 => "it was proven", 1 => "read back", _ => "each was read back" }
            + (frozen is null ? "" : $"; right before, at the source: {frozen}"));

    private static string Sentence(IEnumerable<string> clauses)
    {
        var text = string.Join("; ", clauses);
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
