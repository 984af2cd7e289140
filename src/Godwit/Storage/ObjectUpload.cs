namespace Godwit.Storage;

/// <param name="Body">Forward-only, of unknown length. Its exceptions pass unchanged after the clean-up.</param>
public sealed record ObjectUpload(Stream Body)
{
    /// <summary>Bytes before the body. Null: the body is the whole object.</summary>
    public LateHead? Head { get; init; }

    /// <summary>Approximate, for a good part size. Null: unknown. A wrong value is no error.</summary>
    public long? ExpectedBytes { get; init; }

    /// <summary>Receives the bytes acknowledged so far, which never go down.</summary>
    public IProgress<long>? SentBytes { get; init; }

    /// <summary>Called with the reason when parts of a failed upload may remain; they cost money until
    /// removed.</summary>
    public Action<string>? PartsLeft { get; init; }
}
