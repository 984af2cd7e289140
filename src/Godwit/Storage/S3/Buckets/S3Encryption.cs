using System.Net;
using Amazon.Runtime;
using Amazon.S3.Model;
using Godwit.Faults;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.S3.Buckets;

/// <summary>Whether the service encrypts what lies in the bucket by itself, as far as it tells.</summary>
internal sealed class S3Encryption(S3Connection s3)
{
    public async Task<FoundEncryption> FindAsync(CancellationToken ct)
    {
        var found = s3.Knows(S3Questions.Encryption) ? await AskAsync(ct) : new(EncryptionVerdict.Unknown, null,
            s3.Address.Service.Encryption);
        // An address of AWS with an endpoint of its own leads to somebody who may do otherwise.
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

    /// <param name="Algorithm">Null: none, or nobody could tell.</param>
    /// <param name="Why">A clause, when there is none.</param>
    public sealed record FoundEncryption(EncryptionVerdict Verdict, string? Algorithm, string Why);
}
