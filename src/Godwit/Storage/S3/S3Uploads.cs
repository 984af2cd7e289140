using Amazon.Runtime;
using Amazon.S3.Model;
using Godwit.Faults;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.S3;

/// <summary>Multipart uploads that were begun and never ended.</summary>
internal sealed class S3Uploads(S3Connection s3)
{
    // Pages of 1,000 uploads each; Godwit does not make more.
    private const int PagesMax = 20;

    // Uploads whose parts are listed, which takes at least one call each. One machine does not leave more behind.
    private const int CountedMax = 100;

    private string Bucket => s3.Address.Bucket;

    public async Task<IReadOnlyList<UnfinishedUpload>> FindAsync(string prefix, CancellationToken ct)
    {
        var found = new List<UnfinishedUpload>();
        await foreach (var upload in ListAsync(s3.FullPrefix(prefix), PagesMax, ct))
        {
            var parts = found.Count < CountedMax ? await LookAtPartsAsync(upload, ct) : null;
            found.Add(new UnfinishedUpload(
                upload.Key[s3.FullPrefix("").Length..],
                new DateTimeOffset((upload.Initiated ?? DateTime.UnixEpoch).ToUniversalTime()))
            {
                Id = upload.UploadId,
                SizeBytes = parts?.Bytes,
                LastPartAt = parts?.NewestAt,
            });
        }

        return found;
    }

    /// <returns>Uploads removed.</returns>
    public async Task<int> AbortAllAsync(string key, CancellationToken ct)
    {
        var aborted = 0;
        // The prefix also finds longer keys, which must not be touched.
        await foreach (var upload in ListAsync(s3.FullKey(key), int.MaxValue, ct))
        {
            if (upload.Key != s3.FullKey(key))
                continue;
            if (await AbortAsync(key, upload.UploadId, ct))
                aborted++;
        }

        return aborted;
    }

    /// <returns>False: the upload was already gone.</returns>
    public async Task<bool> AbortAsync(string key, string uploadId, CancellationToken ct)
    {
        try
        {
            await s3.CallAsync("s3:AbortMultipartUpload", null, (client, attempt) => client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = Bucket, Key = s3.FullKey(key), UploadId = uploadId },
                attempt.Token), ct);
            return true;
        }
        catch (FaultException e) when (e.InnerException is { } cause && S3Errors.IsCode(cause, "NoSuchUpload"))
        {
            return false;
        }
    }

    private async IAsyncEnumerable<MultipartUpload> ListAsync(
        string fullPrefix, int pagesMax, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var request = new ListMultipartUploadsRequest { BucketName = Bucket, Prefix = fullPrefix };
        for (var page = 0; page < pagesMax; page++)
        {
            var answer = await s3.CallAsync("s3:ListBucketMultipartUploads", null,
                (client, attempt) => client.ListMultipartUploadsAsync(request, attempt.Token), ct);
            foreach (var upload in answer.MultipartUploads ?? [])
                yield return upload;
            if (answer.IsTruncated != true)
                yield break;
            (request.KeyMarker, request.UploadIdMarker) = (answer.NextKeyMarker, answer.NextUploadIdMarker);
        }
    }

    /// <returns>Null: these keys may not list parts.</returns>
    private async Task<PartsSeen?> LookAtPartsAsync(MultipartUpload upload, CancellationToken ct)
    {
        var request = new ListPartsRequest { BucketName = Bucket, Key = upload.Key, UploadId = upload.UploadId };
        var seen = new PartsSeen(0, null);
        try
        {
            for (var page = 0; page < PagesMax; page++)
            {
                var answer = await s3.CallAsync("s3:ListMultipartUploadParts", null,
                    (client, attempt) => client.ListPartsAsync(request, attempt.Token), ct);
                foreach (var part in answer.Parts ?? [])
                    seen = seen.With(part);
                if (answer.IsTruncated != true)
                    break;
                request.PartNumberMarker = $"{answer.NextPartNumberMarker}";
            }

            return seen;
        }
        catch (FaultException e) when (e.InnerException is AmazonServiceException { StatusCode: not 0 })
        {
            return null;
        }
    }

    private sealed record PartsSeen(long Bytes, DateTimeOffset? NewestAt)
    {
        public PartsSeen With(PartDetail part)
        {
            var at = part.LastModified is { } told ? new DateTimeOffset(told.ToUniversalTime()) : NewestAt;
            return new(Bytes + (part.Size ?? 0), NewestAt > at ? NewestAt : at);
        }
    }
}
