using Amazon.Runtime;
using Amazon.S3.Model;
using Godwit.Faults;

namespace Godwit.Storage.S3;

/// <summary>Whether the service encrypts what lies in the bucket by itself, as far as it tells.</summary>
internal sealed class S3Encryption(S3Connection s3)
{
    public async Task<FoundEncryption> FindAsync(CancellationToken ct)
    {
        try
        {
            var answer = await s3.CallAsync("s3:GetEncryptionConfiguration", null, (client, attempt) =>
                client.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = s3.Address.Bucket }, attempt.Token), ct);
            var algorithm = (answer.ServerSideEncryptionConfiguration?.ServerSideEncryptionRules ?? [])
                .Select(rule => rule.ServerSideEncryptionByDefault?.ServerSideEncryptionAlgorithm?.Value).FirstOrDefault(found => found is not null);
            return new(algorithm, algorithm is null ? "it does not say" : "");
        }
        catch (FaultException e) when (e.InnerException is AmazonServiceException { StatusCode: not 0 } answer)
        {
            return S3Errors.IsCode(answer, "ServerSideEncryptionConfigurationNotFoundError")
                ? new(null, "it is off") { IsOff = true }
                : new(null, $"HTTP {(int)answer.StatusCode} {answer.ErrorCode}".TrimEnd());
        }
    }

    /// <param name="Algorithm">Null: none, or nobody could tell.</param>
    /// <param name="Why">A clause, when there is none.</param>
    public sealed record FoundEncryption(string? Algorithm, string Why)
    {
        /// <summary>The service says that it is.</summary>
        public bool IsOff { get; init; }
    }
}
