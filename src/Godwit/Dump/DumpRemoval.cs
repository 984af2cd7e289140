using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Dump;

internal static class DumpRemoval
{
    /// <summary>False when there was nothing of ours.</summary>
    public static async Task<bool> RemoveAsync(IObjectStore store, DumpMemory memory, CancellationToken ct)
    {
        if (!memory.MayBeInStore)
            return false;
        await store.AbortUploadsAsync(memory.Key, ct);
        await store.DeleteAsync(memory.Key, ct);
        if (await store.FindAsync(memory.Key, ct) is not null)
            throw new FaultException(DumpFaults.StillThere(store.Address, memory.Key));
        memory.Forget();
        return true;
    }
}
