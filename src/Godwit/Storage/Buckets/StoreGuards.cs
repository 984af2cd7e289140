namespace Godwit.Storage.Buckets;

/// <summary>What the service does by itself with the objects in a bucket, as far as it tells.</summary>
/// <param name="Encryption">At rest.</param>
public sealed record StoreGuards(EncryptionVerdict Encryption)
{
    /// <summary>How it encrypts (<c>AES256</c>, <c>aws:kms</c>), or a clause why nobody could tell.</summary>
    public string EncryptionSaid { get; init; } = "";

    /// <summary>What is written cannot be deleted before so long; null: it can.</summary>
    public StoreRetention? Retention { get; init; }

    /// <summary>The service deletes objects of so many days; null: it does not.</summary>
    public int? DeletesAfterDays { get; init; }

    /// <summary>The service deletes all there is at this moment; null: it does not.</summary>
    public DateTimeOffset? DeletesAt { get; init; }

    /// <summary>Who fetches pays, and must say so in the request.</summary>
    public bool IsRequesterPaying { get; init; }
}

public enum EncryptionVerdict
{
    On,

    /// <summary>The service says that it does not.</summary>
    Off,

    /// <summary>The service has no such question.</summary>
    Unknown,

    /// <summary>The service has the answer, and not for these keys.</summary>
    Refused,
}

/// <param name="Mode">The service's word: <c>COMPLIANCE</c>, <c>GOVERNANCE</c>.</param>
public sealed record StoreRetention(string Mode, TimeSpan Length);
