using Amazon.Runtime;
using Amazon.S3;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3.Buckets;

internal static class S3Asking
{
    /// <summary>A question about the bucket. A service that does not know it says so with an error of its own, which no
    /// repetition changes.</summary>
    public static async Task<(T? Answer, AmazonServiceException? Refusal)> AskAsync<T>(
        this S3Connection s3, string permission, Func<IAmazonS3, CancellationToken, Task<T>> ask,
        CancellationToken ct, int attemptsMax = 1)
        where T : AmazonWebServiceResponse
    {
        try
        {
            return (await s3.CallAsync(permission, null, attemptsMax, StoreRetry.StallMax,
                (client, attempt) => ask(client, attempt.Token), ct), null);
        }
        catch (FaultException e) when (e.InnerException is AmazonServiceException { StatusCode: not 0 } refusal)
        {
            return (null, refusal);
        }
    }
}
