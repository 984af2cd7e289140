using Godwit.Pipeline;
using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>The last step: what the run put into the store is gone, and with it the link.</summary>
/// <param name="hasMadeStore">Whether the store was made by this run. It stays: an empty bucket costs nothing, and its name, once let go, may be somebody else's
/// tomorrow.</param>
public sealed class CleanUpStep(IObjectStore store, DumpMemory memory, Func<bool> hasMadeStore, TimeProvider clock) : IStep
{
    public string Name => "cleanup";

    public string Intent => $"Delete the dump from {store.Address}, which ends its link too";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var removed = await DumpRemoval.RemoveAsync(store, memory, ct);
        if (hasMadeStore())
        {
            progress.Report(new Observed(Name, clock.GetUtcNow(), "dump.store_stays", "note", $"{store.Address} was made by this run, and stays",
                "it is empty, and the next run can use it", "Remove it at the service when you need it no more."));
        }

        if (removed?.Stays is { } why)
        {
            progress.Report(new Observed(Name, clock.GetUtcNow(), "dump.version_left", "warning", $"{store.Address} keeps an old version of the dump", why,
                $"The link is dead, but whoever may read versions can read the database there. With keys that may delete versions: godwit cleanup {memory.RunId}"));
            return new Evidence($"The dump was deleted from {store.Address}, and its link is dead", "an old version of it is left, see the warning");
        }

        // What a service keeps of what was deleted (soft delete, versions) is asked of those alone that can be asked.
        if (removed is not null && store is not IStoreVersions and not IStoreInspection { IsLocal: true })
        {
            return new Evidence($"The dump was deleted from {store.Address}, and its link is dead",
                "looked for and not found; whether the service keeps deleted data for a while (soft delete, versions) was not asked");
        }

        return new Evidence($"Nothing of this run is left in {store.Address}", removed is null ? "there was nothing to delete" : "deleted, then looked for and not found");
    }
}
