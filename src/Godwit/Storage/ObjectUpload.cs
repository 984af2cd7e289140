namespace Godwit.Storage;

/// <summary>What is to become an object.</summary>
/// <param name="Body">Forward-only, length unknown; what it throws is thrown on unchanged after the clean-up.</param>
public sealed record ObjectUpload(Stream Body)
{
    /// <summary>Stands before the body in the object. Null: the body is the object.</summary>
    public LateHead? Head { get; init; }

    /// <summary>Roughly how long it will be, so that the parts get the right size; null when nobody knows. Wrong is no
    /// error.</summary>
    public long? ExpectedBytes { get; init; }

    /// <summary>Told the bytes the service has acknowledged so far; never goes down. May be null.</summary>
    public IProgress<long>? SentBytes { get; init; }

    /// <summary>Told why, when an upload failed and it is not sure that all its parts could be removed: they cost money
    /// until somebody does. May be null.</summary>
    public Action<string>? PartsLeft { get; init; }
}
