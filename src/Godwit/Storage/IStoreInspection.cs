using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>What a store can tell about itself besides its objects, for whoever decides whether to use it. Only
/// asks.</summary>
public interface IStoreInspection
{
    /// <summary>On this machine: nothing goes over a network.</summary>
    bool IsLocal { get; }

    /// <summary>Where its objects are, as the service names its regions, once a call has been answered. Null: it has
    /// none, or does
    /// not tell.</summary>
    string? Region => null;

    /// <exception cref="FaultException">Unreachable. A question that the service refuses to answer is
    /// <see cref="PrivacyVerdict.Unknown"/>.</exception>
    Task<StorePrivacy> FindPrivacyAsync(CancellationToken ct);

    /// <summary>Uploads under the store's prefix that were begun and never ended; their parts are paid for until
    /// somebody removes them.</summary>
    /// <exception cref="FaultException">Unreachable, or listing them is forbidden.</exception>
    Task<IReadOnlyList<UnfinishedUpload>> FindUnfinishedAsync(CancellationToken ct);

    /// <summary>Room for objects in bytes; null when the store has no end that could be asked for.</summary>
    Task<long?> FindFreeBytesAsync(CancellationToken ct);
}

/// <param name="Why">A clause: who can read what, or why nobody could tell.</param>
public sealed record StorePrivacy(PrivacyVerdict Verdict, string Why);

public enum PrivacyVerdict
{
    /// <summary>Nobody reads an object without a key or a signature, as far as the service tells.</summary>
    Private,

    /// <summary>Anybody can.</summary>
    Public,

    /// <summary>The service does not say, or not to these keys.</summary>
    Unknown,
}

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
