using Godwit.Faults;

namespace Godwit.Storage;

internal static class AzureBlobFaults
{
    public static Fault AddressMalformed(string address, string why) => new(
        "storage.azure_address_malformed", FaultKind.Usage,
        What: $"Cannot read '{address}' as an address in Azure Blob Storage",
        Why: why,
        Remedy: "Write azblob://ACCOUNT/CONTAINER or azblob://ACCOUNT/CONTAINER/PREFIX, for example "
            + "azblob://contosodumps/godwit. An endpoint of your own goes into --azure-endpoint.");

    public static Fault ConnectionStringMalformed(string why) => new("storage.azure_connection_string", FaultKind.Usage,
        What: "Cannot read the connection string in AZURE_STORAGE_CONNECTION_STRING",
        Why: why,
        Remedy: "Copy the whole string from Azure: `export AZURE_STORAGE_CONNECTION_STRING=\"$(az storage account "
            + "show-connection-string --name ACCOUNT --query connectionString -o tsv)\"`. Or unset it and use "
            + "AZURE_STORAGE_KEY or `az login`.");

    public static Fault KeyMalformed(string account, string origin) => new(
        "storage.azure_key_malformed", FaultKind.Usage,
        What: $"Cannot sign requests to the storage account {account}",
        Why: $"the key in {origin} is not in Base64, so it is not a complete key",
        Remedy: "Copy the whole key from Azure: `export AZURE_STORAGE_KEY=\"$(az storage account keys list "
            + $"--account-name {account} --query '[0].value' -o tsv)\"`.");

    public static Fault OtherAccount(string store, string account, string said, string origin) => new(
        "storage.azure_other_account", FaultKind.Usage,
        What: $"Cannot use {store}",
        Why: $"{origin} names the account {said}, but the address names {account}",
        Remedy: $"Write the account {said} into the address, or set credentials of {account} (and set "
            + "AZURE_STORAGE_ACCOUNT to it, or unset it).");

    public static Fault CredentialsMissing(string store) => new("storage.azure_credentials_missing", FaultKind.Refused,
        What: $"Cannot sign requests to {store}",
        Why: "none of AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY and AZURE_STORAGE_SAS_TOKEN is set, "
            + "and no login at Microsoft Entra was found "
            + "in AZURE_TENANT_ID with AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH, "
            + "in a workload identity (AZURE_FEDERATED_TOKEN_FILE), "
            + "in a managed identity of this machine, in `az`, in Azure PowerShell or in `azd`",
        Remedy: "Run `az login` (the account then needs the roles that docs/stores/azblob.md lists), "
            + "or set the account's key: "
            + "`export AZURE_STORAGE_KEY=\"$(az storage account keys list --account-name ACCOUNT --query "
            + "'[0].value' -o tsv)\"`.");

    public static Fault LoginRefused(string store, string said) => new("storage.azure_login_refused", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"Microsoft Entra issued no token for it ({said})",
        Remedy: "Log in again with `az login` (a login ends after some weeks, or sooner if your organization "
            + "says so), or check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.");

    public static Fault TokenNeedsTls(string store, string endpoint) => new(
        "storage.azure_token_needs_tls", FaultKind.Usage,
        What: $"Cannot use {store} with a login at Microsoft Entra",
        Why: $"its endpoint {endpoint} does not use TLS, and anyone who intercepts the token can use it",
        Remedy: "Set an https:// address with --azure-endpoint, or a key in AZURE_STORAGE_KEY: a key never leaves "
            + "this machine.");

    public static Fault CredentialsRefused(string store, string account, string origin, string said) => new(
        "storage.azure_credentials_refused", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"the service does not accept the credentials in {origin} ({said})",
        Remedy: "A key may have been rotated, cut short, or belong to another account: "
            + $"`az storage account keys list --account-name {account}` shows the two valid keys. "
            + "A SAS may have expired (se=), not be valid yet (st=), "
            + "or be signed with a key that was rotated since.");

    public static Fault TokenRefused(string store, string account, string said) => new(
        "storage.azure_token_refused", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"the service does not accept the token of the login at Microsoft Entra ({said})",
        Remedy: "The login may belong to another tenant than the account. Compare `az account show` with "
            + $"`az storage account show --name {account}`, then log in with `az login --tenant "
            + "TENANT`.");

    public static Fault RoleMissing(string store, string account, string doing) => new(
        "storage.azure_role_missing", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"the service accepts the login at Microsoft Entra, but the login may not {doing}",
        Remedy: "Give the login the role Storage Blob Data Contributor, and for signed links also Storage Blob "
            + "Delegator: `az role assignment create --role \"Storage Blob Data Contributor\" --assignee WHO --scope "
            + $"\"$(az storage account show --name {account} --query id -o tsv)\"`, "
            + "and the same with \"Storage Blob Delegator\". A new role takes effect after some minutes. "
            + "Owner or Contributor of the account is not enough: the data has roles of its own.");

    public static Fault SasTooNarrow(
        string store, string account, string container, string origin, string doing) => new(
            "storage.azure_sas_too_narrow", FaultKind.Refused,
            What: $"Cannot use {store}",
            Why: $"the service accepts the SAS in {origin}, but its holder may not {doing}",
            Remedy: "Make a SAS for the container with the permissions racwdl: "
                + $"`az storage container generate-sas --account-name {account} --name {container} --permissions "
                + "racwdl --https-only --expiry 2030-01-31T00:00Z -o tsv` (choose an earlier day).");

