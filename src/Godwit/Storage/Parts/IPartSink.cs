namespace Godwit.Storage.Parts;

/// <summary>One service's way to take one object, whole or in parts. Each call repeats itself when that may help, and
/// throws faults.</summary>
internal interface IPartSink
{
    /// <summary>How many parts the service takes for one object.</summary>
    int PartsMax { get; }

    /// <param name="part">The whole object, perhaps empty.</param>
    Task PutWholeAsync(Part part, PartPlan plan, CancellationToken ct);

    /// <summary>Nothing can be seen of it until <see cref="CompleteAsync"/>.</summary>
    Task BeginAsync(PartPlan plan, CancellationToken ct);

    /// <summary>Several at once, in any order.</summary>
    /// <returns>The service's mark for it.</returns>
    Task<string> SendAsync(Part part, CancellationToken ct);

    /// <param name="parts">In their order.</param>
    /// <param name="total">Of the whole object.</param>
    Task CompleteAsync(IReadOnlyList<SentPart> parts, PartsTotal total, CancellationToken ct);

    /// <summary>Removes what was sent, be it parts or the whole that failed. After it no part is under way any
    /// more.</summary>
    Task AbortAsync(CancellationToken ct);
}

/// <param name="Number">From 1.</param>
/// <param name="Md5">Of the content: what the service is to check it by.</param>
internal sealed record Part(int Number, ArraySegment<byte> Content, byte[] Md5)
{
    /// <summary>Content-MD5, as HTTP writes it.</summary>
    public string ContentMd5 => Convert.ToBase64String(Md5);

    public MemoryStream OpenContent() => new(Content.Array!, Content.Offset, Content.Count, writable: false);
}

/// <param name="Mark">The service's for it: an ETag, a block's id.</param>
internal sealed record SentPart(int Number, string Mark);

/// <param name="Checksum">See <see cref="PartsDigest"/>.</param>
internal sealed record PartsTotal(long Bytes, string Checksum);
