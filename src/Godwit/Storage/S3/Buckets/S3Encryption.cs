using System.Net;
using Amazon.Runtime;
using Amazon.S3.Model;
using Godwit.Faults;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.S3.Buckets;

/// <summary>Whether the service encrypts the bucket's objects by itself, as far as it says.</summary>
internal sealed class S3Encryption(S3Connection s3)
{
    public async Task<FoundEncryption> FindAsync(CancellationToken ct)
    {
        var found = s3.Knows(S3Questions.Encryption) ? await AskAsync(ct) : new(EncryptionVerdict.Unknown, null,
            s3.Address.Service.Encryption);
        // An AWS address with a custom endpoint may lead to another service, which need not encrypt.
        var isItself = s3.Address.Service.HasAmbientKeys ? s3.IsAws : s3.Address.Service.IsEncryptedAtRest is not null;
        return found.Verdict is EncryptionVerdict.Unknown or EncryptionVerdict.Refused && isItself
            && s3.Address.Service.IsEncryptedAtRest == true
            ? new(EncryptionVerdict.On, s3.Address.Service.Encryption, "")
            : found;
    }

    private async Task<FoundEncryption> AskAsync(CancellationToken ct)
    {
        try
        {
            var answer = await s3.CallAsync("s3:GetEncryptionConfiguration", null, (client, attempt) =>
                client.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = s3.Address.Bucket },
                    attempt.Token), ct);
            var algorithm = (answer.ServerSideEncryptionConfiguration?.ServerSideEncryptionRules ?? [])
                .Select(rule => rule.ServerSideEncryptionByDefault?.ServerSideEncryptionAlgorithm?.Value)
                .FirstOrDefault(found => found is not null);
            return new(algorithm is null ? EncryptionVerdict.Unknown : EncryptionVerdict.On, algorithm,
                algorithm is null ? "it does not say" : "");
        }
        catch (FaultException e) when (e.InnerException is AmazonServiceException { StatusCode: not 0 } answer)
        {
            return S3Errors.IsCode(answer, "ServerSideEncryptionConfigurationNotFoundError")
                ? new(EncryptionVerdict.Off, null, "it is off")
                : new(
                    answer.StatusCode == HttpStatusCode.Forbidden
                        ? EncryptionVerdict.Refused : EncryptionVerdict.Unknown,
                    null, answer.StatusCode == HttpStatusCode.Forbidden
                        ? "they lack s3:GetEncryptionConfiguration"
                        : $"HTTP {(int)answer.StatusCode} {answer.ErrorCode}".TrimEnd());
        }
    }

    /// <param name="Algorithm">Null when there is none, or it is unknown.</param>
    /// <param name="Why">A clause that explains why there is no algorithm.</param>
    public sealed record FoundEncryption(EncryptionVerdict Verdict, string? Algorithm, string Why);
}
