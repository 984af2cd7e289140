namespace Godwit.Storage;

/// <summary>Every service that speaks S3 and has its own address scheme. Apart from src/Godwit/Providers/, this is the
/// only file that names providers.</summary>
/// <remarks>All get the same requests: no checksum but Content-MD5 unless an operation demands one, and no signed
/// chunks. Most refuse the additions of newer SDKs. https://github.com/aws/aws-sdk-net/issues/3610</remarks>
public static class S3Services
{
    // For services without variables of their own.
    private static readonly S3KeyVariables Generic = new("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY",
        "S3_SESSION_TOKEN");

    /// <summary>https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html</summary>
    internal static readonly S3KeyVariables OfAws = new("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN");

    /// <summary>https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html</summary>
    public static S3Service Aws { get; } = new()
    {
        Scheme = "s3",
        Title = "Amazon S3",
        Regions =
        [
            "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2",
            "eu-west-3", "eu-central-1", "eu-north-1",
            "eu-south-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2",
            "ap-northeast-3",
        ],
        // Asked in this region, AWS names the region of every bucket.
        SigningRegion = "us-east-1",
        KeyVariables = [OfAws],
        RegionVariables = ["AWS_REGION", "AWS_DEFAULT_REGION"],
        EndpointVariables = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"],
        HasAmbientKeys = true,
        IsEncryptedAtRest = true,
        Encryption = "every object is encrypted with AES-256 (SSE-S3) unless the bucket says a key of its own",
        KeysAreMade = "Keys of a user are made in IAM: Users, the user, Security credentials, Create access key. "
            + "After `aws sso login` expired, run it again.",
        Rights = "Give that user or role s3:ListBucket and s3:ListBucketMultipartUploads on the bucket, "
            + "and s3:GetObject, s3:PutObject, s3:DeleteObject and "
            + "s3:AbortMultipartUpload on its objects; the whole policy is in docs/stores/s3.md.",
    };

    /// <summary>Endpoints: https://techdocs.akamai.com/cloud-computing/docs/endpoint-types. Limited keys:
    /// https://techdocs.akamai.com/linode-api/reference/post-object-storage-keys.</summary>
    public static S3Service Linode { get; } = new()
    {
        Scheme = "linode",
        Title = "Linode Object Storage",
        EndpointPattern = "https://REGION.linodeobjects.com",
        RegionEnding = "-1",
        Regions =
        [
            "us-east-1", "us-southeast-1", "us-ord-1", "us-iad-1", "us-lax-1", "us-mia-1", "us-sea-1", "br-gru-1",
            "eu-central-1", "es-mad-1", "fr-par-1",
            "gb-lon-1", "it-mil-1", "nl-ams-1", "se-sto-1", "ap-south-1", "au-mel-1", "id-cgk-1", "in-maa-1",
            "jp-osa-1", "sg-sin-1",
        ],
        PathStyle = true,
        // Variables of linode-cli's plug-in obj:
        // https://github.com/linode/linode-cli/blob/main/linodecli/plugins/obj/config.py
        KeyVariables = [Generic, new("LINODE_CLI_OBJ_ACCESS_KEY", "LINODE_CLI_OBJ_SECRET_KEY")],
        RegionVariables = ["S3_REGION"],
        EndpointVariables = ["S3_ENDPOINT"],
        Questions = S3Questions.AccessList | S3Questions.Lifecycle | S3Questions.Versioning,
        KeysAreMade = "Keys are made in Cloud Manager: Object Storage, Access Keys, Create Access Key.",
        Rights = "Give that key Read/Write on this bucket: "
            + "in Cloud Manager, Object Storage, Access Keys, make a limited key for it.",
    };

