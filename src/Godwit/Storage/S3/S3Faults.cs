using Godwit.Faults;

namespace Godwit.Storage.S3;

internal static class S3Faults
{
    public static Fault RegionMissing(string store, S3Service service) => new("storage.region_missing", FaultKind.Usage,
        What: $"Cannot find {store}",
        Why: $"{service.Title} has an address for each region, and no region is given: "
            + $"neither --s3-region nor {string.Join(" nor ", service.RegionVariables)} is set",
        Remedy: $"Name the bucket's region, for example --s3-region {service.Regions[0]}. "
            + $"Known regions are {string.Join(", ", service.Regions)}; others are accepted too.");

    public static Fault EndpointMissing(string store, S3Service service) => new(
        "storage.endpoint_missing", FaultKind.Usage,
        What: $"Cannot find {store}",
        Why: $"every customer of {service.Title} has an address of their own, and no address is given: "
            + $"neither --s3-endpoint nor {string.Join(" nor ", service.EndpointVariables)} is set",
        Remedy: "Look up the address in the provider's console, and name it, "
            + $"for example --s3-endpoint {service.EndpointExample}.");

    public static Fault PlainHttp(string endpoint, string host, int port) => new("storage.plain_http", FaultKind.Usage,
        What: $"Cannot use the store at {endpoint}",
        Why: "http is not encrypted, and anyone on the network path could read the whole database",
        Remedy: "Use https. If the service has no https, use a tunnel: "
            + $"`ssh -N -L {port}:127.0.0.1:{port} {host}`, and write s3+http://127.0.0.1:{port}/BUCKET/PREFIX.");

    public static Fault PlaceMalformed(string store, string why) => new("storage.place_malformed", FaultKind.Usage,
        What: $"Cannot find {store}",
        Why: why,
        Remedy: "Give an address like --s3-endpoint https://s3.example.com and a region like --s3-region eu-central-1. "
            + "Without these flags Godwit reads variables "
            + "(S3_ENDPOINT, S3_REGION; for s3:// AWS_ENDPOINT_URL_S3, AWS_REGION) and the profile in ~/.aws. "
            + "`env | grep -E 'S3_|AWS_'` shows the variables.");

    public static Fault ProfileMissing(string profile) => new("storage.profile_missing", FaultKind.Refused,
        What: $"Cannot use the profile '{profile}'",
        Why: "neither ~/.aws/credentials nor ~/.aws/config contains it",
        Remedy: "List the profiles with `aws configure list-profiles`. "
            + "Name one of them with --profile or AWS_PROFILE, or leave both out.");

    public static Fault ProfileUnusable(string profile, string why) => new(
        "storage.profile_unusable", FaultKind.Refused,
        What: $"Cannot use the profile '{profile}'",
        Why: $"it gives no keys ({why})",
        Remedy: "Check it in ~/.aws/config and ~/.aws/credentials. If its single sign-on has expired, log in again: "
            + "`aws sso login --profile PROFILE`.");

    public static Fault ProfileNotStatic(string profile, S3Service service, string endpoint) => new(
        "storage.profile_not_static", FaultKind.Refused,
        What: $"Cannot use the profile '{profile}' at {endpoint}",
        Why: "the profile has no long-lived keys, and Godwit sends keys from a role, a login, "
            + "a helper program or a session token to AWS only",
        Remedy: $"Put the keys that this service made for you into {service.KeyVariables[0].Id} and "
            + $"{service.KeyVariables[0].Key}, or name with --profile a profile that has only "
            + $"aws_access_key_id and aws_secret_access_key. {service.KeysAreMade}");

    public static Fault CreationRegionMissing(string bucket) => new("storage.creation_region_missing", FaultKind.Usage,
        What: $"Cannot create the bucket '{bucket}'",
        Why: "no region is given: AWS would choose us-east-1, and Godwit does not decide where your data may be stored",
        Remedy: "Name a region near the databases, for example --s3-region eu-central-1. "
            + "AWS_REGION or the region of a profile works too.");

    public static Fault WrongRegion(string bucket, string region, string actual, string variables, string ask) => new(
        "storage.wrong_region", FaultKind.Refused,
        What: $"Cannot use the bucket '{bucket}'",
        Why: $"the request was signed for the region {region}, and the bucket is in {actual}",
        Remedy: $"Name the bucket's region with --s3-region REGION or {variables}. `{ask}` shows it.");
}
