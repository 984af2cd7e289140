using Godwit.Faults;

namespace Godwit.Storage.Download;

#pragma warning disable CA2000 // What compares goes with the stream.
/// <summary>Reads an object of a store as one forward stream. Over a network it reads several ranges at once and
/// retries each on its own.</summary>
public static class ObjectDownload
{
    /// <summary>Reads the current version. If the object is replaced meanwhile, or differs from our checksum (where the
    /// store keeps one), the stream throws before it gives the last bytes. Disposing the stream cancels its requests.
    /// The caller still owns the store.</summary>
    public static Task<Downloaded> OpenAsync(
        IObjectStore store, string key, TimeProvider clock, CancellationToken ct) =>
        OpenAsync(store, key, DownloadPlan.Default, clock, ct);

    internal static async Task<Downloaded> OpenAsync(
        IObjectStore store, string key, DownloadPlan plan, TimeProvider clock, CancellationToken ct)
    {
        var found = await store.FindAsync(key, ct);
        if (found is null)
        {
            // Opening gives the more precise fault: the whole bucket may be missing.
            await using var nothing = await store.OpenAsync(key, new ObjectRange(0), ct);
            throw new FaultException(StorageFaults.ObjectMissing(store.Address, key));
        }

        // A disk has no latency to hide and no connection to lose.
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

/// <param name="Content">Forward-only; the caller disposes it.</param>
/// <param name="SizeBytes">Null: unknown before the end.</param>
public sealed record Downloaded(Stream Content, long? SizeBytes)
{
    /// <summary>After a broken connection.</summary>
    public bool CanResume { get; init; } = true;

    /// <summary>On a disk of this machine: reading the object again costs little.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Opens a piece (offset, length) of the same version; several at once, until <see cref="Content"/> is
    /// disposed. Null: only the whole can be read.</summary>
    public Func<long, long, CancellationToken, Task<Stream>>? PieceAsync { get; init; }
}
