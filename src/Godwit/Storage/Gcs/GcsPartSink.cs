using System.Collections.Concurrent;
using Godwit.Storage.Parts;
using Godwit.Storage.S3;

namespace Godwit.Storage.Gcs;

/// <summary>Sends parts through the S3 sink and keeps the checksum of each, because Google keeps a checksum of the
/// whole object only.</summary>
/// <remarks>"An object created from a multipart upload has a CRC32c hash, but not an MD5 hash, and the object's ETag is
/// not based on an MD5 hash": https://cloud.google.com/storage/docs/xml-api/post-object-complete</remarks>
internal sealed class GcsPartSink(S3PartSink sink) : IPartSink
{
    private readonly ConcurrentDictionary<int, (uint Crc, int Bytes)> _parts = [];

    public int PartsMax => sink.PartsMax;

    public string Upload => sink.Upload;

    /// <summary>Of everything sent.</summary>
    public string Checksum => Crc32C.ToText(_parts.OrderBy(part => part.Key)
        .Aggregate(Crc32C.Of([]), (whole, part) => Crc32C.Combine(whole, part.Value.Crc, part.Value.Bytes)));

    public Task PutWholeAsync(Part part, PartPlan plan, CancellationToken ct)
    {
        Note(part);
        return sink.PutWholeAsync(part, plan, ct);
    }

    public Task BeginAsync(PartPlan plan, CancellationToken ct) => sink.BeginAsync(plan, ct);

    public Task<string> SendAsync(Part part, CancellationToken ct)
    {
        Note(part);
        return sink.SendAsync(part, ct);
    }

    public Task CompleteAsync(IReadOnlyList<SentPart> parts, PartsTotal total, CancellationToken ct) =>
        sink.CompleteAsync(parts, total, ct);

    public Task AbortAsync(CancellationToken ct) => sink.AbortAsync(ct);

    private void Note(Part part) => _parts[part.Number] = (Crc32C.Of(part.Content), part.Content.Count);
}
