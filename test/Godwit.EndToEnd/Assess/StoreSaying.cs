using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.EndToEnd.Assess;

/// <summary>A store on this machine's disk that says of itself what a real one might: in which region of a cloud it is,
/// and how much room there is. A real disk cannot be filled for a test without harm to its neighbours.</summary>
/// <param name="freeBytes">Null: what the disk has.</param>
internal sealed class StoreSaying(IObjectStore disk, string? region = null, long? freeBytes = null)
    : IObjectStore, IBucket
{
    private readonly IBucket _bucket = disk.Bucket!;

    public bool IsLocal => true;

    public string? Region => region;

    public IBucket Bucket => this;

    public string Address => disk.Address;

    public Task<long?> FindFreeBytesAsync(CancellationToken ct) =>
        freeBytes is { } free ? Task.FromResult<long?>(free) : _bucket.FindFreeBytesAsync(ct);

    public Task<StorePrivacy> FindPrivacyAsync(CancellationToken ct) => _bucket.FindPrivacyAsync(ct);

    public Task<IReadOnlyList<UnfinishedUpload>> FindUnfinishedAsync(CancellationToken ct) =>
        _bucket.FindUnfinishedAsync(ct);

    public Task AbortAsync(UnfinishedUpload upload, CancellationToken ct) => _bucket.AbortAsync(upload, ct);

    public Task<bool> ExistsAsync(CancellationToken ct) => _bucket.ExistsAsync(ct);

    public Task<StoreCreation> CreateAsync(StoreUse use, CancellationToken ct) => _bucket.CreateAsync(use, ct);

    public Task CheckAsync(CancellationToken ct) => disk.CheckAsync(ct);

    public Task CheckWritableAsync(CancellationToken ct) => disk.CheckWritableAsync(ct);

    public Task<StoredObject> PutAsync(string key, ObjectUpload what, CancellationToken ct) =>
        disk.PutAsync(key, what, ct);

    public Task<StoredObject?> FindAsync(string key, CancellationToken ct) => disk.FindAsync(key, ct);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken ct) => disk.ListAsync(prefix, ct);

    public Task DeleteAsync(string key, CancellationToken ct) => disk.DeleteAsync(key, ct);

    public Task<SignedLink> SignAsync(string key, TimeSpan lifetime, CancellationToken ct) =>
        disk.SignAsync(key, lifetime, ct);

    public Task<int> AbortUploadsAsync(string key, CancellationToken ct) => disk.AbortUploadsAsync(key, ct);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
