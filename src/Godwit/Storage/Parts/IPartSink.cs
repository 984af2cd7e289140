namespace Godwit.Storage.Parts;

/// <summary>Uploads one object to one service, whole or in parts. Each call retries passing errors and throws
/// faults.</summary>
internal interface IPartSink
{
    /// <summary>The service's limit for one object.</summary>
    int PartsMax { get; }

    /// <param name="part">The whole object, possibly empty.</param>
    Task PutWholeAsync(Part part, PartPlan plan, CancellationToken ct);

    /// <summary>Begins an upload, which stays invisible until <see cref="CompleteAsync"/>.</summary>
    Task BeginAsync(PartPlan plan, CancellationToken ct);

    /// <summary>May be called several times at once, in any order of parts.</summary>
    /// <returns>The service's mark of the part.</returns>
    Task<string> SendAsync(Part part, CancellationToken ct);

    /// <param name="parts">In their order.</param>
    Task CompleteAsync(IReadOnlyList<SentPart> parts, PartsTotal total, CancellationToken ct);

    /// <summary>Removes what was sent: parts, or a whole object that failed. Afterwards no part is under way.</summary>
    Task AbortAsync(CancellationToken ct);
}

/// <param name="Number">From 1.</param>
/// <param name="Md5">Of the content; the service checks it.</param>
internal sealed record Part(int Number, ArraySegment<byte> Content, byte[] Md5)
{
    public string ContentMd5 => Convert.ToBase64String(Md5);

    public MemoryStream OpenContent() => new(Content.Array!, Content.Offset, Content.Count, writable: false);
}

/// <param name="Mark">The service's mark: an ETag or a block id.</param>
internal sealed record SentPart(int Number, string Mark);

/// <param name="Checksum">See <see cref="PartsDigest"/>.</param>
internal sealed record PartsTotal(long Bytes, string Checksum);
