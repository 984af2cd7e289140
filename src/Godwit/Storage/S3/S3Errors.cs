using System.Net;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3;

/// <summary>Reads what the service or the network said, and says it as a fault.</summary>
internal static partial class S3Errors
{
    private static readonly HashSet<string> PassingCodes = new(StringComparer.Ordinal)
    {
        "SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "Throttling", "ThrottlingException", "TooManyRequests",
        "OperationAborted",
        // The bytes were changed on their way; sending them again is the cure.
        "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody",
    };

    private static readonly HashSet<string> FullCodes = new(StringComparer.Ordinal)
    {
        "QuotaExceeded", "EntityTooLarge", "InsufficientStorage", "TooManyBytes", "StorageQuotaExceeded", "XMinioStorageFull", "MaxSizeExceeded",
    };

    private static readonly HashSet<string> CredentialCodes = new(StringComparer.Ordinal)
    {
        "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "InvalidClientTokenId",
        "UnrecognizedClientException",
    };

    private static readonly HashSet<string> SkewCodes = new(StringComparer.Ordinal) { "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture" };

    private static readonly HashSet<string> RegionCodes = new(StringComparer.Ordinal)
    {
        "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "TemporaryRedirect",
    };

    /// <param name="Permission">What AWS calls the right the call needs, e.g. <c>s3:PutObject</c>.</param>
    /// <param name="Skew">Our clock minus the service's.</param>
    public sealed record Circumstances(
        StoreAddress.S3 Address, string Permission, string? Key, string Region, string Endpoint, TimeSpan? Skew, string? BucketRegion);

    /// <summary>Whether the same call may succeed in a moment.</summary>
    public static bool IsPassing(Exception e) => e switch
    {
        AmazonServiceException service when service.StatusCode != 0 => PassingCodes.Contains(service.ErrorCode ?? "")
            || service.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            || ((int)service.StatusCode >= 500 && service.StatusCode is not (HttpStatusCode.InsufficientStorage or HttpStatusCode.NotImplemented)),
        _ => NetworkErrors.IsPassing(e),
    };

    public static bool IsCode(Exception e, string code) =>
        e is AmazonServiceException service && string.Equals(service.ErrorCode, code, StringComparison.Ordinal);

    public static Fault ToFault(Exception e, Circumstances at) => e switch
    {
        AmazonServiceException service when service.StatusCode != 0 => OfService(service, at),
        _ => NetworkErrors.ToFault(e, at.Address.ToString(), at.Endpoint)
            ?? StorageFaults.Failed(at.Address.ToString(), NetworkErrors.Clean(e), at.Permission),
    };

    private static Fault OfService(AmazonServiceException e, Circumstances at)
    {
        var store = at.Address.ToString();
        var code = e.ErrorCode ?? "";
        if (code == "NoSuchBucket")
            return StorageFaults.BucketMissing(at.Address.Bucket, at.Endpoint);
        if (code == "NoSuchKey" && at.Key is not null)
            return StorageFaults.ObjectMissing(store, at.Key);
        if (FullCodes.Contains(code) || e.StatusCode == HttpStatusCode.InsufficientStorage)
            return StorageFaults.Full(store, Said(e));
        // Some services call a skewed clock a wrong signature; their own clock tells the two apart.
        if (SkewCodes.Contains(code) || (e.StatusCode == HttpStatusCode.Forbidden && at.Skew?.Duration() > NetworkErrors.SkewTolerated))
            return StorageFaults.ClockSkewed(store, at.Skew is { } skew ? NetworkErrors.InWords(skew) : "too far from");
        if (CredentialCodes.Contains(code))
            return StorageFaults.CredentialsRefused(store, Said(e));
        if (RegionCodes.Contains(code) || e.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect)
            return StorageFaults.WrongRegion(at.Address.Bucket, at.Region, at.BucketRegion ?? RegionIn(e.Message) ?? "another one");
        if (e.StatusCode == HttpStatusCode.Forbidden)
            return StorageFaults.Forbidden(store, at.Permission);
        if (e.StatusCode == HttpStatusCode.Unauthorized)
            return StorageFaults.CredentialsRefused(store, Said(e));
        if (IsPassing(e))
            return StorageFaults.Unavailable(store, Said(e));
        return StorageFaults.Failed(store, Said(e), at.Permission);
    }

    private static string? RegionIn(string message) => ExpectedRegion().Match(message) is { Success: true } found ? found.Value : null;

    // "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'"
    [GeneratedRegex("(?<=expecting ')[a-z0-9-]+(?=')", RegexOptions.CultureInvariant)]
    private static partial Regex ExpectedRegion();

    private static string Said(AmazonServiceException e)
    {
        var code = string.IsNullOrEmpty(e.ErrorCode) ? "" : $" {e.ErrorCode}";
        return $"HTTP {(int)e.StatusCode}{code}: {NetworkErrors.Clean(e)}";
    }
}