    /// <summary>Hosts: https://docs.vultr.com/vultr-object-storage. Encryption and bucket styles:
    /// https://docs.vultr.com/platform/security-best-practices/vultr-object-storage.</summary>
    public static S3Service Vultr { get; } = new()
    {
        Scheme = "vultr",
        Title = "Vultr Object Storage",
        EndpointPattern = "https://REGION.vultrobjects.com",
        RegionEnding = "1",
        Regions = ["ams1", "blr1", "del1", "ewr1", "sgp1", "sjc1"],
        SigningRegion = "us-east-1",
        SignsForOneRegion = true,
        PathStyle = true,
        KeyVariables = [Generic],
        RegionVariables = ["S3_REGION"],
        EndpointVariables = ["S3_ENDPOINT"],
        Questions = S3Questions.AccessList | S3Questions.Lifecycle | S3Questions.Versioning,
        Encryption = "its manual speaks of encryption at rest, and does not say of which buckets",
        KeysAreMade = "Keys come with the subscription: "
            + "in the customer portal, Object Storage, the subscription, Overview, S3 Credentials.",
        Rights = "A subscription's own keys may do everything in it; keys of another subscription may do nothing. "
            + "Those of a user made by IAM need storage.object.* for this bucket.",
    };

    /// <summary>https://docs.digitalocean.com/reference/api/spaces-api/. Keys per bucket:
    /// https://docs.digitalocean.com/reference/terraform/reference/resources/spaces_key/.</summary>
    public static S3Service Spaces { get; } = new()
    {
        Scheme = "spaces",
        Title = "DigitalOcean Spaces",
        EndpointPattern = "https://REGION.digitaloceanspaces.com",
        Regions = ["ams3", "blr1", "fra1", "lon1", "nyc3", "sfo2", "sfo3", "sgp1", "syd1", "tor1"],
        // The Terraform provider and users of doctl use the first SPACES pair, the manual's examples the second.
        KeyVariables = [Generic, new("SPACES_ACCESS_KEY_ID", "SPACES_SECRET_ACCESS_KEY"),
            new("SPACES_KEY", "SPACES_SECRET")],
        RegionVariables = ["S3_REGION", "SPACES_REGION"],
        EndpointVariables = ["S3_ENDPOINT"],
        Questions = S3Questions.AccessList | S3Questions.Lifecycle | S3Questions.Versioning,
        KeysAreMade = "Keys are made in the control panel: Spaces Object Storage, Access Keys, Create Access Key.",
        Rights = "Give that key Read/Write/Delete on this bucket: "
            + "in the control panel, Spaces Object Storage, Access Keys, Limited Access.",
    };

    /// <summary>https://developers.upcloud.com/1.3/21-managed-object-storage/.</summary>
    public static S3Service UpCloud { get; } = new()
    {
        Scheme = "upcloud",
        Title = "UpCloud Managed Object Storage",
        NeedsEndpoint = true,
        EndpointExample = "https://abc12.upcloudobjects.com",
        Regions = ["apac-1", "europe-1", "europe-2", "us-1"],
        SigningRegion = "europe-1",
        PathStyle = true,
        KeyVariables = [Generic],
        RegionVariables = ["S3_REGION"],
        EndpointVariables = ["S3_ENDPOINT"],
        IsEncryptedAtRest = true,
        Encryption = "all data is encrypted at rest by default",
        KeysAreMade = "Keys are made in the hub: Object Storage, the service, Users, the user, Access keys. "
            + "`upctl object-storage access-key create` makes them, too.",
        Rights = "Attach a policy to that user (Object Storage, the service, Users) that allows listing the bucket, "
            + "and reading, writing and deleting its objects; "
            + "the whole policy is in docs/stores/upcloud.md.",
    };

    /// <summary>Any other service, named by its host: <c>s3+https://host/bucket</c>.</summary>
    public static S3Service Other { get; } = new()
    {
        Scheme = "s3+https",
        Title = "the S3 service",
        NeedsEndpoint = true,
        SigningRegion = "us-east-1",
        PathStyle = true,
        KeyVariables = [Generic],
        RegionVariables = ["S3_REGION"],
    };

    /// <summary>All but <see cref="Other"/>.</summary>
    public static IReadOnlyList<S3Service> Named { get; } = [Aws, Linode, Vultr, Spaces, UpCloud];
}
