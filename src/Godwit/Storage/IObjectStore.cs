// Storage: the object-store port and its adapters, one folder each.
//
// An adapter speaks one service's protocol and reports errors as faults of this room. The port is small on purpose:
// features of only one service stay inside its adapter. This room does not know what an archive is.
using System.Globalization;
using Godwit.Faults;
using Godwit.Storage.Buckets;
using Godwit.Storage.Parts;

namespace Godwit.Storage;

/// <summary>Keys are relative to the store's prefix, use '/' and never start with it.</summary>
public interface IObjectStore : IAsyncDisposable
{
    /// <summary>The address as the user would type it, without secrets: <c>s3://bucket/prefix</c>,
    /// <c>disk:/path</c>.</summary>
    string Address { get; }

    /// <summary>Null: nothing is known of it.</summary>
    IBucket? Bucket => null;

    /// <summary>Proves, before any data moves, that the store can be reached and listed. Writes nothing.</summary>
    /// <exception cref="FaultException">Unreachable, missing, forbidden, or a wrong clock.</exception>
    Task CheckAsync(CancellationToken ct);

    /// <summary>Proves, before a source is frozen, that writing is allowed: begins an upload and aborts it. Readers see
    /// nothing, and nothing remains.</summary>
    /// <exception cref="FaultException">As <see cref="CheckAsync"/>, and when writing is forbidden.</exception>
    Task CheckWritableAsync(CancellationToken ct);

    /// <summary>Stores the whole object or nothing: readers never see a part of it. If the body or the service fails,
    /// or <paramref name="ct"/> is cancelled, the parts already sent are removed before this throws. Replaces an object
    /// of the same key.</summary>
    /// <exception cref="FaultException">Also if the service afterwards has something else than what was
    /// sent.</exception>
    Task<StoredObject> PutAsync(string key, ObjectUpload what, CancellationToken ct);

    /// <summary>The object from <paramref name="offsetBytes"/> to its end; nothing when that is its end or past
    /// it.</summary>
    /// <exception cref="FaultException">The key does not exist.</exception>
    Task<Stream> OpenAsync(string key, long offsetBytes, CancellationToken ct) =>
        OpenAsync(key, new ObjectRange(offsetBytes), ct);

    /// <summary>Reads a range of one version of the object. The stream is empty if the range starts at the object's end
    /// or later. A failed read throws a fault, of kind <see cref="FaultKind.Transient"/> if another try from that byte
    /// may succeed. Nothing is retried here: <c>ObjectDownload</c> retries and reads several ranges at once.</summary>
    /// <exception cref="FaultException">The key does not exist; or <c>storage.object_replaced</c>: the object now has
    /// another <see cref="ObjectRange.ETag"/>.</exception>
    async Task<Stream> OpenAsync(string key, ObjectRange range, CancellationToken ct)
    {
        if (range.ETag is not null && await FindAsync(key, ct) is { } found && found.ETag != range.ETag)
            throw new FaultException(StorageFaults.ObjectReplaced(Address, key));
        return ClippedStream.Of(await OpenAsync(key, range.OffsetBytes, ct), range.LengthBytes);
    }

    /// <summary>Null: the key does not exist.</summary>
    Task<StoredObject?> FindAsync(string key, CancellationToken ct);

    /// <param name="prefix">The beginning of a key, not necessarily up to a slash; empty for all. The service decides
    /// the order.</param>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken ct);

    /// <summary>Succeeds if the object is already gone.</summary>
    Task DeleteAsync(string key, CancellationToken ct);

    /// <summary>A URL with which anyone can read this one object, and nothing else, until it expires. The object need
    /// not exist yet.</summary>
    /// <param name="lifetime">The requested lifetime. Services and temporary credentials may allow less; see
    /// <see cref="SignedLink.ExpiresAt"/>.</param>
    Task<SignedLink> SignAsync(string key, TimeSpan lifetime, CancellationToken ct);

    /// <summary>Removes the parts of unfinished uploads of <paramref name="key"/> (from a killed process). Returns how
    /// many uploads were removed.</summary>
    Task<int> AbortUploadsAsync(string key, CancellationToken ct);
}

/// <param name="LengthBytes">Null: to the object's end. A range that reaches past the end stops there.</param>
/// <param name="ETag">A <see cref="StoredObject.ETag"/>. Null: the current version.</param>
public sealed record ObjectRange(long OffsetBytes, long? LengthBytes = null, string? ETag = null)
{
    /// <exception cref="ArgumentOutOfRangeException">The range is negative or empty.</exception>
    internal ObjectRange Require()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(OffsetBytes);
        if (LengthBytes is { } length)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return this;
    }

    /// <summary>The HTTP Range header. Null: the whole object, because an empty object has no byte 0 to start
    /// at.</summary>
    internal string? ToHeader() => (OffsetBytes, LengthBytes) switch
    {
        (0, null) => null,
        (_, null) => string.Create(CultureInfo.InvariantCulture, $"bytes={OffsetBytes}-"),
        (_, { } length) =>
            string.Create(CultureInfo.InvariantCulture, $"bytes={OffsetBytes}-{OffsetBytes + length - 1}"),
    };
}

/// <summary>Bytes before the body that are known only after the body's end.</summary>
/// <param name="LengthBytes">Known from the start, to reserve room.</param>
/// <param name="Content">Called once, after the body's end; returns exactly <paramref name="LengthBytes"/> bytes. Its
/// exceptions pass unchanged, like the body's.</param>
public sealed record LateHead(int LengthBytes, Func<ReadOnlyMemory<byte>> Content)
{
    /// <exception cref="InvalidOperationException">The head has another length, so the body would start at the wrong
    /// place.</exception>
    internal ReadOnlyMemory<byte> Ask() => Content() is var content && content.Length == LengthBytes
        ? content
        : throw new InvalidOperationException(
            $"a head of {LengthBytes} bytes was announced, and {content.Length} came");
}

/// <param name="ETag">Changes with the content. Not a checksum.</param>
public sealed record StoredObject(string Key, long SizeBytes, string ETag)
{
    /// <summary>The checksum that the service keeps, to compare with what was sent: the MD5 of the parts' MD5s, a
    /// hyphen and the number of parts; the plain MD5 for an upload in one piece; or <c>crc32c=</c> and the CRC of the
    /// whole. Null where the service keeps none, and in a list.</summary>
    public string? Checksum { get; init; }

    /// <summary>The part sizes behind <see cref="Checksum"/>, so that a reader can compute it. Null: unknown, or in a
    /// list.</summary>
    internal PartPlan? Plan { get; init; }

    /// <summary>A random id of the upload, stored with the object. It tells our object from another one under the same
    /// key. Null where none is stored, and in a list.</summary>
    internal string? Upload { get; init; }

    /// <summary>By the service's clock. Null: the service does not say.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>The object's version where the store keeps old ones; else null, and in a list.</summary>
    public string? VersionId { get; init; }
}

/// <param name="Url">The whole URL with its signature: a secret until it expires.</param>
public sealed record SignedLink(Secret Url, DateTimeOffset ExpiresAt);
