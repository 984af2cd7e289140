using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.Dump;

/// <summary>The last step: deletes the run's dump from the store, and with it the link.</summary>
/// <param name="hasMadeStore">This run made the store. It stays: an empty bucket costs nothing, and others could take a
/// free name.</param>
public sealed class CleanUpStep(
    IObjectStore store, DumpMemory memory, Func<bool> hasMadeStore, TimeProvider clock) : IStep
{
    public string Name => "cleanup";

    public string Intent => $"Delete the dump from {store.Address}, which ends its link too";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var removed = await DumpRemoval.RemoveAsync(store, memory, ct);
        if (hasMadeStore())
        {
            progress.Report(new Observed(Name, clock.GetUtcNow(), "dump.store_stays", Severity.Note,
                $"{store.Address} was made by this run, and stays",
                "it is empty, and the next run can use it", "Remove it at the service when you need it no more."));
        }

        var dead = $"The dump was deleted from {store.Address}, and its link is dead";
        switch (removed?.Stays)
        {
            case RetainedObject.OldVersions old:
                progress.Report(new Observed(Name, clock.GetUtcNow(), "dump.version_left", Severity.Warning,
                    $"{store.Address} keeps an old version of the dump", old.Why,
                    "The link is dead, but whoever may read versions can read the database there. With keys that have "
                    + $"{old.Rights}: godwit cleanup {memory.RunId}"));
                return new Evidence(dead, "an old version of it is left, see the warning");
            case RetainedObject.SoftDeleted kept:
                progress.Report(new Observed(Name, clock.GetUtcNow(), "dump.soft_deleted", Severity.Warning,
                    $"{store.Address} keeps the deleted dump for some days", kept.Why, kept.Remedy));
                return new Evidence(
                    dead, $"the service keeps it until {kept.Until.UtcDateTime:yyyy-MM-dd}, see the warning");
            case RetainedObject.Unknown unseen:
                return new Evidence(dead, "looked for and not found; whether the service keeps deleted data for some "
                    + $"days (soft delete, versions) was not seen, because {unseen.Why}");
        }

        return new Evidence($"Nothing of this run is left in {store.Address}",
            removed is null ? "there was nothing to delete" : "deleted, then looked for and not found");
    }
}
