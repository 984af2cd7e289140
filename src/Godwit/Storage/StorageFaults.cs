using Godwit.Faults;

namespace Godwit.Storage;

internal static class StorageFaults
{
    public static Fault AddressMalformed(string address, string why) => new(
        "storage.address_malformed", FaultKind.Usage,
        What: $"Cannot read '{address}' as the address of a store",
        Why: why,
        Remedy: "Write the kind of store, a bucket and a prefix, for example s3://my-dumps/godwit; "
            + "s3+https://HOST/BUCKET/PREFIX for any service that speaks S3; or disk:FOLDER.");

    public static Fault AddressWithSecret() => new("storage.address_secret", FaultKind.Usage,
        What: "Cannot use the address of the store",
        Why: "it contains an '@', so it may contain keys, and every user of this machine can read a command line",
        Remedy: "Write only the bucket and the prefix. Put the keys into the environment: AWS_ACCESS_KEY_ID and "
            + "AWS_SECRET_ACCESS_KEY for s3://, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY for other services that "
            + "speak S3, AZURE_STORAGE_KEY for azblob://.");

    public static Fault BadKey(string key, string why) => new("storage.bad_key", FaultKind.Usage,
        What: $"Cannot use '{key}' as the name of an object",
        Why: why,
        Remedy: "Use letters, digits, and single slashes between folders, for example godwit/orders.dump.");

    public static Fault DeletedUnseen(string store, string why) => new("storage.deleted_unseen", FaultKind.Refused,
        What: $"Cannot tell whether {store} keeps deleted objects",
        Why: why,
        Remedy: "Check in the service's own console whether the bucket keeps deleted objects (soft delete, versions), "
            + "and for how long.");

    public static Fault ObjectMissing(string store, string key) => new("storage.object_missing", FaultKind.Refused,
        What: $"Cannot read '{key}' in {store}",
        Why: "there is no object of that name",
        Remedy: "Make the dump again: `godwit resume` does so when a run is unfinished. "
            + "A clean-up or a rule of the bucket may have deleted the object.");

    public static Fault ObjectReplaced(string store, string key) => new("storage.object_replaced", FaultKind.Refused,
        What: $"Cannot read '{key}' in {store} to its end",
        Why: "another object replaced it during the read, and parts of two objects do not fit together",
        Remedy: "Run the command again. It reads the new object from the beginning. If nobody else should write there, "
            + "check who else has keys of that store.");

    public static Fault CutShort(string name, long missingBytes) => new("storage.cut_short", FaultKind.Transient,
        What: $"Cannot read {name} to its end",
        Why: $"the service ended its answer {missingBytes} bytes too early, in every attempt",
        Remedy: "Wait a while, then run the command again. The service, or a proxy on the way, may be overloaded.");

    public static Fault Damaged(string store, string key, string written, string read) => new(
        "storage.damaged", FaultKind.Broken,
        What: $"Cannot trust '{key}' in {store}",
        Why: $"the data written had the checksum {written}, and the data read has {read}",
        Remedy: "Do not restore from it. Read it once more. If the same wrong checksum comes again, "
            + "the object is damaged in the store: make the dump again. "
            + "If not, something between this machine and the store changes bytes.");

    public static Fault RangeIgnored(string store, string key) => new("storage.range_ignored", FaultKind.Broken,
        What: $"Cannot read a range of '{key}' in {store}",
        Why: "the service sends other bytes than Godwit asked for",
        Remedy: "Try without a proxy, because one may be rewriting the requests. Or download the object with the "
            + "service's own program, and use the file.");

    public static Fault Full(string store, string why) => new("storage.full", FaultKind.Refused,
        What: $"Cannot write into {store}",
        Why: $"it has no room for the object ({why})",
        Remedy: "Make room, then run the command again, or `godwit resume` for a migration. Or start again with "
            + "another store (--via of a migration, --to of a dump). The unfinished object was removed.");

