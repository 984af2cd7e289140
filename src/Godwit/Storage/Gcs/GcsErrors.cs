using System.Net;
using Amazon.Runtime;
using Godwit.Faults;
using Godwit.Storage.Calls;
using Godwit.Storage.S3;

namespace Godwit.Storage.Gcs;

/// <summary>Errors of Google's XML API. Those that all S3 services share are left to S3Errors.
/// https://cloud.google.com/storage/docs/xml-api/reference-status</summary>
/// <param name="account">The token's; null with an HMAC key.</param>
internal sealed class GcsErrors(string? account)
{
    private static readonly HashSet<string> KeyCodes = new(StringComparer.Ordinal)
    {
        "SignatureDoesNotMatch", "InvalidAccessKeyId", "InvalidSecurity", "ExpiredToken", "InvalidToken", "NotSignedUp",
    };

    private static readonly HashSet<string> RetentionCodes = new(StringComparer.Ordinal)
    {
        "RetentionPolicyNotMet", "ObjectUnderActiveHold", "ObjectRetained", "RetentionPolicyLocked",
    };

    /// <summary>Whether the same call may soon succeed: a refused token is replaced, and a failed token request may
    /// succeed later.</summary>
    public bool IsTransient(Exception e) => account is not null && e switch
    {
        FaultException { Fault.Kind: FaultKind.Transient } => true,
        AmazonServiceException { StatusCode: HttpStatusCode.Unauthorized } => true,
        _ => false,
    };

    /// <returns>Null: S3Errors words the fault.</returns>
    public Fault? ToFault(Exception e, S3Errors.Circumstances at)
    {
        // No token was to be had: that is what happened.
        if (e.Find<FaultException>() is { Fault: var fault })
            return fault;
        return e is AmazonServiceException service && service.StatusCode != 0 ? OfService(service, at) : null;
    }

    private Fault? OfService(AmazonServiceException e, S3Errors.Circumstances at)
    {
        var store = at.Address.ToString();
        var code = e.ErrorCode ?? "";
        if (code == "NoSuchBucket")
            return GcsFaults.BucketMissing(at.Address.Bucket);
        if (code == "UserProjectMissing")
            return GcsFaults.RequesterPays(store);
        if (code.EndsWith("AccountProblem", StringComparison.Ordinal)
            || e.Message.Contains("billing account", StringComparison.OrdinalIgnoreCase))
            return GcsFaults.BillingProblem(store, S3Errors.Said(e));
        if (RetentionCodes.Contains(code))
            return GcsFaults.Retained(store, at.Key ?? "", S3Errors.Said(e));
        // S3Errors reports a wrong clock.
        if (at.Skew?.Duration() > NetworkErrors.SkewTolerated || code == "RequestTimeTooSkewed")
            return null;
        if (e.StatusCode == HttpStatusCode.Unauthorized || KeyCodes.Contains(code))
            return account is null ? GcsFaults.KeysRefused(store, S3Errors.Said(e)) : GcsFaults.TokenRefused(store,
                account, S3Errors.Said(e));
        return e.StatusCode == HttpStatusCode.Forbidden
            ? GcsFaults.Forbidden(store, at.Address.Bucket, account ?? "the HMAC key's account",
                Permission(at.Permission))
            : null;
    }

    // Google's name of the right. https://cloud.google.com/storage/docs/access-control/iam-xml
    private static string Permission(string permission) => permission switch
    {
        "s3:ListBucket" => "storage.objects.list",
        "s3:ListBucketMultipartUploads" => "storage.multipartUploads.list",
        "s3:ListMultipartUploadParts" => "storage.multipartUploads.listParts",
        "s3:GetObject" => "storage.objects.get",
        "s3:PutObject" => "storage.objects.create (and storage.objects.delete, to replace an object)",
        "s3:DeleteObject" => "storage.objects.delete",
        "s3:AbortMultipartUpload" => "storage.multipartUploads.abort",
        "s3:GetBucketAcl" => "storage.buckets.getIamPolicy",
        _ => permission,
    };
}
