using Godwit.Storage.Buckets;

namespace Godwit.Storage.Disk;

internal sealed class DiskBucket(StoreAddress.Disk address, DiskParts parts) : IBucket
{
    public bool IsLocal => true;

    /// <summary>Always true: the first object creates the folder.</summary>
    public Task<bool> ExistsAsync(CancellationToken ct) => Task.FromResult(true);

    public Task<StoreCreation> CreateAsync(StoreUse use, CancellationToken ct) =>
        Task.FromResult(new StoreCreation(false));

    public Task<StorePrivacy> FindPrivacyAsync(CancellationToken ct) =>
        Task.FromResult(new StorePrivacy(PrivacyVerdict.Private, "its files are readable by their owner alone"));

    public Task<IReadOnlyList<UnfinishedUpload>> FindUnfinishedAsync(CancellationToken ct) =>
        Task.FromResult(parts.FindAbandoned());

    public Task AbortAsync(UnfinishedUpload upload, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return DiskErrors.Guard($"{address}", () => parts.RemoveAbandoned(upload));
    }

    public async Task<long?> FindFreeBytesAsync(CancellationToken ct)
    {
        long? free = null;
        await DiskErrors.Guard($"{address}", () =>
        {
            var folder = address.Folder;
            while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above)
                folder = above;
            free = new DriveInfo(folder).AvailableFreeSpace;
        });
        return free;
    }
}
