using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>A store that may keep what was deleted or replaced: paid for, and readable by whoever may read
/// versions.</summary>
public interface IStoreVersions
{
    /// <summary>An object without a <see cref="StoredObject.VersionId"/> has no old versions.</summary>
    bool TellsVersion { get; }

    /// <summary>What the keys need to see and to delete old versions, in the service's own words.</summary>
    string VersionRights { get; }

    /// <summary>Everything of keys that begin so but what a reader gets now. Empty where the store keeps no old
    /// versions.</summary>
    /// <exception cref="FaultException">The store keeps versions, and these keys may not see them; or it is
    /// unreachable.</exception>
    Task<IReadOnlyList<OldVersion>> FindVersionsAsync(string prefix, CancellationToken ct);

    /// <summary>For good. Deleting what is not there is done already.</summary>
    /// <exception cref="FaultException">Forbidden: the keys lack the right, or the version is kept by a
    /// rule.</exception>
    Task DeleteVersionAsync(OldVersion version, CancellationToken ct);
}

/// <param name="Key">Relative to the store's prefix.</param>
/// <param name="IsMarker">No bytes: it says that the object was deleted.</param>
public sealed record OldVersion(string Key, string Id, long SizeBytes, DateTimeOffset At, bool IsMarker);
