namespace Godwit.Storage.Buckets;

/// <summary>The service's own rules for the objects of a bucket, as far as it reports them.</summary>
public sealed record StoreGuards(EncryptionVerdict Encryption)
{
    /// <summary>How the service encrypts (<c>AES256</c>, <c>aws:kms</c>), or a clause why that is unknown.</summary>
    public string EncryptionSaid { get; init; } = "";

    /// <summary>What is written cannot be deleted before so long; null: it can.</summary>
    public StoreRetention? Retention { get; init; }

    /// <summary>The service deletes objects of this age. Null: it does not.</summary>
    public int? DeletesAfterDays { get; init; }

    /// <summary>The service deletes all objects at this moment. Null: it does not.</summary>
    public DateTimeOffset? DeletesAt { get; init; }

    /// <summary>The reader pays for requests, and must agree to that in the request.</summary>
    public bool IsRequesterPaying { get; init; }
}

public enum EncryptionVerdict
{
    On,

    /// <summary>The service says that it does not encrypt.</summary>
    Off,

    /// <summary>The service has no such setting.</summary>
    Unknown,

    /// <summary>The service does not tell these keys.</summary>
    Refused,
}

/// <param name="Mode">The service's word: <c>COMPLIANCE</c>, <c>GOVERNANCE</c>.</param>
public sealed record StoreRetention(string Mode, TimeSpan Length);
