namespace Godwit.Storage.Buckets;

/// <param name="Key">Relative to the store's prefix.</param>
/// <param name="IsMarker">A delete marker: it has no bytes and records that the object was deleted.</param>
public sealed record OldVersion(string Key, string Id, long SizeBytes, DateTimeOffset At, bool IsMarker);
