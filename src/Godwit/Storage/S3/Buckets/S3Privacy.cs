using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.S3.Buckets;

/// <summary>Whether a bucket is public, by its public access block, its policy and its access list, as far as the
/// service says.</summary>
internal sealed class S3Privacy(S3Connection s3)
{
    private static readonly string[] Everybody =
        ["http://acs.amazonaws.com/groups/global/AllUsers",
            "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"];

    public async Task<StorePrivacy> FindAsync(CancellationToken ct)
    {
        var bucket = s3.Address.Bucket;
        var block = await AskAsync(S3Questions.PublicAccessBlock, "s3:GetBucketPublicAccessBlock",
            (client, token) =>
                client.GetPublicAccessBlockAsync(new GetPublicAccessBlockRequest { BucketName = bucket }, token), ct);
        if (block.Answer?.PublicAccessBlockConfiguration is { IgnorePublicAcls: true, RestrictPublicBuckets: true })
            return new(PrivacyVerdict.Private, "public access to it is blocked");
        var policy = await AskAsync(S3Questions.PolicyStatus, "s3:GetBucketPolicyStatus",
            (client, token) =>
                client.GetBucketPolicyStatusAsync(new GetBucketPolicyStatusRequest { BucketName = bucket }, token), ct);
        if (policy.Answer?.PolicyStatus?.IsPublic == true)
            return new(PrivacyVerdict.Public, "its bucket policy lets everybody in");
        var list = await AskAsync(S3Questions.AccessList, "s3:GetBucketAcl",
            (client, token) => client.GetBucketAclAsync(new GetBucketAclRequest { BucketName = bucket }, token), ct);
        if ((list.Answer?.Grants ?? []).Any(grant => Everybody.Contains(grant.Grantee?.URI)))
            return new(PrivacyVerdict.Public, "its access control list grants something to everybody");
        var closed = new[] { policy.Refused, list.Refused }.OfType<string>().ToList();
        return closed.Count == 0
            ? new(PrivacyVerdict.Private, s3.Knows(S3Questions.PolicyStatus)
                ? "neither a policy nor an access control list opens it"
                : "its access control list opens it to nobody; the service cannot be asked about policies")
            : new(PrivacyVerdict.Unknown, $"these keys lack {string.Join(" and ", closed)}");
    }

    /// <returns>No answer and no refusal: the bucket has no such thing, or the service knows none.</returns>
    private async Task<(T? Answer, string? Refused)> AskAsync<T>(
        S3Questions question, string permission, Func<IAmazonS3, CancellationToken, Task<T>> ask, CancellationToken ct)
        where T : AmazonWebServiceResponse
    {
        if (!s3.Knows(question))
            return (null, null);
        var (answer, refusal) = await s3.AskAsync(permission, ask, ct);
        return (answer, refusal?.StatusCode == HttpStatusCode.Forbidden ? permission : null);
    }
}
