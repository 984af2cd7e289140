// Storage.Buckets: what holds the objects (a bucket, a container, a folder): how it is made, who can read it, what it
// does by itself, and what it keeps of objects that were deleted. IObjectStore moves the objects.
using Godwit.Faults;

namespace Godwit.Storage.Buckets;

/// <summary>The bucket, the container or the folder that holds a store's objects.</summary>
/// <remarks>A member with a body is the answer of a service that has no such thing.</remarks>
public interface IBucket
{
    /// <summary>On this machine: nothing goes over a network.</summary>
    bool IsLocal { get; }

    /// <summary>Where its objects are, as the service names its regions, once a call has been answered. Null: the
    /// service has no regions, or does not tell.</summary>
    string? Region => null;

    /// <summary>Whether the bucket is there and these keys may use it. Only asks.</summary>
    /// <exception cref="FaultException">Nobody could tell, or it is somebody else's.</exception>
    Task<bool> ExistsAsync(CancellationToken ct);

    /// <summary>Makes the bucket: private, public access blocked, encrypted at rest, and with rules that delete
    /// unfinished uploads after <see cref="StoreCreation.UploadDays"/> and, where <paramref name="use"/> says so,
    /// Godwit's objects after <see cref="StoreCreation.ObjectDays"/>, as far as the service has these. A bucket that is
    /// there and ours is left exactly as it is. One that would be open to everybody is removed again.</summary>
    /// <exception cref="FaultException">The name is somebody else's or no name, the keys may not, or it could not be
    /// closed.</exception>
    Task<StoreCreation> CreateAsync(StoreUse use, CancellationToken ct);

    /// <exception cref="FaultException">Unreachable. A question that the service refuses to answer is
    /// <see cref="PrivacyVerdict.Unknown"/>.</exception>
    Task<StorePrivacy> FindPrivacyAsync(CancellationToken ct);

    /// <summary>What the service does by itself with the objects. Null: it has no such settings.</summary>
    /// <exception cref="FaultException">Unreachable. What the service does not tell, or not these keys, is unknown or
    /// absent in the answer.</exception>
    Task<StoreGuards?> FindGuardsAsync(CancellationToken ct) => Task.FromResult<StoreGuards?>(null);

    /// <summary>Room for objects in bytes; null when the store has no end that could be asked for.</summary>
    Task<long?> FindFreeBytesAsync(CancellationToken ct) => Task.FromResult<long?>(null);

    /// <summary>Uploads under the store's prefix that were begun and never ended; their parts are paid for until
    /// somebody removes them.</summary>
    /// <exception cref="FaultException">Unreachable, or listing them is forbidden.</exception>
    Task<IReadOnlyList<UnfinishedUpload>> FindUnfinishedAsync(CancellationToken ct);

    /// <summary>Removes one unfinished upload and, where the service can tell them apart, leaves others of the same key
    /// alone. Removing what is not there is done already.</summary>
    /// <param name="upload">As <see cref="FindUnfinishedAsync"/> told it.</param>
    /// <exception cref="FaultException">Forbidden, or unreachable.</exception>
    Task AbortAsync(UnfinishedUpload upload, CancellationToken ct);

    /// <summary>What the keys need to see and to delete old versions, in the service's own words. Null: the service
    /// keeps no old versions.</summary>
    string? VersionRights => null;

    /// <summary>An object without a <see cref="StoredObject.VersionId"/> has no old versions.</summary>
    bool TellsVersion => false;

    /// <summary>Everything of keys that begin so but what a reader gets now: what was deleted or replaced is paid for,
    /// and readable by whoever may read versions.</summary>
    /// <exception cref="FaultException">The store keeps versions, and these keys may not see them; or it is
    /// unreachable.</exception>
    Task<IReadOnlyList<OldVersion>> FindVersionsAsync(string prefix, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OldVersion>>([]);

    /// <summary>Permanently. Deleting what is not there is done already.</summary>
    /// <exception cref="FaultException">Forbidden: the keys lack the right, or the version is kept by a
    /// rule.</exception>
    Task DeleteVersionAsync(OldVersion version, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Whether the service keeps a deleted object for some days, in case the deletion was a mistake. Nobody
    /// can read it meanwhile; whoever may restore it can bring it back, and it is paid for.</summary>
    /// <param name="key">Of an object that is deleted.</param>
    /// <returns>Null: the service keeps nothing of it.</returns>
    /// <exception cref="FaultException"><c>storage.deleted_unseen</c>: these keys may not ask; or it is unreachable.
    /// </exception>
    Task<RetainedObject.SoftDeleted?> FindDeletedAsync(string key, CancellationToken ct) =>
        Task.FromResult<RetainedObject.SoftDeleted?>(null);
}
