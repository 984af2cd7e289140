using Godwit.Faults;

namespace Godwit.Storage;

internal static class StorageFaults
{
    public static Fault NoAdapter(string scheme) => new("storage.no_adapter", FaultKind.Usage,
        What: $"Cannot use a store of the kind {scheme}",
        Why: "this version of Godwit has no adapter for it yet; it has s3:// and disk:",
        Remedy: "If the service speaks S3, use --via s3://BUCKET/PREFIX with --s3-endpoint https://ITS-ADDRESS. Otherwise use --via disk:FOLDER.");

    public static Fault AddressMalformed(string address, string why) => new("storage.address_malformed", FaultKind.Usage,
        What: $"Cannot read '{address}' as the address of a store",
        Why: why,
        Remedy: "Write s3://BUCKET, s3://BUCKET/PREFIX or disk:FOLDER, for example --via s3://my-dumps/godwit.");

    public static Fault AddressWithSecret() => new("storage.address_secret", FaultKind.Usage,
        What: "Cannot use the address of the store",
        Why: "it holds an '@', as if keys were written into it, and a command line can be read by every user of this machine",
        Remedy: "Write only s3://BUCKET/PREFIX. Put the keys into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or into a profile named by AWS_PROFILE.");

    public static Fault BadKey(string key, string why) => new("storage.bad_key", FaultKind.Usage,
        What: $"Cannot keep an object under the name '{key}'",
        Why: why,
        Remedy: "Use letters, digits, and single slashes between folders, for example godwit/orders.dump.");

    public static Fault ObjectMissing(string store, string key) => new("storage.object_missing", FaultKind.Refused,
        What: $"Cannot read '{key}' in {store}",
        Why: "there is no object of that name",
        Remedy: "It may have been deleted by a clean-up or by the bucket's own rules. Make the dump again: `godwit resume` does so when a run is unfinished.");

    public static Fault Full(string store, string why) => new("storage.full", FaultKind.Refused,
        What: $"Cannot write into {store}",
        Why: $"it has no room left ({why})",
        Remedy: "Make room or choose another store with --via, then run `godwit resume`. What was written of the unfinished object has been removed.");

    public static Fault DiskForbidden(string store, string path) => new("storage.disk_forbidden", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"this user may not read or write {path}",
        Remedy: "Choose a folder of your own with --via disk:FOLDER, or give this user the right: `chown \"$USER\" FOLDER && chmod 700 FOLDER`.");

    public static Fault DiskUnusable(string store, string why) => new("storage.disk_unusable", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: why,
        Remedy: "Choose another folder with --via disk:FOLDER, on a disk of this machine with room for the whole dump.");

    public static Fault LinkHostNotStarted(string listen, string why) => new("storage.link_host_not_started", FaultKind.Refused,
        What: $"Cannot serve the dump at {listen}",
        Why: why,
        Remedy: "Choose a free address of this machine with --disk-listen, for example --disk-listen 127.0.0.1:0 for any free port.");
}
