using Godwit.Faults;

namespace Godwit.Storage.S3;

internal static class S3Faults
{
    public static Fault RegionMissing(string store, S3Service service) => new("storage.region_missing", FaultKind.Usage,
        What: $"Cannot find {store}",
        Why: $"{service.Title} has an address for each region, and nobody said which: "
            + $"neither --s3-region nor {string.Join(" nor ", service.RegionVariables)}",
        Remedy: $"Name the bucket's region, for example --s3-region {service.Regions[0]}. "
            + $"Known are {string.Join(", ", service.Regions)}; others are taken as they are.");

    public static Fault EndpointMissing(string store, S3Service service) => new(
        "storage.endpoint_missing", FaultKind.Usage,
        What: $"Cannot find {store}",
        Why: $"every customer of {service.Title} has an address of their own, and nobody said it: "
            + $"neither --s3-endpoint nor {string.Join(" nor ", service.EndpointVariables)}",
        Remedy: "Look it up in the provider's console, and give it, "
            + $"for example --s3-endpoint {service.EndpointExample}.");

    public static Fault PlainHttp(string endpoint, string host, int port) => new("storage.plain_http", FaultKind.Usage,
        What: $"Cannot use the store at {endpoint}",
        Why: "http is not encrypted, and whoever listens on the way would read the whole database",
        Remedy: "Use https. If the service has none, go to it through a tunnel: "
            + $"`ssh -N -L {port}:127.0.0.1:{port} {host}`, and write s3+http://127.0.0.1:{port}/BUCKET/PREFIX.");

    public static Fault PlaceMalformed(string store, string why) => new("storage.place_malformed", FaultKind.Usage,
        What: $"Cannot find {store}",
        Why: why,
        Remedy: "Give an address like --s3-endpoint https://s3.example.com and a region like --s3-region eu-central-1. "
            + "Without the flags they come from variables "
            + "(S3_ENDPOINT, S3_REGION; for s3:// AWS_ENDPOINT_URL_S3, AWS_REGION) and from the profile of ~/.aws: "
            + "`env | grep -E 'S3_|AWS_'` shows them.");

    public static Fault ProfileMissing(string profile) => new("storage.profile_missing", FaultKind.Refused,
        What: $"Cannot use the profile '{profile}'",
        Why: "neither ~/.aws/credentials nor ~/.aws/config holds it",
        Remedy: "List the profiles there are with `aws configure list-profiles`, "
            + "and name one of them with --profile or AWS_PROFILE, or none.");

    public static Fault ProfileUnusable(string profile, string why) => new(
        "storage.profile_unusable", FaultKind.Refused,
        What: $"Cannot use the profile '{profile}'",
        Why: $"it gives no keys ({why})",
        Remedy: "Look at it in ~/.aws/config and ~/.aws/credentials. After `aws sso login` expired, run it again: "
            + "`aws sso login --profile PROFILE`.");

    public static Fault ProfileNotStatic(string profile, S3Service service, string endpoint) => new(
        "storage.profile_not_static", FaultKind.Refused,
        What: $"Cannot use the profile '{profile}' at {endpoint}",
        Why: "it holds no long-lived keys of its own: what a role, a login, "
            + "a helper program or a session token gives are keys of AWS, and those are shown to AWS alone",
        Remedy: $"Put the keys that this service made for you into {service.KeyVariables[0].Id} and "
            + $"{service.KeyVariables[0].Key}, or name with --profile a profile that holds just "
            + $"aws_access_key_id and aws_secret_access_key. {service.KeysAreMade}");

    public static Fault CreationRegionMissing(string bucket) => new("storage.creation_region_missing", FaultKind.Usage,
        What: $"Cannot make the bucket '{bucket}'",
        Why: "nobody said where: AWS would put it into us-east-1, and where a database may lie is not ours to decide",
        Remedy: "Name a region near the databases, for example --s3-region eu-central-1. "
            + "AWS_REGION or the region of a profile do as well.");

    public static Fault WrongRegion(string bucket, string region, string actual, string variables, string ask) => new(
        "storage.wrong_region", FaultKind.Refused,
        What: $"Cannot use the bucket '{bucket}'",
        Why: $"the request was signed for the region {region}, and the bucket is in {actual}",
        Remedy: $"Name the bucket's region with --s3-region REGION or {variables}. `{ask}` tells it.");
}
