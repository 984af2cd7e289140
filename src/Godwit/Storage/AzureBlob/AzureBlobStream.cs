using System.Net;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.AzureBlob;

/// <summary>A stalled service or a broken connection ends in a fault, not in a hang.</summary>
internal sealed class AzureBlobStream(
    HttpResponseMessage answer, Stream body, AzureBlobConnection azure, AzureBlobCall call) : ForwardOnlyStream
{
    public static async Task<Stream> OpenAsync(
        AzureBlobConnection azure, string key, ObjectRange range, CancellationToken ct)
    {
        var headers = new Dictionary<string, string>();
        if (range.ToHeader() is { } bytes)
            headers["Range"] = bytes;
        if (range.ETag is not null)
            headers["If-Match"] = range.ETag;
        var call = new AzureBlobCall(HttpMethod.Get, AzureRight.Read) { Key = key, Headers = headers };
        var store = azure.Address.ToString();
        try
        {
            var answer = await azure.OpenAsync(call, ct);
            // An offset at the object's end gives an empty answer without a range.
            var isEmpty = answer.Content.Headers.ContentLength == 0;
            // A proxy may ignore the range; its answer must not be taken for the requested bytes.
            var fault = answer.Headers.Contains(AzureBlobLeftovers.DiscardedMetadata)
                ? StorageFaults.ObjectMissing(store, key)
                : headers.ContainsKey("Range") && !isEmpty
                    && answer.Content.Headers.ContentRange?.From != range.OffsetBytes
                ? StorageFaults.RangeIgnored(store, key)
                : null;
            if (fault is null)
                return new AzureBlobStream(answer, await answer.Content.ReadAsStreamAsync(ct), azure, call);
            answer.Dispose();
            throw new FaultException(fault);
        }
        catch (FaultException e)
            when (AzureBlobErrors.Behind(e) is { Status: HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            return Stream.Null;
        }
        catch (FaultException e) when (AzureBlobErrors.Behind(e) is { Status: HttpStatusCode.PreconditionFailed })
        {
            // A missing object fails the ETag condition as well.
            var isThere = await AzureBlobStore.HeadAsync(azure, key, ct) is not null;
            throw new FaultException(
                isThere ? StorageFaults.ObjectReplaced(store, key) : StorageFaults.ObjectMissing(store, key), e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            using var attempt = new StoreAttempt(StoreRetry.StallMax, azure.Clock, cancellationToken);
            return await attempt.RunAsync(() => body.ReadAsync(buffer, attempt.Token).AsTask());
        }
        catch (Exception e) when (e is IOException or HttpRequestException or TimeoutException)
        {
            throw new FaultException(azure.Explain(e, call), e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            answer.Dispose();
        base.Dispose(disposing);
    }
}
