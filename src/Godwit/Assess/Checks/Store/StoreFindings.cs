using Godwit.Faults;

namespace Godwit.Assess.Checks.Store;

internal static class StoreFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.store_public", LockedCode];

    public static Finding Public(string store, string why) => new("assess.store_public", Severity.Blocker,
        What: $"Everybody can read {store}",
        Why: $"{why}; the whole database would lie there for the time of the move",
        Remedy: "Use another bucket, or close this one: "
            + "block all public access to it, where the service has such a switch. On AWS: "
            + "aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration "
            + "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true");

    public static Finding PrivacyUnknown(string store, string why) => new("assess.store_privacy_unknown", Severity.Note,
        What: $"Nobody could tell whether {store} is private",
        Why: why,
        Remedy: "Look at its permissions in the provider's console before the move: "
            + "the whole database will lie there for a while.");

    public static Finding LinkBroken(string store, string why) => new("assess.link_broken", Severity.Blocker,
        What: $"A signed link of {store} does not give the object",
        Why: $"{why}; Heroku fetches the dump through such a link",
        Remedy: "If it says 403: the store's clock, region or endpoint may differ from what was signed with, "
            + "or the keys may not read (s3:GetObject). Check them with --s3-region and --s3-endpoint.");

    public static Finding LinkOnlyHere(string store, string host) => new("assess.link_loopback", Severity.Blocker,
        What: $"Heroku could not fetch a dump from {store}",
        Why: $"its links point to {host}, which only this machine can reach",
        Remedy: "Use a bucket (--via s3://BUCKET/PREFIX), "
            + "or give the address under which the internet reaches this machine with --disk-public-url.");

    public static Finding Leftovers(string store, string count, string oldest, string command) => new(
        "assess.store_leftovers", Severity.Note,
        What: $"{store} holds {count} that never ended",
        Why: $"the oldest began on {oldest}; "
            + "what was sent is visible to nobody, takes room, and a bucket charges for it",
        Remedy: $"See what is left, and have it removed after a question:\n{command}");

    public static Finding EarlierDumps(string store, string count, string size, string runs, string command) => new(
        "assess.store_dumps", Severity.Note,
        What: $"{store} still holds {count} of earlier runs",
        Why: $"{size}, {runs}; whoever may read the store may read a whole database there",
        Remedy: $"See them, and have them removed after a question:\n{command}");

    public static Finding Made(string store, string how) => new("assess.store_made", Severity.Note,
        What: $"{store} was made for this run",
        Why: $"it was not there, and --create-store asked for it: {how}",
        Remedy: "It stays when the run ends, empty, for the next one. "
            + "Remove it at the service when you need it no more.");

    public static Finding WouldBeMade(string store) => new("assess.store_would_be_made", Severity.Note,
        What: $"{store} does not exist, and would be made",
        Why: "--create-store asks for it; "
            + "whether these keys may make it, and what the service then offers, shows only when it is done",
        Remedy: "");

    public static Finding NotMadeYet(string store) => new("assess.store_not_made_yet", Severity.Note,
        What: $"{store} does not exist, and was not made yet",
        Why: "what else was found stops the run, and nothing is made for a run that stops",
        Remedy: "");

    public static Finding Unencrypted(string store, string why) => new("assess.store_unencrypted", Severity.Note,
        What: $"What lies in {store} may not be encrypted at rest",
        Why: $"{why}; the whole database will lie there for a while",
        Remedy: "Switch on encryption at rest in the provider's console, or with s3api:\n"
            + "aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration "
            + "'{\"Rules\":[{\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"AES256\"}}]}'");

    public static Finding SoftDelete(string store, string why, string remedy) => new(
        "assess.store_soft_delete", Severity.Warning,
        What: $"A dump deleted from {store} would stay there for some days",
        Why: $"the small object that was put there and deleted is still kept: {why}",
        Remedy: $"Use a bucket without soft delete for the move, or let the dump stay so long. {remedy}");

    public static Finding VersionsStay(string store, string why, string rights) => new(
        "assess.store_versions_stay", Severity.Warning,
        What: $"A dump deleted from {store} would stay there as an old version",
        Why: $"the bucket keeps versions, and the small object that was put there and deleted is still kept ({why})",
        Remedy: $"Give the keys {rights}: then the old versions are deleted too. Or use a bucket without versions, "
            + "or one with a lifecycle rule that expires noncurrent versions after a day.");

    /// <summary>Accepting it means that the dump stays in the store.</summary>
    public const string LockedCode = "assess.store_locked";

    public static Finding Locked(string store, string mode, string until) => new(
        "assess.store_locked", Severity.Blocker,
        What: $"What is put into {store} cannot be deleted",
        Why: $"the bucket keeps every object by a rule ({mode}); "
            + $"a dump of today, the whole database, would lie there until {until}",
        Remedy: "Use another bucket, or take the default retention away from this one. "
            + "If the dump may stay there so long, accept it.");

    public static Finding DeletesTooSoon(string store, string day) => new("assess.store_deletes", Severity.Warning,
        What: $"{store} deletes what lies in it",
        Why: $"a lifecycle rule of the bucket deletes everything as of {day}, "
            + "which may be before Heroku has fetched the dump",
        Remedy: "Change the rule to a number of days (one is enough), or use another bucket.");

    public static Finding RequesterPays(string store) => new("assess.store_requester_pays", Severity.Note,
        What: $"Who fetches from {store} is to pay for it",
        Why: "the bucket is set to \"requester pays\"; the signed link is fetched in the name of these keys",
        Remedy: "If the link is refused, switch it off for the time of the move:\n"
            + "aws s3api put-bucket-request-payment --bucket BUCKET --request-payment-configuration Payer=BucketOwner");
}
