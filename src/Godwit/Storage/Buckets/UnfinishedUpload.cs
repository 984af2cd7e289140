namespace Godwit.Storage.Buckets;

/// <param name="Key">Relative to the store's prefix.</param>
public sealed record UnfinishedUpload(string Key, DateTimeOffset BegunAt)
{
    /// <summary>The service's name for it, among others of the same key; null where it has none.</summary>
    public string? Id { get; init; }

    /// <summary>When the last part of it came; null where nobody told, or none did.</summary>
    public DateTimeOffset? LastPartAt { get; init; }

    /// <summary>What was sent so far; null where nobody counted.</summary>
    public long? SizeBytes { get; init; }
}
