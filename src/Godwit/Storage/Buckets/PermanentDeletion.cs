using Godwit.Faults;

namespace Godwit.Storage.Buckets;

/// <summary>Deletes objects of ours with everything the store keeps of them: in a bucket with versions a deletion hides
/// an object and deletes nothing.</summary>
public static class PermanentDeletion
{
    /// <param name="key">Of an object that nobody else has ever written: all of its versions go.</param>
    /// <returns>What stays of it in the store; null: nothing does.</returns>
    /// <exception cref="FaultException">The object itself could not be deleted.</exception>
    public static async Task<RetainedObject?> DeleteAsync(IObjectStore store, string key, CancellationToken ct)
    {
        var bucket = store.Bucket;
        // Where no version is kept nobody needs the right to look for them.
        var mayHaveVersions = bucket is { VersionRights: not null }
            && (!bucket.TellsVersion || await store.FindAsync(key, ct) is null or { VersionId: not null });
        await store.DeleteAsync(key, ct);
        if (mayHaveVersions && await DeleteVersionsAsync(store, bucket!, key, ct) is { } why)
            return new RetainedObject.OldVersions(why, bucket!.VersionRights!);
        // Deleted versions are kept like deleted objects.
        return bucket is null ? null : await FindDeletedAsync(bucket, key, ct);
    }

    /// <summary>Only when nothing is left that it hides.</summary>
    /// <exception cref="FaultException">Something is, or the mark could not be deleted.</exception>
    public static async Task DeleteMarkerAsync(IObjectStore store, OldVersion marker, CancellationToken ct)
    {
        var bucket = store.Bucket!;
        if ((await FindAsync(bucket, marker.Key, ct)).Count(one => !one.IsMarker) is > 0 and var left)
            throw new FaultException(StorageFaults.MarkerStays(store.Address, marker.Key, left));
        await bucket.DeleteVersionAsync(marker, ct);
    }

    /// <returns>Why an old version stays, as a clause; null: none does.</returns>
    private static async Task<string?> DeleteVersionsAsync(
        IObjectStore store, IBucket bucket, string key, CancellationToken ct)
    {
        try
        {
            // The marks that it is deleted go last: without them an old version that cannot be deleted would be what a
            // reader gets.
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

    // The prefix also finds longer keys, which are not ours to touch.
    private static async Task<IReadOnlyList<OldVersion>> FindAsync(
        IBucket bucket, string key, CancellationToken ct) =>
        [.. (await bucket.FindVersionsAsync(key, ct)).Where(version => version.Key == key)];
}
