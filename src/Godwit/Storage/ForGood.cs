using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>Deletes objects of ours with everything the store keeps of them: in a bucket with versions a deletion hides
/// an object and deletes nothing.</summary>
public static class ForGood
{
    /// <param name="key">Of an object that nobody else has ever written: all of its versions go.</param>
    /// <returns>What stays of it in the store; null: nothing does.</returns>
    /// <exception cref="FaultException">The object itself could not be deleted.</exception>
    public static async Task<Remains?> DeleteAsync(IObjectStore store, string key, CancellationToken ct)
    {
        var versions = store as IStoreVersions;
        // Where no version is kept nobody needs the right to look for them.
        var mayHaveVersions = versions is not null
            && (!versions.TellsVersion || await store.FindAsync(key, ct) is null or { VersionId: not null });
        await store.DeleteAsync(key, ct);
        if (mayHaveVersions && await DeleteVersionsAsync(store, versions!, key, ct) is { } why)
            return new Remains.OldVersions(why, versions!.VersionRights);
        // Deleted versions are kept like deleted objects.
        return store is ISoftDelete kept ? await FindDeletedAsync(kept, key, ct) : null;
    }

    /// <summary>Only when nothing is left that it hides.</summary>
    /// <exception cref="FaultException">Something is, or the mark could not be deleted.</exception>
    public static async Task DeleteMarkerAsync(IObjectStore store, OldVersion marker, CancellationToken ct)
    {
        var versions = (IStoreVersions)store;
        if ((await FindAsync(versions, marker.Key, ct)).Count(one => !one.IsMarker) is > 0 and var left)
            throw new FaultException(StorageFaults.MarkerStays(store.Address, marker.Key, left));
        await versions.DeleteVersionAsync(marker, ct);
    }

    /// <returns>Why an old version stays, as a clause; null: none does.</returns>
    private static async Task<string?> DeleteVersionsAsync(
        IObjectStore store, IStoreVersions versions, string key, CancellationToken ct)
    {
        try
        {
            // The marks that it is deleted go last: without them an old version that cannot be deleted would be what a
            // reader gets.
            foreach (var version in (await FindAsync(versions, key, ct)).Where(one => !one.IsMarker))
                await versions.DeleteVersionAsync(version, ct);
            foreach (var marker in (await FindAsync(versions, key, ct)).Where(one => one.IsMarker))
                await DeleteMarkerAsync(store, marker, ct);
            return await FindAsync(versions, key, ct) is { Count: > 0 } left
                ? $"{left.Count} old versions of it are still there" : null;
        }
        catch (FaultException e)
        {
            return $"{e.Fault.What}: {e.Fault.Why}";
        }
    }

    private static async Task<Remains?> FindDeletedAsync(ISoftDelete store, string key, CancellationToken ct)
    {
        try
        {
            return await store.FindDeletedAsync(key, ct);
        }
        catch (FaultException e)
        {
            return new Remains.Unseen(e.Fault.Why);
        }
    }

    // The prefix also finds longer keys, which are not ours to touch.
    private static async Task<IReadOnlyList<OldVersion>> FindAsync(
        IStoreVersions versions, string key, CancellationToken ct) =>
        [.. (await versions.FindVersionsAsync(key, ct)).Where(version => version.Key == key)];
}