    public static Fault BucketMissing(string bucket, string endpoint) => new(
        "storage.bucket_missing", FaultKind.Refused,
        What: $"Cannot use the bucket '{bucket}'",
        Why: $"{endpoint} has no bucket of that name",
        Remedy: "Check the spelling (--via of a migration, --to of a dump), and that the bucket is at this address, in "
            + "this region and account. With --create-store, a migration or a dump creates it, private and "
            + "encrypted.");

    public static Fault Forbidden(string store, string permission, string rights) => new(
        "storage.forbidden", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"the service accepts the keys, but they lack the permission {permission}",
        Remedy: $"{rights} Or use other keys.");

    public static Fault CredentialsMissing(
        string store, string places, string id, string key, string keysAreMade) => new(
            "storage.credentials_missing", FaultKind.Refused,
            What: $"Cannot sign requests to {store}",
            Why: $"no keys were found in any of these places: {places}",
            Remedy: $"Put the keys into {id} and {key}, or into a profile named with --profile. {keysAreMade}");

    public static Fault MarkerStays(string store, string key, int versions) => new(
        "storage.marker_stays", FaultKind.Refused,
        What: $"Cannot remove the delete marker of '{key}' in {store}",
        Why: $"old versions of the object still exist ({versions}), and without the marker the newest one could be "
            + "read again",
        Remedy: "Give the keys the right s3:DeleteObjectVersion, or wait until no rule of the bucket keeps these "
            + "versions; then run `godwit cleanup` again.");

    public static Fault CredentialsRefused(string store, string said, string variables, string keysAreMade) => new(
        "storage.credentials_refused", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"the service does not accept the keys ({said})",
        Remedy: $"Check {variables}, or the profile that was named. The keys are wrong, belong to another service, or "
            + $"have expired. {keysAreMade}");

    public static Fault ClockSkewed(string store, string skew) => new("storage.clock_skewed", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"this machine's clock is {skew} the service's, and signatures contain the time",
        Remedy: "Set the clock: `sudo timedatectl set-ntp true`, or `sudo date -u -s '...'` on a machine without "
            + "network time. Then run the command again, or `godwit resume` for a migration.");

    public static Fault UnknownHost(string store, string endpoint) => new("storage.unknown_host", FaultKind.Refused,
        What: $"Cannot reach {store}",
        Why: $"the name of its service ({endpoint}) is not known to DNS",
        Remedy: "Check the spelling of the address, of the region, and of the endpoint if you gave one. If a service "
            + "that speaks S3 has no host name for each bucket, add --s3-path-style true.");

    public static Fault Unreachable(string store, string endpoint, string why) => new(
        "storage.unreachable", FaultKind.Transient,
        What: $"Cannot reach {store}",
        Why: $"the connection to {endpoint} failed ({why})",
        Remedy: "Check this machine's network, proxy and firewall, and the port if you gave one. Then run the "
            + "command again, or `godwit resume` for a migration.");

    public static Fault Silent(string store, string endpoint, string why) => new("storage.silent", FaultKind.Transient,
        What: $"Cannot continue with {store}",
        Why: $"{endpoint} does not answer ({why})",
        Remedy: "Wait a while, then run the command again, or `godwit resume` for a migration. "
            + "The service or the network is overloaded or down.");

    public static Fault TlsRefused(string endpoint, string why) => new("storage.tls_refused", FaultKind.Refused,
        What: $"Cannot connect to {endpoint} securely",
        Why: $"its certificate was not accepted ({why})",
        Remedy: "Check the name of the service in the address or the endpoint you gave. "
            + "If the service has a certificate authority of its own, add it to this machine: "
            + "copy it to /usr/local/share/ca-certificates/ and run `sudo update-ca-certificates`.");

    public static Fault Unavailable(string store, string said) => new("storage.unavailable", FaultKind.Transient,
        What: $"Cannot use {store} for now",
        Why: $"the service kept failing after several attempts ({said})",
        Remedy: "Look at the provider's status page, wait a few minutes, then run the command again, or `godwit "
            + "resume` for a migration.");

