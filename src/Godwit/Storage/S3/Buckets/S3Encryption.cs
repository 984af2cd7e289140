using System.Net;
using Amazon.S3.Model;
using Godwit.Storage.Buckets;
using Godwit.Storage.Calls;

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
        var (answer, refusal) = await s3.AskAsync("s3:GetEncryptionConfiguration", (client, token) =>
            client.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = s3.Address.Bucket }, token),
            ct, StoreRetry.CallAttemptsMax);
        if (refusal is not null)
        {
            return S3Errors.IsCode(refusal, "ServerSideEncryptionConfigurationNotFoundError")
                ? new(EncryptionVerdict.Off, null, "it is off")
                : refusal.StatusCode == HttpStatusCode.Forbidden
                ? new(EncryptionVerdict.Refused, null, "they lack s3:GetEncryptionConfiguration")
                : new(EncryptionVerdict.Unknown, null,
                    $"HTTP {(int)refusal.StatusCode} {refusal.ErrorCode}".TrimEnd());
        }

        var algorithm = (answer!.ServerSideEncryptionConfiguration?.ServerSideEncryptionRules ?? [])
            .Select(rule => rule.ServerSideEncryptionByDefault?.ServerSideEncryptionAlgorithm?.Value)
            .FirstOrDefault(found => found is not null);
        return new(algorithm is null ? EncryptionVerdict.Unknown : EncryptionVerdict.On, algorithm,
            algorithm is null ? "it does not say" : "");
    }

    /// <param name="Algorithm">Null: none, or unknown.</param>
    /// <param name="Why">A clause: why there is no algorithm.</param>
    public sealed record FoundEncryption(EncryptionVerdict Verdict, string? Algorithm, string Why);
}
