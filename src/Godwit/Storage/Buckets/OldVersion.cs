namespace Godwit.Storage.Buckets;

/// <param name="Key">Relative to the store's prefix.</param>
/// <param name="IsMarker">No bytes: it says that the object was deleted.</param>
public sealed record OldVersion(string Key, string Id, long SizeBytes, DateTimeOffset At, bool IsMarker);
