using Amazon.S3.Model;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.S3.Buckets;

/// <summary>Reads the bucket's own rules: encryption, retention, deletion, payment. Few keys have all the rights for
/// it, and few services support every request.</summary>
internal sealed class S3Guards(S3Connection s3)
{
    private const int DaysOfYear = 365;

    private string Bucket => s3.Address.Bucket;

    public async Task<StoreGuards> FindAsync(CancellationToken ct)
    {
        var encryption = await new S3Encryption(s3).FindAsync(ct);
        var keepsVersions = s3.Knows(S3Questions.Versioning) && await new S3Versions(s3).IsOnAsync(ct);
        // Object lock needs versions.
        var locked = keepsVersions
            ? (await s3.AskAsync("s3:GetBucketObjectLockConfiguration", (client, token) =>
                client.GetObjectLockConfigurationAsync(new GetObjectLockConfigurationRequest { BucketName = Bucket },
                    token), ct)).Answer?.ObjectLockConfiguration?.Rule?.DefaultRetention
            : null;
        var payment = (await s3.AskAsync("s3:GetBucketRequestPayment", (client, token) =>
            client.GetBucketRequestPaymentAsync(new GetBucketRequestPaymentRequest { BucketName = Bucket }, token),
            ct)).Answer;
        var lifecycle = s3.Knows(S3Questions.Lifecycle)
            ? (await s3.AskAsync("s3:GetLifecycleConfiguration", (client, token) =>
                client.GetLifecycleConfigurationAsync(new GetLifecycleConfigurationRequest { BucketName = Bucket },
                    token), ct)).Answer
            : null;
        var rules = lifecycle?.Configuration?.Rules ?? [];
        var expirations = rules.Where(IsOfOurs).Select(rule => rule.Expiration)
            .OfType<LifecycleRuleExpiration>().ToList();
        return new(encryption.Verdict)
        {
            EncryptionSaid = encryption.Algorithm ?? encryption.Why,
            Retention = LengthOf(locked) is { } length ? new(locked!.Mode?.Value ?? "", length) : null,
            DeletesAfterDays = expirations.Select(one => one.Days).Where(days => days > 0).Min(),
            DeletesAt = expirations.Select(one => one.Date).Min() is { } date
                ? new DateTimeOffset(date.ToUniversalTime()) : null,
            IsRequesterPaying = payment?.Payer == "Requester",
        };
    }

    private static TimeSpan? LengthOf(DefaultRetention? locked) => locked switch
    {
        { Days: > 0 and var days } => TimeSpan.FromDays(days),
        { Years: > 0 and var years } => TimeSpan.FromDays(years * DaysOfYear),
        _ => null,
    };

    // Rules for tagged or large objects are not counted: they are not meant for ours.
    private bool IsOfOurs(LifecycleRule rule)
    {
        if (rule.Status?.Value != "Enabled")
            return false;
        if (rule.Filter?.LifecycleFilterPredicate is { } predicate and not LifecyclePrefixPredicate)
            return false;
#pragma warning disable CS0618 // Older rules, and some services, have the prefix here.
        var prefix = (rule.Filter?.LifecycleFilterPredicate as LifecyclePrefixPredicate)?.Prefix
            ?? rule.Filter?.Prefix ?? rule.Prefix ?? "";
#pragma warning restore CS0618
        return s3.FullPrefix(GodwitKeys.Prefix).StartsWith(prefix, StringComparison.Ordinal);
    }
}
