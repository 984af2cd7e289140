namespace Godwit.Storage.Buckets;

/// <param name="Key">Relative to the store's prefix.</param>
public sealed record UnfinishedUpload(string Key, DateTimeOffset BegunAt)
{
    /// <summary>Tells the upload from others of the same key. Null: the service has no ids.</summary>
    public string? Id { get; init; }

    /// <summary>When the last part arrived. Null: unknown, or none did.</summary>
    public DateTimeOffset? LastPartAt { get; init; }

    /// <summary>Sent so far. Null: unknown.</summary>
    public long? SizeBytes { get; init; }
}
