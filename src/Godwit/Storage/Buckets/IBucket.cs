// Storage.Buckets: the bucket, container or folder that holds the objects: how it is made, who can read it, which rules
// it has, and what it keeps of deleted objects. It does not move objects: IObjectStore does.
using Godwit.Faults;

namespace Godwit.Storage.Buckets;

/// <summary>A default implementation is the answer for services without such a feature.</summary>
public interface IBucket
{
    /// <summary>The bucket is on this machine: nothing goes over a network.</summary>
    bool IsLocal { get; }

    /// <summary>In the service's own terms, known once a call was answered. Null: the service has no regions or does
    /// not say.</summary>
    string? Region => null;

    /// <summary>Whether the bucket exists and these keys may use it. Changes nothing.</summary>
    /// <exception cref="FaultException">The service gave no answer, or the bucket is somebody else's.</exception>
    Task<bool> ExistsAsync(CancellationToken ct);

    /// <summary>Makes the bucket private, with public access blocked, encrypted at rest, and with rules as far as the
    /// service has them: unfinished uploads are deleted after <see cref="StoreCreation.UploadDays"/> and, if
    /// <paramref name="use"/> says so, Godwit's objects after <see cref="StoreCreation.ObjectDays"/>. An existing
    /// bucket of ours is not changed. A new one that would be public is removed again.</summary>
    /// <exception cref="FaultException">The name is taken or invalid, the keys lack the right, or the bucket could not
    /// be made private.</exception>
    Task<StoreCreation> CreateAsync(StoreUse use, CancellationToken ct);

    /// <returns>If the service refuses to say: <see cref="PrivacyVerdict.Unknown"/>.</returns>
    Task<StorePrivacy> FindPrivacyAsync(CancellationToken ct);

    /// <summary>The service's own rules for the objects. Those that it hides from these keys are unknown or absent.
    /// Null: it has no such settings.</summary>
    Task<StoreGuards?> FindGuardsAsync(CancellationToken ct) => Task.FromResult<StoreGuards?>(null);

    /// <summary>Null: the store has no limit that could be queried.</summary>
    Task<long?> FindFreeBytesAsync(CancellationToken ct) => Task.FromResult<long?>(null);

    /// <summary>Uploads under the store's prefix that were begun and never ended. Their parts cost money until
    /// removed.</summary>
    /// <exception cref="FaultException">Listing is forbidden.</exception>
    Task<IReadOnlyList<UnfinishedUpload>> FindUnfinishedAsync(CancellationToken ct);

    /// <summary>Removes one unfinished upload, and leaves others of the same key alone if the service can tell them
    /// apart. Succeeds if the upload is already gone.</summary>
    /// <param name="upload">As returned by <see cref="FindUnfinishedAsync"/>.</param>
    Task AbortAsync(UnfinishedUpload upload, CancellationToken ct);

    /// <summary>The rights needed to see and delete old versions, in the service's own words. Null: the service keeps
    /// no old versions.</summary>
    string? VersionRights => null;

    /// <summary>An object without a <see cref="StoredObject.VersionId"/> has no old versions.</summary>
    bool TellsVersion => false;

    /// <summary>All versions of keys with this prefix, except the current ones. Deleted and replaced versions cost
    /// money, and can be read by anyone who may read versions.</summary>
    /// <exception cref="FaultException">The store keeps versions that these keys may not see.</exception>
    Task<IReadOnlyList<OldVersion>> FindVersionsAsync(string prefix, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OldVersion>>([]);

    /// <summary>Deletes permanently. Succeeds if the version is already gone.</summary>
    /// <exception cref="FaultException">The keys lack the right, or a rule keeps the version.</exception>
    Task DeleteVersionAsync(OldVersion version, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Whether the service keeps a deleted object for some days (soft delete). Such an object cannot be read
    /// but can be restored, and costs money.</summary>
    /// <param name="key">Of a deleted object.</param>
    /// <returns>Null: the service keeps nothing of it.</returns>
    /// <exception cref="FaultException"><c>storage.deleted_unseen</c>: these keys may not ask.</exception>
    Task<RetainedObject.SoftDeleted?> FindDeletedAsync(string key, CancellationToken ct) =>
        Task.FromResult<RetainedObject.SoftDeleted?>(null);
}
