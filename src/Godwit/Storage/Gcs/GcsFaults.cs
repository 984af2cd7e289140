using Godwit.Faults;

namespace Godwit.Storage.Gcs;

internal static class GcsFaults
{
    public static Fault CredentialsMissing(string looked) => new("storage.gcs_credentials_missing", FaultKind.Refused,
        What: "Cannot sign requests to Google Cloud Storage",
        Why: $"no credentials were found: {looked}",
        Remedy: "Set GOOGLE_APPLICATION_CREDENTIALS to the path of a service account's key file, which "
            + "`gcloud iam service-accounts keys create KEY.json --iam-account=ACCOUNT` makes; or set GS_ACCESS_KEY_ID "
            + "and GS_SECRET_ACCESS_KEY to the HMAC key that `gcloud storage hmac create ACCOUNT` prints.");

    public static Fault KeysIncomplete(string set, string missing) => new(
        "storage.gcs_keys_incomplete", FaultKind.Refused,
        What: "Cannot sign requests to Google Cloud Storage",
        Why: $"{set} is set but {missing} is not, and an HMAC key needs both",
        Remedy: $"Set {missing} too, or unset {set}. "
            + "`gcloud storage hmac create ACCOUNT` creates a key and prints both; Google shows the secret only once.");

    public static Fault KeyFileMissing(string path) => new("storage.gcs_key_file_missing", FaultKind.Refused,
        What: $"Cannot read the Google credentials in {path}",
        Why: "there is no such file",
        Remedy: "Check the path in GOOGLE_APPLICATION_CREDENTIALS. "
            + "A relative path starts at the folder that Godwit runs in.");

    public static Fault KeyFileUnreadable(string path) => new("storage.gcs_key_file_unreadable", FaultKind.Refused,
        What: $"Cannot read the Google credentials in {path}",
        Why: "this user may not read it, or it is not a file",
        Remedy: "Check it with `ls -l`, and let this user read it: `chown \"$USER\" FILE && chmod 600 FILE`.");

    public static Fault KeyFileMalformed(string path, string why) => new(
        "storage.gcs_key_file_malformed", FaultKind.Refused,
        What: $"Cannot use the Google credentials in {path}",
        Why: why,
        Remedy: "Use the file exactly as Google created it. If it is lost or was changed, create another key: "
            + "`gcloud iam service-accounts keys create KEY.json --iam-account=ACCOUNT`.");

    public static Fault CannotSign(string path, string type) => new("storage.gcs_cannot_sign", FaultKind.Refused,
        What: $"Cannot use the Google credentials in {path}",
        Why: $"credentials of the type {type} give tokens but contain no key, "
            + "and Godwit needs a key to sign the link that Heroku downloads from",
        Remedy: "Set GOOGLE_APPLICATION_CREDENTIALS to a service account's key file (`gcloud iam service-accounts keys "
            + "create KEY.json --iam-account=ACCOUNT`), "
            + "or GS_ACCESS_KEY_ID and GS_SECRET_ACCESS_KEY to an HMAC key (`gcloud storage hmac create ACCOUNT`). "
            + "Where the organization forbids key files, HMAC keys may still be allowed.");

    public static Fault KeyRefused(string account, string path, string said) => new(
        "storage.gcs_key_refused", FaultKind.Refused,
        What: $"Cannot get a token for the service account {account}",
        Why: $"Google does not accept the key in {path} ({said})",
        Remedy: "Look at the account's keys: "
            + $"`gcloud iam service-accounts keys list --iam-account={account}`. "
            + $"Create another one: `gcloud iam service-accounts keys create KEY.json --iam-account={account}`, "
            + "and set GOOGLE_APPLICATION_CREDENTIALS to its path. "
            + "The key may be deleted or expired, or the account disabled.");

    public static Fault BucketMissing(string bucket) => new("storage.gcs_bucket_missing", FaultKind.Refused,
        What: $"Cannot use the bucket '{bucket}'",
        Why: "Google Cloud Storage has no bucket of that name",
        Remedy: "Check the spelling (--via of a migration, --to of a dump). To create the bucket near the databases: "
            + $"`gcloud storage buckets create gs://{bucket} --location=LOCATION --uniform-bucket-level-access "
            + "--public-access-prevention --soft-delete-duration=0`.");

