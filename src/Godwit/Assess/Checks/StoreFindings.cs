namespace Godwit.Assess.Checks;

internal static class StoreFindings
{
    /// <summary>How large a dump will be is an estimate.</summary>
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.store_public", "assess.store_full"];

    public static Finding Public(string store, string why) => new("assess.store_public", Severity.Blocker,
        What: $"Everybody can read {store}",
        Why: $"{why}; the whole database would lie there for the time of the move",
        Remedy: "Use another bucket, or close this one: block all public access to it, where the service has such a switch. On AWS: "
            + "aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true");

    public static Finding PrivacyUnknown(string store, string why) => new("assess.store_privacy_unknown", Severity.Note,
        What: $"Nobody could tell whether {store} is private",
        Why: why,
        Remedy: "Look at its permissions in the provider's console before the move: the whole database will lie there for a while.");

    public static Finding LinkBroken(string store, string why) => new("assess.link_broken", Severity.Blocker,
        What: $"A signed link of {store} does not give the object",
        Why: $"{why}; Heroku fetches the dump through such a link",
        Remedy: "If it says 403: the store's clock, region or endpoint may differ from what was signed with, or the keys may not read (s3:GetObject). Check them with --s3-region and --s3-endpoint.");

    public static Finding LinkOnlyHere(string store, string host) => new("assess.link_loopback", Severity.Blocker,
        What: $"Heroku could not fetch a dump from {store}",
        Why: $"its links point to {host}, which only this machine can reach",
        Remedy: "Use a bucket (--via s3://BUCKET/PREFIX), or give the address under which the internet reaches this machine with --disk-public-url.");

    public static Finding Leftovers(string store, string count, string oldest, string advice) => new("assess.store_leftovers", Severity.Note,
        What: $"{store} holds {count} that never ended",
        Why: $"the oldest began on {oldest}; what was sent is visible to nobody, takes room, and a bucket charges for it",
        Remedy: $"{advice}");

    public static Finding Full(string store, string free, string needed) => new("assess.store_full", Severity.Blocker,
        What: $"{store} has no room for the dump",
        Why: $"{free} are free, and the dump will have about {needed}",
        Remedy: "Make room, or name another store with --via. A bucket has no such limit.");
}
