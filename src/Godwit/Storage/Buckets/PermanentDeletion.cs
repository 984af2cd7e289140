using Godwit.Faults;

namespace Godwit.Storage.Buckets;

/// <summary>Deletes Godwit's objects with everything the store keeps of them. In a bucket with versions, a plain
/// deletion only hides the object.</summary>
public static class PermanentDeletion
{
    /// <param name="key">Only Godwit has written the object: all of its versions are deleted.</param>
    /// <returns>Null: the store keeps nothing of the object.</returns>
    /// <exception cref="FaultException">The object itself could not be deleted.</exception>
    public static async Task<RetainedObject?> DeleteAsync(IObjectStore store, string key, CancellationToken ct)
    {
        var bucket = store.Bucket;
        // Without kept versions, the right to list them is not needed.
        var mayHaveVersions = bucket is { VersionRights: not null }
            && (!bucket.TellsVersion || await store.FindAsync(key, ct) is null or { VersionId: not null });
        await store.DeleteAsync(key, ct);
        if (mayHaveVersions && await DeleteVersionsAsync(store, bucket!, key, ct) is { } why)
            return new RetainedObject.OldVersions(why, bucket!.VersionRights!);
        // Soft delete keeps deleted versions as well.
        return bucket is null ? null : await FindDeletedAsync(bucket, key, ct);
    }

    /// <exception cref="FaultException">The marker hides old versions, or it could not be deleted.</exception>
    public static async Task DeleteMarkerAsync(IObjectStore store, OldVersion marker, CancellationToken ct)
    {
        var bucket = store.Bucket!;
        if ((await FindAsync(bucket, marker.Key, ct)).Count(one => !one.IsMarker) is > 0 and var left)
            throw new FaultException(StorageFaults.MarkerStays(store.Address, marker.Key, left));
        await bucket.DeleteVersionAsync(marker, ct);
    }

    /// <returns>Why an old version remains, as a clause. Null: none does.</returns>
    private static async Task<string?> DeleteVersionsAsync(
        IObjectStore store, IBucket bucket, string key, CancellationToken ct)
    {
        try
        {
            // Delete markers go last: without them, an old version that cannot be deleted would become current.
            foreach (var version in (await FindAsync(bucket, key, ct)).Where(one => !one.IsMarker))
                await bucket.DeleteVersionAsync(version, ct);
            foreach (var marker in (await FindAsync(bucket, key, ct)).Where(one => one.IsMarker))
                await DeleteMarkerAsync(store, marker, ct);
            return await FindAsync(bucket, key, ct) is { Count: > 0 } left
                ? $"{left.Count} old versions of it are still there" : null;
        }
        catch (FaultException e)
        {
            return $"{e.Fault.What}: {e.Fault.Why}";
        }
    }

    private static async Task<RetainedObject?> FindDeletedAsync(IBucket bucket, string key, CancellationToken ct)
    {
        try
        {
            return await bucket.FindDeletedAsync(key, ct);
        }
        catch (FaultException e)
        {
            return new RetainedObject.Unknown(e.Fault.Why);
        }
    }

    // The prefix also finds longer keys, which must not be deleted.
    private static async Task<IReadOnlyList<OldVersion>> FindAsync(
        IBucket bucket, string key, CancellationToken ct) =>
        [.. (await bucket.FindVersionsAsync(key, ct)).Where(version => version.Key == key)];
}
