using Amazon.S3.Model;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3;

/// <summary>The body of an object. A service that stops sending, or a connection that breaks, ends in a fault and not in a hang.</summary>
internal sealed class S3ObjectStream(GetObjectResponse answer, S3Connection s3, string key) : ForwardOnlyStream
{
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            answer.Dispose();
        base.Dispose(disposing);
    }
}