    public static Fault Firewall(string store, string account, string said) => new(
        "storage.azure_firewall", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"the account refuses requests from this machine's network, whatever the credentials ({said})",
        Remedy: $"Add this machine's public address: `az storage account network-rule add --account-name {account} "
            + "--ip-address ADDRESS`, or run Godwit where the account's private endpoint can be reached. "
            + "Heroku fetches the dump from addresses of its own, so the account must be open to those as well, "
            + "or the restore fails.");

    public static Fault KeysOff(string store, string account, string origin) => new(
        "storage.azure_keys_off", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"the account accepts neither keys nor anything signed with them, and {origin} holds one of these",
        Remedy: $"Unset {origin} and log in with `az login`; links are then signed through the login. Or allow keys: "
            + $"`az storage account update --name {account} --allow-shared-key-access true`.");

    public static Fault AccountUnknown(string store, string account, string host) => new(
        "storage.azure_account_unknown", FaultKind.Refused,
        What: $"Cannot reach {store}",
        Why: $"there is no storage account {account}: DNS does not know {host}",
        Remedy: "Check its spelling: `az storage account list --query '[].name' -o tsv`. If it is in another cloud "
            + "than the public one, or behind a private endpoint, name its endpoint with --azure-endpoint, "
            + "for example --azure-endpoint https://ACCOUNT.blob.core.usgovcloudapi.net.");

    public static Fault AccountDisabled(string store, string account) => new(
        "storage.azure_account_disabled", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"the storage account {account} is disabled, perhaps because its subscription is",
        Remedy: "Check the subscription (`az account show --query state`): it may have reached its spending "
            + "limit, or be unpaid. Or use another account.");

    public static Fault ContainerMissing(string store, string account, string container) => new(
        "storage.azure_container_missing", FaultKind.Refused,
        What: $"Cannot use {store}",
        Why: $"the account {account} has no container '{container}'",
        Remedy: $"Check the spelling, or make a private container: `az storage container create --account-name "
            + $"{account} --name {container} --public-access off`, or let Godwit make it with --create-store. A "
            + "container that was just deleted can be made again after half a minute.");

    public static Fault Leased(string store, string account, string container, string blob) => new(
        "storage.azure_leased", FaultKind.Refused,
        What: $"Cannot change '{blob}' in {store}",
        Why: "somebody holds a lease on the blob",
        Remedy: $"Wait until the lease ends, or break it: `az storage blob lease break --account-name {account} "
            + $"--container-name {container} --blob-name '{blob}'`.");

    public static Fault Immutable(string store, string account, string container) => new(
        "storage.azure_immutable", FaultKind.Refused,
        What: $"Cannot replace or delete an object in {store}",
        Why: "an immutability policy of the container forbids it",
        Remedy: "Use a container without such a policy: a dump must be deleted after the move. See the policy with `az "
            + $"storage container immutability-policy show --account-name {account} --container-name {container}`.");

    /// <summary>How to remove a blob that soft delete keeps.
    /// https://learn.microsoft.com/en-us/azure/storage/blobs/soft-delete-blob-manage</summary>
    public static string UntilSoftDeleteEnds(string account, string container, string blob) =>
        "To remove it earlier, switch soft delete off (then the next dump is gone at once), restore the blob, and "
        + "delete it again:\n"
        + $"az storage account blob-service-properties update --account-name {account} "
        + "--enable-delete-retention false\n"
        + $"az storage blob undelete --account-name {account} --container-name {container} --name '{blob}'\n"
        + $"az storage blob delete --account-name {account} --container-name {container} --name '{blob}'";

    public static Fault ForeignBlocks(string store, string account, string container, string blob) => new(
        "storage.azure_foreign_blocks", FaultKind.Refused,
        What: $"Cannot upload '{blob}' to {store}",
        Why: "another program left an unfinished upload under that name, and its blocks do not fit Godwit's",
        Remedy: "Choose another name or prefix. Or end that upload and delete it: `az storage blob upload "
            + $"--account-name {account} --container-name {container} --name '{blob}' --data x --overwrite`, "
            + $"then `az storage blob delete --account-name {account} --container-name {container} --name '{blob}'`. "
            + "Azure deletes such blocks after a week.");

    public static Fault BlocksGone(string store, string blob) => new("storage.azure_blocks_gone", FaultKind.Broken,
        What: $"Cannot finish '{blob}' in {store}",
        Why: "the service no longer has all of the blocks that it had acknowledged",
        Remedy: "Choose another name or prefix, and run again. Somebody else wrote to the same name during the "
            + "upload, which discards the blocks of every other upload, or the service lost blocks. This upload "
            + "changed nothing.");

    public static Fault BlocksDiffer(string store, string key, bool isDeleted) => new(
        "storage.azure_blocks_differ", FaultKind.Broken,
        What: $"Cannot trust '{key}' in {store}",
        Why: "the service lists other blocks for it than were sent, or in another order",
        Remedy: StorageFaults.Spoiled(isDeleted) + "Choose another name or prefix, and run again: "
            + "the service lost or changed something, or another program writes to the same key.");

    public static Fault LinkNeedsKey(string store, string account, string origin, string why) => new(
        "storage.azure_link_needs_key", FaultKind.Refused,
        What: $"Cannot make a link to one object in {store}",
        Why: $"{why}, and a link made with it would give anyone who gets it access to more than this dump",
        Remedy: $"Unset {origin}, and set the account's key instead: `export AZURE_STORAGE_KEY=\"$(az storage account "
            + $"keys list --account-name {account} --query '[0].value' -o tsv)\"`, "
            + "or log in with `az login`. Either can sign a link to a single object. "
            + "A SAS is enough for `godwit dump` and `godwit archive`, which need no link.");
}
