using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.Dump;

internal static class DumpRemoval
{
    /// <returns>Null: the store had nothing of this run.</returns>
    public static async Task<RemovedDump?> RemoveAsync(IObjectStore store, DumpMemory memory, CancellationToken ct)
    {
        if (!memory.MayBeInStore)
            return null;
        await store.AbortUploadsAsync(memory.Key, ct);
        var stays = await PermanentDeletion.DeleteAsync(store, memory.Key, ct);
        if (await store.FindAsync(memory.Key, ct) is not null)
            throw new FaultException(DumpFaults.StillThere(store.Address, memory.Key));
        memory.Forget();
        return new(stays);
    }
}

/// <param name="Stays">What the store still keeps; null: nothing.</param>
internal sealed record RemovedDump(RetainedObject? Stays);
