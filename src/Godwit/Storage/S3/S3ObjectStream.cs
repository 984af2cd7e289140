using System.Net;
using System.Net.Http.Headers;
using Amazon.Runtime;
using Amazon.S3.Model;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3;

/// <summary>A stalled service or a broken connection ends in a fault, not in a hang.</summary>
internal sealed class S3ObjectStream(GetObjectResponse answer, S3Connection s3, string key) : ForwardOnlyStream
{
    public static async Task<Stream> OpenAsync(S3Connection s3, string key, ObjectRange range, CancellationToken ct)
    {
        var asked = range.ToHeader();
        var request = new GetObjectRequest
        {
            BucketName = s3.Address.Bucket,
            Key = s3.FullKey(key),
            ByteRange = asked is null ? null : new ByteRange(asked),
            EtagToMatch = range.ETag,
        };
        try
        {
            var answer = await s3.CallAsync("s3:GetObject", key,
                (client, attempt) => client.GetObjectAsync(request, attempt.Token), ct);
            // Some services ignore conditions and ranges; their answer must not be taken for the requested bytes.
            var fault = range.ETag is not null && answer.ETag != range.ETag
                ? StorageFaults.ObjectReplaced(s3.Address.ToString(), key)
                : asked is not null && !Begins(answer, range.OffsetBytes)
                ? StorageFaults.RangeIgnored(s3.Address.ToString(), key) : null;
            if (fault is null)
                return new S3ObjectStream(answer, s3, key);
            answer.Dispose();
            throw new FaultException(fault);
        }
        catch (FaultException e) when (e.InnerException
            is AmazonServiceException { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            return Stream.Null;
        }
        catch (FaultException e)
            when (e.InnerException is AmazonServiceException { StatusCode: HttpStatusCode.PreconditionFailed })
        {
            throw new FaultException(StorageFaults.ObjectReplaced(s3.Address.ToString(), key), e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            using var attempt = new StoreAttempt(StoreRetry.StallMax, s3.Clock, cancellationToken);
            return await attempt.RunAsync(() => answer.ResponseStream.ReadAsync(buffer, attempt.Token).AsTask());
        }
        catch (Exception e) when (e is IOException or HttpRequestException or TimeoutException)
        {
            throw new FaultException(s3.Explain(e, "s3:GetObject", key), e);
        }
    }

    // Example: "bytes 0-99/1000"
    private static bool Begins(GetObjectResponse answer, long offsetBytes) =>
        ContentRangeHeaderValue.TryParse(answer.ContentRange, out var range) && range.From == offsetBytes;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            answer.Dispose();
        base.Dispose(disposing);
    }
}
