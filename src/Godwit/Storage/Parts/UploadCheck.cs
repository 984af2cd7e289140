using Godwit.Faults;

namespace Godwit.Storage.Parts;

/// <summary>The last look at an upload: what the service says it has must be what was sent. Acknowledging is cheap; a
/// service that forgot a part is found here and nowhere else.</summary>
/// <param name="upload">What was kept with the object, see <see cref="StoredObject.Upload"/>.</param>
/// <param name="delete">Deletes exactly what was found, and nothing that came later under the same key.</param>
internal sealed class UploadCheck(
    string store, string key, string upload, Func<StoredObject, CancellationToken, Task> delete, TimeProvider clock)
{
    /// <summary>Deleting is one call; the fault must be told even if the service has died meanwhile.</summary>
    private static readonly TimeSpan DeleteMax = TimeSpan.FromSeconds(30);

    /// <summary>One that is ours and differs from what was sent is deleted, because somebody might restore from it. One
    /// that is not ours, or of which nobody can tell, is left as it is: another one may have put it there, and it may
    /// be whole.</summary>
    /// <param name="stored">As found after the upload; null when it is not there.</param>
    /// <exception cref="FaultException">Missing, somebody else's, of another size, or with another
    /// checksum.</exception>
    public async Task<StoredObject> RequireWholeAsync(PartsTotal total, StoredObject? stored)
    {
        if (stored is null)
            throw new FaultException(StorageFaults.ObjectMissing(store, key));
        var isSize = stored.SizeBytes == total.Bytes;
        var isWhole = isSize && (stored.Checksum ?? total.Checksum) == total.Checksum;
        // A service that keeps no metadata shows no upload; then what is as it should be is taken for ours.
        if (stored.Upload is null ? !isWhole : stored.Upload != upload)
            throw new FaultException(StorageFaults.UploadReplaced(store, key));
        if (isWhole)
            return stored;
        var isDeleted = await TryDeleteAsync(stored);
        throw new FaultException(isSize
            ? StorageFaults.ChecksumDiffers(store, key, total.Checksum, stored.Checksum!, isDeleted)
            : StorageFaults.SizeDiffers(store, key, total.Bytes, stored.SizeBytes, isDeleted));
    }

    /// <returns>Whether it is gone.</returns>
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
