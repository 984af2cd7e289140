using Godwit.Faults;

namespace Godwit.Storage.Download;

#pragma warning disable CA2000 // What compares goes with the stream.
/// <summary>Reads what a store has as one forward stream: in several ranges at once where a network lies between, each
/// of them repeated by itself.</summary>
public static class ObjectDownload
{
    /// <summary>The object as it is now. When it is replaced while it is read, or what was read is not what was once
    /// written (where the store keeps our checksum), the stream throws instead of giving the last of it.</summary>
    /// <remarks>Disposing the stream early ends everything that is under way for it. The store stays the
    /// caller's.</remarks>
    /// <exception cref="FaultException">It is not there, or the store cannot be used.</exception>
    public static Task<Downloaded> OpenAsync(
        IObjectStore store, string key, TimeProvider clock, CancellationToken ct) =>
        OpenAsync(store, key, DownloadPlan.Default, clock, ct);

    internal static async Task<Downloaded> OpenAsync(
        IObjectStore store, string key, DownloadPlan plan, TimeProvider clock, CancellationToken ct)
    {
        var found = await store.FindAsync(key, ct);
        if (found is null)
        {
            // Opening says more than looking for it: the whole bucket may be missing.
            await using var nothing = await store.OpenAsync(key, new ObjectRange(0), ct);
            throw new FaultException(StorageFaults.ObjectMissing(store.Address, key));
        }

        // A disk has no latency to hide, and no connection that breaks.
        if (store.Bucket is { IsLocal: true })
        {
            return new(await store.OpenAsync(key, new ObjectRange(0, ETag: found.ETag), ct), found.SizeBytes)
            {
                IsLocal = true,
                PieceAsync = (offset, length, stop) =>
                    store.OpenAsync(key, new ObjectRange(offset, length, found.ETag), stop),
            };
        }

        var ranges = new StoreRanges(store, found);
        return new(OpenRanges(store, found, plan, clock), found.SizeBytes)
        {
            PieceAsync = (offset, length, _) =>
                Task.FromResult<Stream>(RangesStream.OfPiece(ranges, offset, length, clock)),
        };
    }

    internal static RangesStream OpenRanges(
        IObjectStore store, StoredObject found, DownloadPlan plan, TimeProvider clock) =>
        new(new StoreRanges(store, found), found.SizeBytes, plan, PartsCheck.For(found, store.Address), clock);

    private sealed class StoreRanges(IObjectStore store, StoredObject found) : IRangeSource
    {
        public string Name => $"{store.Address}/{found.Key}";

        public Task<Stream> OpenAsync(long offsetBytes, long lengthBytes, CancellationToken ct) =>
            store.OpenAsync(found.Key, new ObjectRange(offsetBytes, lengthBytes, found.ETag), ct);
    }
}

/// <param name="Content">Forward-only, and the caller's.</param>
/// <param name="SizeBytes">Null when nobody knows before the end.</param>
public sealed record Downloaded(Stream Content, long? SizeBytes)
{
    /// <summary>Whether a connection that breaks costs nothing but a moment.</summary>
    public bool CanResume { get; init; } = true;

    /// <summary>It is on a disk of this machine: to read it a second time costs little.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Opens so many bytes from an offset on, of the same version; several at once, as long as
    /// <see cref="Content"/> is not disposed. Null where only all of it is given.</summary>
    public Func<long, long, CancellationToken, Task<Stream>>? PieceAsync { get; init; }
}
