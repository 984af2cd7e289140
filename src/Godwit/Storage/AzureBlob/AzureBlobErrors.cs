using System.Net;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.AzureBlob;

/// <remarks>https://learn.microsoft.com/en-us/rest/api/storageservices/blob-service-error-codes and
/// https://learn.microsoft.com/en-us/rest/api/storageservices/common-rest-api-error-codes</remarks>
internal static class AzureBlobErrors
{
    private static readonly HashSet<string> PassingCodes = new(StringComparer.Ordinal)
    {
        "ServerBusy", "OperationTimedOut", "InternalError", "AccountIsBeingCreated", "ContainerBeingDeleted",
        // The bytes were corrupted on their way; sending them again helps.
        "Md5Mismatch", "Crc64Mismatch",
    };

    private static readonly HashSet<string> FullCodes = new(StringComparer.Ordinal)
    {
        "QuotaExceeded", "AccountQuotaExceeded", "RequestBodyTooLarge", "BlockCountExceedsLimit", "BlockListTooLong",
    };

    private static readonly HashSet<string> RightCodes = new(StringComparer.Ordinal)
    {
        "AuthorizationPermissionMismatch", "AuthorizationServiceMismatch", "AuthorizationResourceTypeMismatch",
        "AuthorizationProtocolMismatch", "InsufficientAccountPermissions", "UnauthorizedBlobOverwrite",
    };

    private static readonly HashSet<string> CredentialCodes = new(StringComparer.Ordinal)
    {
        "AuthenticationFailed", "InvalidAuthenticationInfo", "NoAuthenticationInformation",
        "UnsupportedAuthorizationScheme", "AuthenticationRequired",
    };

    /// <param name="Skew">Our clock minus the service's.</param>
    public sealed record Circumstances(
        StoreAddress.AzureBlob Address, AzureBlobCall Call, AzureCredential Credential, TimeSpan? Skew);

    public static bool IsTransient(Exception e) => e switch
    {
        FaultException => false,
        AzureBlobException service => PassingCodes.Contains(service.Code)
            // An emulator's wording of Md5Mismatch.
            || (service.Code == "InvalidOperation" && service.Message.Contains("contentMD5", StringComparison.Ordinal))
            || service.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            || ((int)service.Status >= 500
                && service.Status is not (HttpStatusCode.NotImplemented or HttpStatusCode.InsufficientStorage)),
        _ => NetworkErrors.IsTransient(e),
    };

    public static Fault ToFault(Exception e, Circumstances at) => e switch
    {
        AzureBlobException service => OfService(service, at),
        _ => OfNetwork(NetworkErrors.ToFault(e, at.Address.ToString(), at.Credential.Endpoint), at)
            ?? StorageFaults.Failed(at.Address.ToString(), NetworkErrors.Clean(e), at.Call.Right.Doing),
    };

    /// <summary>The service's error that caused the fault. Null: the service did not answer.</summary>
    public static AzureBlobException? Behind(FaultException e) => e.InnerException as AzureBlobException;

    // Each account has its own DNS name, so an unknown host means that the account does not exist.
    private static Fault? OfNetwork(Fault? fault, Circumstances at) => fault?.Code == "storage.unknown_host"
        ? AzureBlobFaults.AccountUnknown(at.Address.ToString(), at.Address.Account,
            new Uri(at.Credential.Endpoint).Host)
        : fault;

    private static Fault OfService(AzureBlobException e, Circumstances at)
    {
        var (store, account, container) = (at.Address.ToString(), at.Address.Account, at.Address.Container);
        return e.Code switch
        {
            "ContainerNotFound" or "ContainerBeingDeleted" or "ContainerDisabled" =>
                AzureBlobFaults.ContainerMissing(store, account, container),
            "BlobNotFound" when at.Call.Key is not null => StorageFaults.ObjectMissing(store, at.Call.Key),
            "AccountIsDisabled" => AzureBlobFaults.AccountDisabled(store, account),
            "KeyBasedAuthenticationNotPermitted" => AzureBlobFaults.KeysOff(store, account, at.Credential.Origin),
            "AuthorizationSourceIPMismatch" => AzureBlobFaults.Firewall(store, account, Said(e)),
            "LeaseIdMissing" or "LeaseAlreadyPresent" or "LeaseIdMismatchWithBlobOperation" =>
                AzureBlobFaults.Leased(store, account, container, BlobName(at)),
            "BlobImmutableDueToPolicy" => AzureBlobFaults.Immutable(store, account, container),
            "InvalidBlobOrBlock" or "InvalidBlockId" =>
                AzureBlobFaults.ForeignBlocks(store, account, container, BlobName(at)),
            "InvalidBlockList" => AzureBlobFaults.BlocksGone(store, BlobName(at)),
            _ when FullCodes.Contains(e.Code) || e.Status == HttpStatusCode.InsufficientStorage =>
                StorageFaults.Full(store, Said(e)),
            _ when e.Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized
                || CredentialCodes.Contains(e.Code) => OfRefusal(e, at),
            _ when IsTransient(e) => StorageFaults.Unavailable(store, Said(e)),
            _ => StorageFaults.Failed(store, Said(e), at.Call.Right.Doing),
        };
    }

    private static Fault OfRefusal(AzureBlobException e, Circumstances at)
    {
        var (store, account, container) = (at.Address.ToString(), at.Address.Account, at.Address.Container);
        if (at.Skew is { } skew && skew.Duration() > NetworkErrors.SkewTolerated)
            return StorageFaults.ClockSkewed(store, NetworkErrors.InWords(skew));
        if (RightCodes.Contains(e.Code))
            return at.Credential switch
            {
                AzureCredential.Login => AzureBlobFaults.RoleMissing(store, account, at.Call.Right.Doing),
                _ => AzureBlobFaults.SasTooNarrow(store, account, container, at.Credential.Origin, at.Call.Right.Doing),
            };
        // Only the message tells a firewall's refusal from a refused signature: both have status 403, and emulators use
        // this code for both.
        if (e.Code == "AuthorizationFailure" && !e.Message.Contains("authenticate", StringComparison.OrdinalIgnoreCase))
            return AzureBlobFaults.Firewall(store, account, Said(e));
        return at.Credential is AzureCredential.Login
            ? AzureBlobFaults.TokenRefused(store, account, Said(e))
            : AzureBlobFaults.CredentialsRefused(store, account, at.Credential.Origin, Said(e));
    }

    private static string BlobName(Circumstances at) =>
        at.Call.Key is not { } key ? "" : at.Address.Prefix.Length == 0 ? key : $"{at.Address.Prefix}/{key}";

    private static string Said(AzureBlobException e)
    {
        var code = e.Code.Length == 0 ? "" : $" {e.Code}";
        return $"HTTP {(int)e.Status}{code}: {NetworkErrors.Clean(e)}";
    }
}
