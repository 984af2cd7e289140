using Godwit.Faults;

namespace Godwit.Assess.Checks.Store;

internal static class StoreFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.store_public", LockedCode];

    public static Finding Public(string store, string why) => new("assess.store_public", Severity.Blocker,
        What: $"Anyone can read {store}",
        Why: $"{why}; the whole database would be stored there during the move",
        Remedy: "Use another bucket, or block all public access to this one, where the service offers that. On AWS: "
            + "aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration "
            + "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true");

    public static Finding PrivacyUnknown(string store, string why) => new("assess.store_privacy_unknown", Severity.Note,
        What: $"Cannot tell whether {store} is private",
        Why: why,
        Remedy: "Check its permissions in the provider's console before the move: "
            + "the whole database is stored there for a while.");

    public static Finding LinkBroken(string store, string why) => new("assess.link_broken", Severity.Blocker,
        What: $"A signed link to {store} does not return its object",
        Why: $"{why}; Heroku fetches the dump through such a link",
        Remedy: "Check --s3-region, --s3-endpoint, and whether the keys may read objects (s3:GetObject). "
            + "On status 403, the store's clock, region or endpoint may also differ from the signed ones.");

    public static Finding LinkOnlyHere(string store, string host) => new("assess.link_loopback", Severity.Blocker,
        What: $"Heroku could not fetch a dump from {store}",
        Why: $"its links point to {host}, which only this machine can reach",
        Remedy: "Use a bucket (--via s3://BUCKET/PREFIX), "
            + "or give this machine's address on the internet with --disk-public-url.");

    public static Finding Leftovers(string store, string count, string oldest, string command) => new(
        "assess.store_leftovers", Severity.Note,
        What: $"{store} holds {count} that never finished",
        Why: $"the oldest began on {oldest}; "
            + "what they sent is not visible, but it takes space, and the provider charges for it",
        Remedy: $"This command lists them, and asks before it deletes them:\n{command}");

    public static Finding EarlierDumps(string store, string count, string size, string runs, string command) => new(
        "assess.store_dumps", Severity.Note,
        What: $"{store} still holds {count} of earlier runs",
        Why: $"{size}, {runs}; anyone who may read the store can read a whole database there",
        Remedy: $"This command lists them, and asks before it deletes them:\n{command}");

    public static Finding Made(string store, string how) => new("assess.store_made", Severity.Note,
        What: $"{store} was created for this run",
        Why: $"it did not exist, and --create-store asks for it: {how}",
        Remedy: "It stays when the run ends, empty, for the next run. "
            + "Delete it at the provider when you no longer need it.");

    public static Finding WouldBeMade(string store) => new("assess.store_would_be_made", Severity.Note,
        What: $"{store} does not exist, and a run would create it",
        Why: "--create-store asks for it; "
            + "whether these keys may create it, and how the service protects it, is known only afterwards",
        Remedy: "");

    public static Finding NotMadeYet(string store) => new("assess.store_not_made_yet", Severity.Note,
        What: $"{store} does not exist, and was not created yet",
        Why: "other findings stop the run, and Godwit creates nothing for a run that stops",
        Remedy: "");

    public static Finding Unencrypted(string store, string why) => new("assess.store_unencrypted", Severity.Note,
        What: $"Objects in {store} may not be encrypted at rest",
        Why: $"{why}; the whole database is stored there for a while",
        Remedy: "Switch on encryption at rest in the provider's console, or with s3api:\n"
            + "aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration "
            + "'{\"Rules\":[{\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"AES256\"}}]}'");

    public static Finding SoftDelete(string store, string why, string remedy) => new(
        "assess.store_soft_delete", Severity.Warning,
        What: $"A dump deleted from {store} would stay there for some days",
        Why: $"Godwit stored and deleted a small test object there, and it is still kept: {why}",
        Remedy: $"Use a bucket without soft delete for the move, or let the dump stay that long. {remedy}");

    public static Finding VersionsStay(string store, string why, string rights) => new(
        "assess.store_versions_stay", Severity.Warning,
        What: $"A dump deleted from {store} would stay there as an old version",
        Why: $"the bucket keeps versions: Godwit stored and deleted a small test object, and it is still kept ({why})",
        Remedy: $"Give the keys {rights}: then the old versions are deleted too. Or use a bucket without versions, "
            + "or one with a lifecycle rule that expires noncurrent versions after a day.");

    /// <summary>Accepting it means that the dump stays in the store.</summary>
    public const string LockedCode = "assess.store_locked";

    public static Finding Locked(string store, string mode, string until) => new(
        "assess.store_locked", Severity.Blocker,
        What: $"Objects in {store} cannot be deleted",
        Why: $"a retention rule of the bucket ({mode}) keeps every object; "
            + $"today's dump, the whole database, would stay there until {until}",
        Remedy: "Use another bucket, or remove the default retention from this one. "
            + "If the dump may stay there that long, accept this finding.");

    public static Finding DeletesTooSoon(string store, string day) => new("assess.store_deletes", Severity.Warning,
        What: $"{store} may delete the dump too soon",
        Why: $"a lifecycle rule of the bucket deletes every object from {day} on, "
            + "which may be before Heroku has fetched the dump",
        Remedy: "Change the rule to a number of days (one is enough), or use another bucket.");

    public static Finding RequesterPays(string store) => new("assess.store_requester_pays", Severity.Note,
        What: $"Downloads from {store} are charged to the requester",
        Why: "the bucket is set to \"requester pays\"; a signed link is fetched at the expense of these keys",
        Remedy: "If the link is refused, turn this setting off during the move:\n"
            + "aws s3api put-bucket-request-payment --bucket BUCKET --request-payment-configuration Payer=BucketOwner");
}
