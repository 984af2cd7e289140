using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>Deletes objects of ours with everything the store keeps of them: in a bucket with versions a deletion hides an object and deletes nothing.</summary>
public static class ForGood
{
    /// <param name="key">Of an object that nobody else has ever written: all of its versions go.</param>
    /// <returns>Why something of it stays, as a clause; null: nothing does.</returns>
    /// <exception cref="FaultException">The object itself could not be deleted.</exception>
    public static async Task<string?> DeleteAsync(IObjectStore store, string key, CancellationToken ct)
    {
        var versions = store as IStoreVersions;
        // Where no version is kept nobody needs the right to look for them.
        var mayHaveVersions = versions is not null && await store.FindAsync(key, ct) is null or { VersionId: not null };
        await store.DeleteAsync(key, ct);
        if (versions is null || !mayHaveVersions)
            return null;
        try
        {
            foreach (var version in await FindAsync(versions, key, ct))
                await versions.DeleteVersionAsync(version, ct);
            return await FindAsync(versions, key, ct) is { Count: > 0 } left ? $"{left.Count} old versions of it are still there" : null;
        }
        catch (FaultException e)
        {
            return $"{e.Fault.What}: {e.Fault.Why}";
        }
    }

    // The prefix also finds longer keys, which are not ours to touch.
    private static async Task<IReadOnlyList<OldVersion>> FindAsync(IStoreVersions versions, string key, CancellationToken ct) =>
        [.. (await versions.FindVersionsAsync(key, ct)).Where(version => version.Key == key)];
}