    public static Fault Forbidden(string store, string bucket, string account, string permission) => new(
        "storage.gcs_forbidden", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"Google accepts the credentials, but {account} lacks the permission {permission}",
        Remedy: "Give it the right to store objects there: `gcloud storage buckets add-iam-policy-binding "
            + $"gs://{bucket} --member=serviceAccount:ACCOUNT --role=roles/storage.objectAdmin`. "
            + "The change takes a minute or two. If the bucket belongs to somebody else, choose another name: "
            + "names are unique among all customers.");

    public static Fault KeysRefused(string store, string said) => new("storage.gcs_keys_refused", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"Google does not accept the HMAC key ({said})",
        Remedy: "Check GS_ACCESS_KEY_ID and GS_SECRET_ACCESS_KEY (or S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY): "
            + "the secret may be wrong, or the key inactive or deleted. "
            + "Look at the keys: `gcloud storage hmac list`. "
            + "Create a new one: `gcloud storage hmac create ACCOUNT`.");

    public static Fault TokenRefused(string store, string account, string said) => new(
        "storage.gcs_token_refused", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"Google Cloud Storage does not accept the tokens that Google issued for {account} ({said})",
        Remedy: "Check whether the account was just disabled or deleted: "
            + "`gcloud iam service-accounts describe ACCOUNT`. "
            + "A proxy on the way must pass on the Authorization header.");

    public static Fault RequesterPays(string store) => new("storage.gcs_requester_pays", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: "every request to the bucket must name a project that pays for it, and a link cannot name one",
        Remedy: "Use a bucket whose owner pays, or change this one: "
            + "`gcloud storage buckets update gs://BUCKET --no-requester-pays`.");

    public static Fault BillingProblem(string store, string said) => new("storage.gcs_billing", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"the project that pays for it has no working billing account ({said})",
        Remedy: "Look at the project's billing: `gcloud billing projects describe PROJECT`. "
            + "Link an account to it, or use a bucket of another project.");

    public static Fault CannotCreate(string bucket, string credentials) => new(
        "storage.gcs_cannot_create", FaultKind.Refused,
        What: $"Cannot create the bucket '{bucket}'",
        Why: "a new bucket must belong to a project and be private from the start, "
            + $"and Godwit cannot set both with {credentials}",
        Remedy: "Create it yourself and leave out --create-store: "
            + $"`gcloud storage buckets create gs://{bucket} --project=PROJECT --location=LOCATION "
            + "--uniform-bucket-level-access --public-access-prevention --soft-delete-duration=0`. "
            + "Or set GOOGLE_APPLICATION_CREDENTIALS to the key file of an account with roles/storage.admin.");

    public static Fault LocationMissing(string bucket) => new("storage.gcs_location_missing", FaultKind.Usage,
        What: $"Cannot create the bucket '{bucket}'",
        Why: "no location is given: Google would choose the United States, "
            + "and Godwit does not decide where your data may be stored",
        Remedy: "Name a region near the databases, for example --gs-location europe-west1, or a group of regions: "
            + "--gs-location EU, --gs-location US.");

    /// <summary>How to deal with an object that soft delete keeps. Objects that are already deleted stay.
    /// https://cloud.google.com/storage/docs/disable-soft-delete</summary>
    public static string UntilSoftDeleteEnds(string bucket) =>
        "The deleted object cannot be removed earlier. To have the next dump removed at once, run:\n"
        + $"gcloud storage buckets update gs://{bucket} --clear-soft-delete";

    public static Fault Retained(string store, string key, string said) => new(
        "storage.gcs_retained", FaultKind.Refused,
        What: $"Cannot replace or delete '{key}' in {store}",
        Why: $"a retention policy or a hold protects the object ({said})",
        Remedy: "Use a bucket without a retention policy and without holds, "
            + "so that a dump can be deleted after the move. "
            + "See the settings: `gcloud storage buckets describe gs://BUCKET "
            + "--format='default(retention_policy,default_event_based_hold)'`.");
}
