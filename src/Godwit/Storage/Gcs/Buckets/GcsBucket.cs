using Godwit.Faults;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.Gcs.Buckets;

/// <summary>A service account uses Google's own API; an HMAC key only works with the S3 adapter.</summary>
internal sealed class GcsBucket(GcsStore store, StoreAddress.Gcs address, GcsOptions options, TimeProvider clock)
    : IBucket
{
    public bool IsLocal => false;

    /// <summary>False, because Google gives every object a generation, even if the bucket keeps no old ones.</summary>
    public bool TellsVersion => false;

    public string VersionRights => "storage.objects.list on the bucket and storage.objects.delete on its objects";

    public async Task<bool> ExistsAsync(CancellationToken ct) => await (await OpenCreationAsync(ct)).ExistsAsync(ct);

    public async Task<StoreCreation> CreateAsync(StoreUse use, CancellationToken ct) =>
        await (await OpenCreationAsync(ct)).CreateAsync(use, ct);

    public async Task<StorePrivacy> FindPrivacyAsync(CancellationToken ct)
    {
        var session = await store.OpenSessionAsync(ct);
        if (session.Json is { } json)
            return await new GcsPrivacy(json).FindAsync(ct);
        var list = await session.Store.Bucket.FindPrivacyAsync(ct);
        return list.Verdict == PrivacyVerdict.Public
            ? list
            : new(PrivacyVerdict.Unknown,
                "with an HMAC key Google does not tell which roles everybody has on the bucket; "
                + "with a service account's key file it does");
    }

    public async Task<IReadOnlyList<UnfinishedUpload>> FindUnfinishedAsync(CancellationToken ct) =>
        await (await store.OpenSessionAsync(ct)).Store.Bucket.FindUnfinishedAsync(ct);

    public async Task AbortAsync(UnfinishedUpload upload, CancellationToken ct) =>
        await (await store.OpenSessionAsync(ct)).Store.Bucket.AbortAsync(upload, ct);

    public async Task<IReadOnlyList<OldVersion>> FindVersionsAsync(string prefix, CancellationToken ct) =>
        await OpenRetentionAsync(ct) is { } retention ? await retention.FindVersionsAsync(prefix, ct) : [];

    public async Task DeleteVersionAsync(OldVersion version, CancellationToken ct)
    {
        if (await OpenRetentionAsync(ct) is { } retention)
            await retention.DeleteVersionAsync(version, ct);
    }

    public async Task<RetainedObject.SoftDeleted?> FindDeletedAsync(string key, CancellationToken ct) =>
        await OpenRetentionAsync(ct) is { } retention
            ? await retention.FindDeletedAsync(key, ct)
            : throw new FaultException(StorageFaults.DeletedUnseen(store.Address,
                "with an HMAC key Google does not tell it; with a service account's key file it does"));

    private async Task<GcsCreation> OpenCreationAsync(CancellationToken ct) =>
        new(store, address, options, (await store.OpenSessionAsync(ct)).Json);

    /// <returns>Null with an HMAC key, which can neither list nor delete old versions.</returns>
    private async Task<GcsRetention?> OpenRetentionAsync(CancellationToken ct) =>
        await store.OpenSessionAsync(ct) is { Json: { } json, S3: var s3 } ? new(json, s3, clock) : null;
}
