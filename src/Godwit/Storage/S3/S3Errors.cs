using System.Net;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3;

internal static partial class S3Errors
{
    private static readonly HashSet<string> PassingCodes = new(StringComparer.Ordinal)
    {
        "SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "Throttling", "ThrottlingException",
        "TooManyRequests",
        "OperationAborted",
        // The bytes were corrupted on their way; sending them again helps.
        "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody",
    };

    private static readonly HashSet<string> FullCodes = new(StringComparer.Ordinal)
    {
        "QuotaExceeded", "EntityTooLarge", "InsufficientStorage", "TooManyBytes", "StorageQuotaExceeded",
        "XMinioStorageFull", "MaxSizeExceeded",
    };

    private static readonly HashSet<string> CredentialCodes = new(StringComparer.Ordinal)
    {
        "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "ExpiredTokenException", "InvalidToken",
        "TokenRefreshRequired", "InvalidClientTokenId",
        "UnrecognizedClientException",
    };

    private static readonly HashSet<string> ExpiryCodes =
        new(StringComparer.Ordinal) { "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired" };

    private static readonly HashSet<string> RevokedCodes = new(StringComparer.Ordinal)
    {
        "InvalidToken", "InvalidAccessKeyId", "RequestExpired", "InvalidClientTokenId", "UnrecognizedClientException",
    };

    private static readonly HashSet<string> SkewCodes =
        new(StringComparer.Ordinal) { "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture" };

    private static readonly HashSet<string> RegionCodes = new(StringComparer.Ordinal)
    {
        "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "TemporaryRedirect",
    };

    /// <param name="Permission">AWS's name of the right that the call needs, e.g. <c>s3:PutObject</c>.</param>
    /// <param name="Skew">Our clock minus the service's.</param>
    public sealed record Circumstances(
        StoreAddress.S3 Address, string Permission, string? Key, S3Place? Place, TimeSpan? Skew, string? BucketRegion)
    {
        public string Endpoint => Place?.Url ?? Address.ToString();

        public string Cli => Place is null ? "aws" : S3Words.Cli(Place);
    }

    /// <summary>The bucket's region according to the service, if a call was refused for its signing region. Null:
    /// another error.</summary>
    public static string? RegionToldBy(Exception e, string? bucketRegion) =>
        e is AmazonServiceException service && IsOfRegion(service) ? RegionIn(service.Message) ?? bucketRegion : null;

    /// <summary>Whether a new search for keys may help.</summary>
    /// <param name="haveWorked">These keys worked before, so they have become invalid since.</param>
    public static bool IsOfKeys(Exception e, bool haveWorked) => e is AmazonServiceException service
        && (ExpiryCodes.Contains(service.ErrorCode ?? "")
            // A refused HEAD has no error code, and none of our other requests becomes a bad request later.
            || (haveWorked && (RevokedCodes.Contains(service.ErrorCode ?? "") || IsBareBadRequest(service))));

    public static bool IsTransient(Exception e) => e switch
    {
        AmazonServiceException service when service.StatusCode != 0 => PassingCodes.Contains(service.ErrorCode ?? "")
            || service.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            || ((int)service.StatusCode >= 500
                && service.StatusCode is not (HttpStatusCode.InsufficientStorage or HttpStatusCode.NotImplemented)),
        _ => NetworkErrors.IsTransient(e),
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
        // Some services report a wrong clock as a wrong signature; their own clock tells the two apart.
        if (SkewCodes.Contains(code)
            || (e.StatusCode == HttpStatusCode.Forbidden && at.Skew?.Duration() > NetworkErrors.SkewTolerated))
            return StorageFaults.ClockSkewed(store, at.Skew is { } skew ? NetworkErrors.InWords(skew) : "too far from");
        if (CredentialCodes.Contains(code))
            return Refused(e, at);
        if (IsOfRegion(e))
        {
            return S3Faults.WrongRegion(at.Address.Bucket, at.Place?.Region ?? "",
                at.BucketRegion ?? RegionIn(e.Message) ?? "another one",
                string.Join(" or ", at.Address.Service.RegionVariables),
                $"{at.Cli} s3api get-bucket-location --bucket {at.Address.Bucket}");
        }

        if (e.StatusCode == HttpStatusCode.Forbidden)
            return StorageFaults.Forbidden(store, at.Permission, at.Address.Service.Rights);
        if (e.StatusCode == HttpStatusCode.Unauthorized)
            return Refused(e, at);
        if (IsTransient(e))
            return StorageFaults.Unavailable(store, Said(e));
        return StorageFaults.Failed(store, Said(e), at.Permission);
    }

    private static Fault Refused(AmazonServiceException e, Circumstances at) => StorageFaults.CredentialsRefused(
        at.Address.ToString(), Said(e),
        string.Join(", ", at.Address.Service.KeyVariables.Select(names => $"{names.Id} and {names.Key}")),
        at.Address.Service.KeysAreMade);

    private static bool IsOfRegion(AmazonServiceException e) =>
        RegionCodes.Contains(e.ErrorCode ?? "")
        || e.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect;

    private static bool IsBareBadRequest(AmazonServiceException e) =>
        e.StatusCode == HttpStatusCode.BadRequest
        && (string.IsNullOrEmpty(e.ErrorCode) || e.ErrorCode == nameof(HttpStatusCode.BadRequest));

    private static string? RegionIn(string message) =>
        ExpectedRegion().Match(message) is { Success: true } found ? found.Value : null;

    // Example: "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'"
    [GeneratedRegex("(?<=expecting ')[a-z0-9-]+(?=')", RegexOptions.CultureInvariant)]
    private static partial Regex ExpectedRegion();

    internal static string Said(AmazonServiceException e)
    {
        var code = string.IsNullOrEmpty(e.ErrorCode) ? "" : $" {e.ErrorCode}";
        return $"HTTP {(int)e.StatusCode}{code}: {NetworkErrors.Clean(e)}";
    }
}
