using Amazon.Runtime;
using Amazon.S3.Model;
using Godwit.Faults;
using Godwit.Storage.Buckets;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3.Buckets;

/// <summary>Old versions and delete markers.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html</summary>
internal sealed class S3Versions(S3Connection s3)
{
    // Pages of 1,000 versions each; Godwit does not make more.
    private const int PagesMax = 20;

    public async Task<IReadOnlyList<OldVersion>> FindAsync(string prefix, CancellationToken ct)
    {
        var found = new List<OldVersion>();
        var request = new ListVersionsRequest { BucketName = s3.Address.Bucket, Prefix = s3.FullPrefix(prefix) };
        try
        {
            for (var page = 0; page < PagesMax; page++)
            {
                var answer = await s3.CallAsync("s3:ListBucketVersions", null,
                    (client, attempt) => client.ListVersionsAsync(request, attempt.Token), ct);
                found.AddRange((answer.Versions ?? []).Where(IsOld).Select(Describe));
                if (answer.IsTruncated != true)
                    break;
                (request.KeyMarker, request.VersionIdMarker) = (answer.NextKeyMarker, answer.NextVersionIdMarker);
            }
        }
        catch (FaultException e) when (e.InnerException is AmazonServiceException { StatusCode: not 0 })
        {
            // Most services without versions do not support the request, and most keys for buckets without versions
            // lack the right.
            if (await IsOnAsync(ct))
                throw;
            return [];
        }

        return found;
    }

    public async Task DeleteAsync(OldVersion version, CancellationToken ct)
    {
        try
        {
            await s3.CallAsync("s3:DeleteObjectVersion", version.Key, (client, attempt) => client.DeleteObjectAsync(
                new DeleteObjectRequest
                {
                    BucketName = s3.Address.Bucket, Key = s3.FullKey(version.Key), VersionId = version.Id,
                }, attempt.Token), ct);
        }
        catch (FaultException e) when (e.InnerException is { } cause
            && (S3Errors.IsCode(cause, "NoSuchVersion") || S3Errors.IsCode(cause, "NoSuchKey")))
        {
            // Somebody else has already deleted the version.
        }
    }

    /// <summary>Whether the bucket keeps or has kept versions; false also when unknown.</summary>
    public async Task<bool> IsOnAsync(CancellationToken ct)
    {
        var (answer, _) = await s3.AskAsync("s3:GetBucketVersioning", (client, token) =>
            client.GetBucketVersioningAsync(new GetBucketVersioningRequest { BucketName = s3.Address.Bucket }, token),
            ct, StoreRetry.CallAttemptsMax);
        // Where it is suspended, what was kept before is kept still.
        return answer?.VersioningConfig?.Status?.Value is "Enabled" or "Suspended";
    }

    private static bool IsOld(S3ObjectVersion version) => version.IsLatest != true || version.IsDeleteMarker == true;

    private OldVersion Describe(S3ObjectVersion version) => new(
        version.Key[s3.FullPrefix("").Length..], version.VersionId, version.Size ?? 0,
        new DateTimeOffset((version.LastModified ?? DateTime.UnixEpoch).ToUniversalTime()),
        version.IsDeleteMarker == true);
}
