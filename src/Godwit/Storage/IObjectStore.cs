// Storage: the object-store port and its adapters, one folder each.
//
// An adapter speaks one service's protocol and reports what happened, in faults of this room. The
// port is small on purpose: what only one service can do stays inside its adapter. Nothing here
// knows what an archive is.
using System.Globalization;
using Godwit.Faults;
using Godwit.Storage.Buckets;
using Godwit.Storage.Parts;

namespace Godwit.Storage;

/// <summary>The verbs a bucket must speak. Keys are relative to the store's own prefix, use '/' and never start with
/// it.</summary>
public interface IObjectStore : IAsyncDisposable
{
    /// <summary>The address as the user would type it, without secrets: <c>s3://bucket/prefix</c>,
    /// <c>disk:/path</c>.</summary>
    string Address { get; }

    /// <summary>What holds the objects: made, closed to others, looked at. Null: nothing is known of it.</summary>
    IBucket? Bucket => null;

    /// <summary>Proves, before anything is moved, that the store can be reached and that we may list it. Writes
    /// nothing.</summary>
    /// <exception cref="FaultException">Unreachable, missing, forbidden, clock skewed: what and what to do.</exception>
    Task CheckAsync(CancellationToken ct);

    /// <summary>Proves that we may write, before a source is frozen for it: begins an upload and abandons it. No reader
    /// sees anything, and nothing stays behind.</summary>
    /// <exception cref="FaultException">As <see cref="CheckAsync"/>, and when writing is forbidden.</exception>
    Task CheckWritableAsync(CancellationToken ct);

    /// <summary>Stores the whole object or nothing: a reader never sees half of one, and when the body or the service
    /// fails, or <paramref name="ct"/> is cancelled, the parts already sent are removed before this throws.
    /// An object of that key is replaced. In the end the service is asked what it has.</summary>
    /// <exception cref="FaultException">Also when the service has something else than what was sent.</exception>
    Task<StoredObject> PutAsync(string key, ObjectUpload what, CancellationToken ct);

    /// <summary>The object from <paramref name="offsetBytes"/> to its end; nothing when that is its end or past
    /// it.</summary>
    /// <exception cref="FaultException">When the key does not exist.</exception>
    Task<Stream> OpenAsync(string key, long offsetBytes, CancellationToken ct) =>
        OpenAsync(key, new ObjectRange(offsetBytes), ct);

    /// <summary>A piece of the object, of one version of it. Nothing when it begins at the object's end or past
    /// it.</summary>
    /// <remarks>A read of the stream that fails throws a fault, of kind <see cref="FaultKind.Transient"/> where reading
    /// again from that byte may succeed; it is not repeated here. What repeats, and reads several pieces at once, is
    /// <c>ObjectDownload</c>.</remarks>
    /// <exception cref="FaultException"><c>storage.object_replaced</c> when it has another
    /// <see cref="ObjectRange.ETag"/> by now; also when the key does not exist.</exception>
    async Task<Stream> OpenAsync(string key, ObjectRange range, CancellationToken ct)
    {
        if (range.ETag is not null && await FindAsync(key, ct) is { } found && found.ETag != range.ETag)
            throw new FaultException(StorageFaults.ObjectReplaced(Address, key));
        return ClippedStream.Of(await OpenAsync(key, range.OffsetBytes, ct), range.LengthBytes);
    }

    /// <summary>Null when the key does not exist: an answer, not an error.</summary>
    Task<StoredObject?> FindAsync(string key, CancellationToken ct);

    /// <param name="prefix">The beginning of a key, not necessarily up to a slash; empty for all. The order is the
    /// service's own.</param>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken ct);

    /// <summary>Deleting what is not there is done already.</summary>
    Task DeleteAsync(string key, CancellationToken ct);

    /// <summary>A URL that lets whoever has it read this one object, and nothing else, until it expires. The object
    /// need not exist yet.</summary>
    /// <param name="lifetime">What is wanted. Services and temporary credentials allow less:
    /// <see cref="SignedLink.ExpiresAt"/> says what it became.</param>
    Task<SignedLink> SignAsync(string key, TimeSpan lifetime, CancellationToken ct);

    /// <summary>Removes the parts of uploads of <paramref name="key"/> that never completed (a process was killed).
    /// Returns how many uploads were removed.</summary>
    Task<int> AbortUploadsAsync(string key, CancellationToken ct);
}

/// <summary>Which bytes of an object, and of which version.</summary>
/// <param name="LengthBytes">Null: up to the object's end. A range that reaches past it ends there.</param>
/// <param name="ETag">As <see cref="StoredObject.ETag"/> says it; null: of the version that is there.</param>
public sealed record ObjectRange(long OffsetBytes, long? LengthBytes = null, string? ETag = null)
{
    /// <exception cref="ArgumentOutOfRangeException">No bytes could be read so.</exception>
    internal ObjectRange Require()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(OffsetBytes);
        if (LengthBytes is { } length)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return this;
    }

    /// <summary>As HTTP asks for it; null when it is all of an object. An empty object has no byte 0 to begin a range
    /// with.</summary>
    internal string? ToHeader() => (OffsetBytes, LengthBytes) switch
    {
        (0, null) => null,
        (_, null) => string.Create(CultureInfo.InvariantCulture, $"bytes={OffsetBytes}-"),
        (_, { } length) =>
            string.Create(CultureInfo.InvariantCulture, $"bytes={OffsetBytes}-{OffsetBytes + length - 1}"),
    };
}

/// <summary>Bytes that stand before the body and are known only when the body has ended.</summary>
/// <param name="LengthBytes">Known from the start, so that room can be left.</param>
/// <param name="Content">Asked once, after the body's end; exactly <paramref name="LengthBytes"/> long. What it throws
/// is thrown on like what the body throws.</param>
public sealed record LateHead(int LengthBytes, Func<ReadOnlyMemory<byte>> Content)
{
    /// <exception cref="InvalidOperationException">The maker of the head broke its promise: what follows would stand in
    /// the wrong place.</exception>
    internal ReadOnlyMemory<byte> Ask() => Content() is var content && content.Length == LengthBytes
        ? content
        : throw new InvalidOperationException(
            $"a head of {LengthBytes} bytes was announced, and {content.Length} came");
}

/// <param name="ETag">The service's own version mark: it changes when the content does. Not a checksum.</param>
public sealed record StoredObject(string Key, long SizeBytes, string ETag)
{
    /// <summary>What the service keeps with an object that we made, for a comparison with what was sent: the MD5 of its
    /// parts' MD5s, a hyphen, and how many there are; the MD5 alone of an object that went up in one piece; or
    /// <c>crc32c=</c> and the CRC of the whole. Null where it keeps none, and in a list.</summary>
    public string? Checksum { get; init; }

    /// <summary>How the parts were cut that <see cref="Checksum"/> is of, so that whoever reads the object can compute
    /// it; null where that is not known, and in a list.</summary>
    internal PartPlan? Plan { get; init; }

    /// <summary>The upload it came by, a random name that we keep with it: who put it, told from whoever put another
    /// one under the same key. Null where nothing was kept, and in a list.</summary>
    internal string? Upload { get; init; }

    /// <summary>When it was written, by the service's clock; null where the service did not say.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>Its version, where the store keeps old ones; else null, and in a list.</summary>
    public string? VersionId { get; init; }
}

/// <param name="Url">Whole URL with its signature: a secret while it lives.</param>
public sealed record SignedLink(Secret Url, DateTimeOffset ExpiresAt);
