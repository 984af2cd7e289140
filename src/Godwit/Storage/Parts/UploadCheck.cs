using Godwit.Faults;

namespace Godwit.Storage.Parts;

/// <summary>Checks after an upload that the service has what was sent. Only this check finds a part that the service
/// acknowledged and then lost.</summary>
/// <param name="upload">The id stored with the object, see <see cref="StoredObject.Upload"/>.</param>
/// <param name="delete">Deletes exactly the object that was found, not a later one under the same key.</param>
internal sealed class UploadCheck(
    string store, string key, string upload, Func<StoredObject, CancellationToken, Task> delete, TimeProvider clock)
{
    // Limits the deletion, so that the fault is reported even if the service has died.
    private static readonly TimeSpan DeleteMax = TimeSpan.FromSeconds(30);

    /// <summary>An object of ours that differs from what was sent is deleted, so that nobody restores from it. An
    /// object that is not surely ours is left alone: it may be somebody's good dump.</summary>
    /// <param name="stored">Found after the upload. Null: missing.</param>
    /// <exception cref="FaultException">Missing, somebody else's, of another size, or with another
    /// checksum.</exception>
    public async Task<StoredObject> RequireWholeAsync(PartsTotal total, StoredObject? stored)
    {
        if (stored is null)
            throw new FaultException(StorageFaults.ObjectMissing(store, key));
        var isSize = stored.SizeBytes == total.Bytes;
        var isWhole = isSize && (stored.Checksum ?? total.Checksum) == total.Checksum;
        // A service without metadata shows no upload id; then a matching object counts as ours.
        if (stored.Upload is null ? !isWhole : stored.Upload != upload)
            throw new FaultException(StorageFaults.UploadReplaced(store, key));
        if (isWhole)
            return stored;
        var isDeleted = await TryDeleteAsync(stored);
        throw new FaultException(isSize
            ? StorageFaults.ChecksumDiffers(store, key, total.Checksum, stored.Checksum!, isDeleted)
            : StorageFaults.SizeDiffers(store, key, total.Bytes, stored.SizeBytes, isDeleted));
    }

    public async Task<bool> TryDeleteAsync(StoredObject ours)
    {
        using var limit = new CancellationTokenSource(DeleteMax, clock);
        try
        {
            await delete(ours, limit.Token);
            return true;
        }
        catch (Exception e) when (e is FaultException or OperationCanceledException)
        {
            return false;
        }
    }
}
