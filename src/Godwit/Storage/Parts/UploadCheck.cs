using Godwit.Faults;

namespace Godwit.Storage.Parts;

/// <summary>The last look at an upload: what the service says it has must be what was sent. Acknowledging is cheap; a service that forgot a part is
/// found here and nowhere else.</summary>
internal static class UploadCheck
{
    /// <summary>Deleting is one call; the fault must be told even if the service has died meanwhile.</summary>
    private static readonly TimeSpan DeleteMax = TimeSpan.FromSeconds(30);

    /// <summary>Looks for the object. One that differs from what was sent is deleted, because somebody might restore from it.</summary>
    /// <exception cref="FaultException">Missing, of another size, or with another checksum.</exception>
    public static async Task<StoredObject> RequireWholeAsync(IObjectStore store, string key, PartsTotal total, TimeProvider clock, CancellationToken ct) =>
        await RequireWholeAsync(store, key, total, await store.FindAsync(key, ct), clock);

    /// <param name="stored">As found after the upload; null when it is not there.</param>
    public static async Task<StoredObject> RequireWholeAsync(IObjectStore store, string key, PartsTotal total, StoredObject? stored, TimeProvider clock)
    {
        if (stored is null)
            throw new FaultException(StorageFaults.ObjectMissing(store.Address, key));
        var isSize = stored.SizeBytes == total.Bytes;
        if (isSize && (stored.Checksum ?? total.Checksum) == total.Checksum)
            return stored;
        var isDeleted = await TryDeleteAsync(store, key, clock);
        throw new FaultException(isSize
            ? StorageFaults.ChecksumDiffers(store.Address, key, total.Checksum, stored.Checksum!, isDeleted)
            : StorageFaults.SizeDiffers(store.Address, key, total.Bytes, stored.SizeBytes, isDeleted));
    }

    private static async Task<bool> TryDeleteAsync(IObjectStore store, string key, TimeProvider clock)
    {
        using var limit = new CancellationTokenSource(DeleteMax, clock);
        try
        {
            await store.DeleteAsync(key, limit.Token);
            return true;
        }
        catch (Exception e) when (e is FaultException or OperationCanceledException)
        {
            return false;
        }
    }
}
