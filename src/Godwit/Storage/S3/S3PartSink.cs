using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3.Model;
using Godwit.Faults;
using Godwit.Storage.Calls;
using Godwit.Storage.Parts;

namespace Godwit.Storage.S3;

/// <summary>Uploads one object: with PutObject when it is small, else as a multipart upload.</summary>
internal sealed class S3PartSink(S3Connection s3, string key) : IPartSink
{
    /// <summary>Holds the part plan, so that a later reader can check the object part by part against its
    /// ETag.</summary>
    public const string PlanMetadata = "x-amz-meta-godwit-parts";

    /// <summary>Holds <see cref="Upload"/>.</summary>
    public const string UploadMetadata = "x-amz-meta-godwit-upload";

    private const int UploadBytes = 6;

    // The service may check and join thousands of parts before it answers.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
    private static readonly TimeSpan CompleteMax = TimeSpan.FromMinutes(10);

    private const int AbortsMax = 5;

    // Lets a part that is still being stored arrive.
    private static readonly TimeSpan AbortPause = TimeSpan.FromSeconds(1);

    private readonly string _fullKey = s3.FullKey(key);
    private string? _uploadId;
    private volatile bool _areETagsMd5;

    public int PartsMax => S3Limits.PartsMax;

    public string Upload { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(UploadBytes));

    /// <summary>The service has answered a part with its MD5. Other ETags prove nothing about the content.</summary>
    public bool AreETagsMd5 => _areETagsMd5;

    public async Task PutWholeAsync(Part part, PartPlan plan, CancellationToken ct)
    {
        var answer = await s3.CallAsync("s3:PutObject", key, s3.Options.PartAttemptsMax, StoreRetry.StallMax,
            (client, attempt) =>
                {
                    var request = new PutObjectRequest
                    {
                        BucketName = s3.Address.Bucket,
                        Key = _fullKey,
                        InputStream = part.OpenContent(),
                        ContentType = "application/octet-stream",
                        MD5Digest = part.ContentMd5,
                        UseChunkEncoding = false,
                        StreamTransferProgress = (_, _) => attempt.Alive(),
                    };
                    request.Metadata[PlanMetadata] = plan.ToString();
                    request.Metadata[UploadMetadata] = Upload;
                    return client.PutObjectAsync(request, attempt.Token);
                }, ct);
        Learn(answer.ETag, part);
    }

    public async Task BeginAsync(PartPlan plan, CancellationToken ct)
    {
        var begun = await s3.CallAsync("s3:PutObject", key, (client, attempt) =>
        {
            var request = new InitiateMultipartUploadRequest
            {
                BucketName = s3.Address.Bucket, Key = _fullKey, ContentType = "application/octet-stream",
            };
            request.Metadata[PlanMetadata] = plan.ToString();
            request.Metadata[UploadMetadata] = Upload;
            return client.InitiateMultipartUploadAsync(request, attempt.Token);
        }, ct);
        _uploadId = begun.UploadId;
    }

    public async Task<string> SendAsync(Part part, CancellationToken ct)
    {
        var answer = await OfUploadAsync(() =>
            s3.CallAsync("s3:PutObject", key, s3.Options.PartAttemptsMax, StoreRetry.StallMax, (client, attempt) =>
                client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = s3.Address.Bucket,
                        Key = _fullKey,
                        UploadId = _uploadId,
                        PartNumber = part.Number,
                        PartSize = part.Content.Count,
                        InputStream = part.OpenContent(),
                        MD5Digest = part.ContentMd5,
                        UseChunkEncoding = false,
                        StreamTransferProgress = (_, _) => attempt.Alive(),
                    },
                    attempt.Token), ct));
        Learn(answer.ETag, part);
        return answer.ETag;
    }

    public async Task CompleteAsync(IReadOnlyList<SentPart> parts, PartsTotal total, CancellationToken ct)
    {
        var before = await HeadAsync(ct);
        try
        {
            await OfUploadAsync(() => s3.CallAsync("s3:PutObject", key, s3.Options.PartAttemptsMax, CompleteMax,
                (client, attempt) => client.CompleteMultipartUploadAsync(
                    new CompleteMultipartUploadRequest
                    {
                        BucketName = s3.Address.Bucket,
                        Key = _fullKey,
                        UploadId = _uploadId,
                        PartETags = [.. parts.Select(part => new PartETag(part.Number, part.Mark))],
                    },
                    attempt.Token), ct));
        }
        catch (FaultException e) when (e.InnerException is { } cause
            && (S3Errors.IsCode(cause, "NoSuchUpload") || e.Fault.Kind == FaultKind.Transient))
        {
            // An earlier attempt may have completed the upload and its answer been lost.
            var after = await HeadAsync(ct);
            if (after is null || after.ContentLength != total.Bytes || after.ETag == before?.ETag)
                throw;
        }
    }

    // Turns errors about a missing upload or missing parts into faults.
    private async Task<T> OfUploadAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (FaultException e) when (e.InnerException is { } cause && S3Errors.IsCode(cause, "NoSuchUpload"))
        {
            throw new FaultException(StorageFaults.UploadRemoved(s3.Address.ToString(), key), cause);
        }
        catch (FaultException e) when (e.InnerException is { } cause
            && (S3Errors.IsCode(cause, "InvalidPart") || S3Errors.IsCode(cause, "InvalidPartOrder")))
        {
            throw new FaultException(
                StorageFaults.PartsForgotten(s3.Address.ToString(), key, NetworkErrors.Clean(cause)), cause);
        }
    }

    /// <summary>Repeats the abort until no part is listed: a part whose request was cut off may arrive after an abort,
    /// remain and cost money. https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html</summary>
    public async Task AbortAsync(CancellationToken ct)
    {
        // An object in one piece has no upload.
        if (_uploadId is not { } id)
            return;
        for (var attempt = 1; ; attempt++)
        {
            await new S3Uploads(s3).AbortAsync(key, id, ct);
            if (!await IsThereAsync(ct))
                return;
            if (attempt == AbortsMax)
                throw new FaultException(StorageFaults.PartsStay(s3.Address.ToString(), key, AbortsMax));
            await Task.Delay(AbortPause, s3.Clock, ct);
        }
    }

    // One differing part among matching ones is damaged: the checksum of the whole will show it.
    private void Learn(string? etag, Part part) =>
        _areETagsMd5 |= string.Equals(etag?.Trim('"'), Convert.ToHexString(part.Md5),
            StringComparison.OrdinalIgnoreCase);

    private async Task<bool> IsThereAsync(CancellationToken ct)
    {
        try
        {
            await s3.CallAsync("s3:ListMultipartUploadParts", key, (client, attempt) => client.ListPartsAsync(
                new ListPartsRequest
                {
                    BucketName = s3.Address.Bucket, Key = _fullKey, UploadId = _uploadId, MaxParts = 1,
                }, attempt.Token), ct);
            return true;
        }
        // Without the right to list parts, the successful abort must be enough.
        catch (FaultException e) when (e.InnerException
            is AmazonServiceException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Forbidden })
        {
            return false;
        }
    }

    private async Task<GetObjectMetadataResponse?> HeadAsync(CancellationToken ct) =>
        await S3Store.HeadAsync(s3, key, ct);
}
