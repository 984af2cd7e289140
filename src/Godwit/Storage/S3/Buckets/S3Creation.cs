using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Godwit.Faults;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.S3.Buckets;

/// <summary>Makes a bucket that is private, encrypted and has rules that delete what was forgotten.</summary>
/// <param name="use">Whether a rule may delete objects.</param>
internal sealed class S3Creation(S3Connection s3, StoreUse use = StoreUse.PassingThrough)
{
    private const string RuleId = "godwit";

    private string Bucket => s3.Address.Bucket;

    public async Task<bool> ExistsAsync(CancellationToken ct)
    {
        try
        {
            await s3.CallAsync("s3:ListBucket", null, (client, attempt) =>
                client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, MaxKeys = 1 }, attempt.Token),
                ct);
            return true;
        }
        catch (FaultException e) when (Is(e, "NoSuchBucket"))
        {
            return false;
        }
        catch (FaultException e) when (Is(e, "InvalidBucketName"))
        {
            throw BadName(e);
        }
        // A missing bucket gives 404 to everybody, so 403 means that the name is taken.
        catch (FaultException e) when (e.Fault.Code == "storage.forbidden")
        {
            throw new FaultException(CreationFaults.Taken(S3BucketName.Kind, Bucket, s3.Endpoint), e);
        }
    }

    public async Task<StoreCreation> CreateAsync(CancellationToken ct)
    {
        // Making one's own bucket again is an error at most services, and resets its access list in one region of AWS.
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html (BucketAlreadyOwnedByYou)
        if (await ExistsAsync(ct))
            return new(false);
        await MakeAsync(ct);
        try
        {
            return await ProtectAsync(ct);
        }
        catch (Exception e)
        {
            var left = await RemoveAsync();
            if (e is FaultException { InnerException: not null } fault)
                throw new FaultException(CreationFaults.NotClosed(S3BucketName.Kind, Bucket,
                    $"{fault.Fault.What}: {fault.Fault.Why}", left), e);
            if (e is OpenToAllException open)
                throw new FaultException(CreationFaults.NotClosed(S3BucketName.Kind, Bucket, open.Message, left), e);
            throw;
        }
    }

    private async Task MakeAsync(CancellationToken ct)
    {
        if (S3BucketName.Problem(Bucket) is not null)
            throw BadName(null);
        if (s3.IsAws && s3.IsRegionGuessed)
            throw new FaultException(S3Faults.CreationRegionMissing(Bucket));
        try
        {
            await s3.CallAsync("s3:CreateBucket", null,
                (client, attempt) => client.PutBucketAsync(Request(), attempt.Token), ct);
        }
        catch (FaultException e) when (Is(e, "BucketAlreadyOwnedByYou"))
        {
            // The bucket did not exist a moment ago: an earlier attempt of ours made it and its answer was lost. So it
            // still has to be made private.
        }
        catch (FaultException e) when (Is(e, "BucketAlreadyExists"))
        {
            throw new FaultException(CreationFaults.Taken(S3BucketName.Kind, Bucket, s3.Endpoint), e);
        }
        catch (FaultException e) when (Is(e, "InvalidBucketName"))
        {
            throw BadName(e);
        }
        catch (FaultException e) when (e.Fault.Code == "storage.forbidden")
        {
            throw new FaultException(CreationFaults.MayNotCreate(S3BucketName.Kind, Bucket, "s3:CreateBucket"), e);
        }
    }

    // Without x-amz-acl: a new bucket is private everywhere, and AWS refuses access lists where they are off. Only AWS
    // needs the region in the request, except for its first; at other services the address decides.
    private PutBucketRequest Request()
    {
        var request = new PutBucketRequest { BucketName = Bucket, UseClientRegion = false };
        if (s3.IsAws && s3.Region != S3Options.RegionDefault)
            request.BucketRegionName = s3.Region;
        return request;
    }

    private async Task<StoreCreation> ProtectAsync(CancellationToken ct)
    {
        var protections = new List<string>();
        var notes = new List<string>();
        await BlockAsync(protections, notes, ct);
        var privacy = await new S3Privacy(s3).FindAsync(ct);
        if (privacy.Verdict == PrivacyVerdict.Public)
            throw new OpenToAllException(privacy.Why);
        if (protections.Count == 0 && privacy.Verdict == PrivacyVerdict.Private)
            protections.Add("it is private");
        if (s3.IsAws)
            protections.Add($"it is in {s3.Region}");
        await EncryptAsync(protections, notes, ct);
        await ExpireAsync(protections, notes, ct);
        return new(true) { Protections = protections, Notes = notes };
    }

    private async Task BlockAsync(List<string> protections, List<string> notes, CancellationToken ct)
    {
        var refused = !s3.Knows(S3Questions.PublicAccessBlock) ? "" : await TryAsync(
            "s3:PutBucketPublicAccessBlock", (client, token) => client.PutPublicAccessBlockAsync(
                new PutPublicAccessBlockRequest
                {
                    BucketName = Bucket,
                    PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration
                    {
                        BlockPublicAcls = true, IgnorePublicAcls = true, BlockPublicPolicy = true,
                        RestrictPublicBuckets = true,
                    },
                },
                token), isNeeded: s3.IsAws, ct);
        // A service may take an unknown request for another one and report success.
        refused ??= s3.IsAws ? null : await AskAsync("s3:GetBucketPublicAccessBlock", async (client, token) =>
            (await client.GetPublicAccessBlockAsync(new GetPublicAccessBlockRequest { BucketName = Bucket },
                token)).PublicAccessBlockConfiguration
            is { IgnorePublicAcls: true, RestrictPublicBuckets: true }, ct);
        Tell(refused, "public access to it is blocked", "the service has no switch that blocks public access",
            protections, notes);
    }

    private async Task EncryptAsync(List<string> protections, List<string> notes, CancellationToken ct)
    {
        // AWS encrypts all new buckets, perhaps with a key that an administrator chose.
        var encryption = new S3Encryption(s3);
        if (s3.Knows(S3Questions.Encryption) && (await encryption.FindAsync(ct)).Algorithm is null)
        {
            await TryAsync("s3:PutEncryptionConfiguration", (client, token) => client.PutBucketEncryptionAsync(
                new PutBucketEncryptionRequest
                {
                    BucketName = Bucket,
                    ServerSideEncryptionConfiguration = new ServerSideEncryptionConfiguration
                    {
                        ServerSideEncryptionRules = [new()
                        {
                            ServerSideEncryptionByDefault =
                                new() { ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AES256 },
                        }],
                    },
                },
                token), isNeeded: false, ct);
        }

        var found = await encryption.FindAsync(ct);
        Tell(found.Algorithm is null ? "" : null, $"what lies in it is encrypted at rest ({found.Algorithm})",
            "the service does not say whether it encrypts at rest", protections, notes);
    }

    private async Task ExpireAsync(List<string> protections, List<string> notes, CancellationToken ct)
    {
        // Most services support both rules, some only one.
        var refused = "";
        foreach (var configuration in s3.Knows(S3Questions.Lifecycle) ? [Rules(withVersions: true),
            Rules(withVersions: false)] : Array.Empty<LifecycleConfiguration>())
        {
            refused = await TryAsync(
                "s3:PutLifecycleConfiguration", (client, token) => client.PutLifecycleConfigurationAsync(
                    new PutLifecycleConfigurationRequest { BucketName = Bucket, Configuration = configuration }, token),
                isNeeded: false, ct);
            refused ??= await AskAsync("s3:GetLifecycleConfiguration", async (client, token) =>
                (await client.GetLifecycleConfigurationAsync(
                    new GetLifecycleConfigurationRequest { BucketName = Bucket }, token)).Configuration?.Rules?
                    .Any(rule => IsPassing ? rule.Expiration?.Days == StoreCreation.ObjectDays
                        : rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation == StoreCreation.UploadDays) == true,
                ct);
            if (refused is null)
                break;
        }

        if (IsPassing)
            Tell(refused,
                $"what is named {RulePrefix}… is deleted after {StoreCreation.ObjectDays} days; unfinished "
                + "uploads of it too", "the service takes no rule that deletes what is forgotten", protections, notes);
        else
            Tell(refused, $"unfinished uploads to it are deleted after {StoreCreation.UploadDays} days",
                "the service takes no rule that deletes unfinished uploads", protections, notes);
    }

    private bool IsPassing => use == StoreUse.PassingThrough;

    // Objects that people put beside the dumps of runs under their own names must not be deleted by the rule.
    private string RulePrefix => s3.FullPrefix(IsPassing ? GodwitKeys.Prefix : "");

    // Rules for our prefix only, for the case that others use the bucket later.
    private LifecycleConfiguration Rules(bool withVersions) => new()
    {
        Rules =
        [
            new LifecycleRule
            {
                Id = RuleId,
                Status = LifecycleRuleStatus.Enabled,
                Filter = new LifecycleFilter
                {
                    LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = RulePrefix },
                },
                Expiration = IsPassing ? new LifecycleRuleExpiration { Days = StoreCreation.ObjectDays } : null,
                AbortIncompleteMultipartUpload =
                    new LifecycleRuleAbortIncompleteMultipartUpload { DaysAfterInitiation = StoreCreation.UploadDays },
                NoncurrentVersionExpiration = IsPassing
                    && withVersions ? new LifecycleRuleNoncurrentVersionExpiration { NoncurrentDays = 1 } : null,
            },
        ],
    };

    private static void Tell(string? refused, string done, string missing, List<string> protections, List<string> notes)
    {
        if (refused is null)
            protections.Add(done);
        else
            notes.Add(refused.Length == 0 ? missing : $"{missing} ({refused})");
    }

    /// <param name="isNeeded">The service is known to support the call, so a refusal is a fault.</param>
    /// <returns>Null on success.</returns>
    private async Task<string?> TryAsync(
        string permission, Func<IAmazonS3, CancellationToken, Task> call, bool isNeeded, CancellationToken ct)
    {
        try
        {
            await s3.CallAsync(permission, null, async (client, attempt) =>
            {
                await call(client, attempt.Token);
                return true;
            }, ct);
            return null;
        }
        catch (FaultException e)
            when (!isNeeded && e.InnerException is AmazonServiceException { StatusCode: not 0 } answer)
        {
            return $"HTTP {(int)answer.StatusCode} {answer.ErrorCode}".TrimEnd();
        }
    }

    /// <returns>Null: set; empty: not set; else the service's refusal.</returns>
    private async Task<string?> AskAsync(
        string permission, Func<IAmazonS3, CancellationToken, Task<bool>> isSet, CancellationToken ct)
    {
        var has = false;
        return await TryAsync(permission, async (client, token) => has = await isSet(client, token), isNeeded: false,
            ct) ?? (has ? null : "");
    }

    /// <summary>Removes the bucket that was just made and is empty.</summary>
    /// <returns>A sentence.</returns>
    private async Task<string> RemoveAsync()
    {
        try
        {
            // Ignores the user's token, which may have been cancelled. Each attempt has its own limit.
            await s3.CallAsync("s3:DeleteBucket", null, (client, attempt) =>
                client.DeleteBucketAsync(new DeleteBucketRequest { BucketName = Bucket }, attempt.Token),
                CancellationToken.None);
            return "It was removed again.";
        }
        catch (FaultException e)
        {
            return $"It is empty, and could not be removed again ({e.Fault.Why}): remove it yourself.";
        }
    }

    private FaultException BadName(Exception? cause) =>
        new(CreationFaults.BadName(S3BucketName.Kind, Bucket,
            S3BucketName.Problem(Bucket) ?? "the service does not take it"), cause);

    private static bool Is(FaultException e, string code) =>
        e.InnerException is { } cause && S3Errors.IsCode(cause, code);

#pragma warning disable CA1032, CA1064 // Leaves this class only as the cause of a fault.
    private sealed class OpenToAllException(string why) : Exception(why);
#pragma warning restore CA1032, CA1064
}
