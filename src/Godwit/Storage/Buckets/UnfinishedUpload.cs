namespace Godwit.Storage.Buckets;

/// <param name="Key">Relative to the store's prefix.</param>
public sealed record UnfinishedUpload(string Key, DateTimeOffset BegunAt)
{
    /// <summary>The service's id of the upload, which tells it from others of the same key; null where there is
    /// none.</summary>
    public string? Id { get; init; }

    /// <summary>When the last part arrived; null when unknown or when none did.</summary>
    public DateTimeOffset? LastPartAt { get; init; }

    /// <summary>Bytes sent so far; null when unknown.</summary>
    public long? SizeBytes { get; init; }
}
