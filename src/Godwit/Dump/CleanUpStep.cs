using Godwit.Pipeline;
using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>The last step: what the run put into the store is gone, and with it the link.</summary>
public sealed class CleanUpStep(IObjectStore store, DumpMemory memory) : IStep
{
    public string Name => "cleanup";

    public string Intent => $"Delete the dump from {store.Address}, which ends its link too";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var removed = await DumpRemoval.RemoveAsync(store, memory, ct);
        return new Evidence($"Nothing of this run is left in {store.Address}", removed ? "deleted, then looked for and not found" : "there was nothing to delete");
    }
}
