using Godwit.Storage.Buckets;

namespace Godwit.Storage.S3.Buckets;

internal sealed class S3Bucket(S3Connection s3) : IBucket
{
    public bool IsLocal => false;

    /// <summary>AWS only: the regions of other services say nothing about the distance.</summary>
    public string? Region => s3.IsAws ? s3.Region : null;

    public bool TellsVersion => true;

    public string VersionRights => "s3:ListBucketVersions on the bucket and s3:DeleteObjectVersion on its objects";

    public Task<bool> ExistsAsync(CancellationToken ct) => new S3Creation(s3).ExistsAsync(ct);

    public Task<StoreCreation> CreateAsync(StoreUse use, CancellationToken ct) =>
        new S3Creation(s3, use).CreateAsync(ct);

    public Task<StorePrivacy> FindPrivacyAsync(CancellationToken ct) => new S3Privacy(s3).FindAsync(ct);

    public async Task<StoreGuards?> FindGuardsAsync(CancellationToken ct) => await new S3Guards(s3).FindAsync(ct);

    public Task<IReadOnlyList<UnfinishedUpload>> FindUnfinishedAsync(CancellationToken ct) =>
        new S3Uploads(s3).FindAsync("", ct);

    public Task AbortAsync(UnfinishedUpload upload, CancellationToken ct) =>
        new S3Uploads(s3).AbortAsync(upload.Key, upload.Id!, ct);

    public Task<IReadOnlyList<OldVersion>> FindVersionsAsync(string prefix, CancellationToken ct) =>
        new S3Versions(s3).FindAsync(prefix, ct);

    public Task DeleteVersionAsync(OldVersion version, CancellationToken ct) =>
        new S3Versions(s3).DeleteAsync(version, ct);
}