    public static Fault Failed(string store, string said, string permission) => new("storage.failed", FaultKind.Broken,
        What: $"Cannot use {store}",
        Why: $"a request ({permission}) failed with an error that Godwit does not know ({said})",
        Remedy: "Look up the error in the provider's documentation. If it looks like Godwit's mistake, report it with "
            + "this text.");

    public static Fault SizeDiffers(string store, string key, long sentBytes, long foundBytes, bool isDeleted) => new(
        "storage.size_differs", FaultKind.Broken,
        What: $"Cannot trust '{key}' in {store}",
        Why: $"{sentBytes} bytes were sent and acknowledged, and the service now says it has {foundBytes}",
        Remedy: Spoiled(isDeleted)
            + "Choose another name or prefix, and run again: something else may be writing to the same key.");

    public static Fault ChecksumDiffers(string store, string key, string sent, string found, bool isDeleted) => new(
        "storage.checksum_differs", FaultKind.Broken,
        What: $"Cannot trust '{key}' in {store}",
        Why: $"the data sent has the checksum {sent}, and the object in the store has {found}",
        Remedy: Spoiled(isDeleted) + "Choose another name or prefix, and run again: "
            + "the service lost or changed something, or something else writes to the same key.");

    public static Fault UploadReplaced(string store, string key) => new("storage.upload_replaced", FaultKind.Refused,
        What: $"Cannot trust '{key}' in {store}",
        Why: "the object there is not the one that this command sent: somebody else stored another one under the "
            + "same name",
        Remedy: "Make sure that only one command writes to that name, then run this one again; or choose another name. "
            + "Nothing was deleted, because the object may be somebody's good dump.");

    public static Fault PartsForgotten(string store, string key, string said) => new(
        "storage.parts_forgotten", FaultKind.Broken,
        What: $"Cannot finish the upload of '{key}' to {store}",
        Why: $"the service acknowledged every part, and now says that it does not have them ({said})",
        Remedy: "Run the command again; if it happens twice, ask the provider, or choose another store. "
            + "No object was created, and the remaining parts were removed.");

    public static Fault PartsStay(string store, string key, int times) => new("storage.parts_stay", FaultKind.Broken,
        What: $"Cannot remove the parts of the unfinished upload of '{key}' from {store}",
        Why: $"the service still lists them after it was asked {times} times to remove them",
        Remedy: "Look for them in a while, and remove them with the provider's own tools. "
            + "No reader sees them, but they contain data and cost money.");

    public static Fault UploadRemoved(string store, string key) => new("storage.upload_removed", FaultKind.Refused,
        What: $"Cannot continue the upload of '{key}' to {store}",
        Why: "the upload was removed before its end: by another Godwit that writes to the same name or cleans up, "
            + "or by a rule of the bucket that ends unfinished uploads",
        Remedy: "Make sure that only one command writes to that name, then run this one again; or choose another name. "
            + "Nothing of the upload is left to remove.");

    public static Fault DiskForbidden(string store, string said) => new("storage.disk_forbidden", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"this user has no right to read or write there ({said})",
        Remedy: "Choose a folder of your own, or give this user the right: `chown \"$USER\" FOLDER && chmod 700 "
            + "FOLDER`.");

    public static Fault DiskUnusable(string store, string why) => new("storage.disk_unusable", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: why,
        Remedy: "Choose another folder (--via of a migration, --to of a dump), on a disk of this machine with room "
            + "for the whole dump.");

    public static Fault LinkHostNotStarted(string listen, string why) => new(
        "storage.link_host_not_started", FaultKind.Refused,
        What: $"Cannot serve the dump at {listen}",
        Why: why,
        Remedy: "Choose a free address of this machine with --disk-listen, for example --disk-listen 127.0.0.1:0 "
            + "for any free port.");

    internal static string Spoiled(bool isDeleted) => isDeleted
        ? "The object was deleted, so that nobody restores from it. "
        : "Do not restore from the object, which could not be deleted. ";
}
