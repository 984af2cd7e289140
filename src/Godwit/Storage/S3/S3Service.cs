namespace Godwit.Storage;

/// <summary>A service that speaks S3, as far as it differs from the others. The rows are in
/// <see cref="S3Services"/>.</summary>
public sealed record S3Service
{
    /// <summary>What its addresses begin with, up to the <c>://</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>As its users call it.</summary>
    public required string Title { get; init; }

    /// <summary><c>https://REGION.example.com</c>; null where every customer has a host of their own, or where the SDK
    /// knows them all.</summary>
    public string? EndpointPattern { get; init; }

    /// <summary>Nothing but an endpoint that somebody names leads there.</summary>
    public bool NeedsEndpoint { get; init; }

    /// <summary>What an endpoint of one's own looks like there, for the fault that asks for it.</summary>
    public string EndpointExample { get; init; } = "https://s3.example.com";

    /// <summary>For the fault that lists them. Others are used as they come: services open regions all the
    /// time.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>What stands behind a region's name in the host where people leave it away: <c>-1</c> makes
    /// <c>us-east-1</c> of <c>us-east</c>.</summary>
    public string RegionEnding { get; init; } = "";

    /// <summary>What requests are signed for when it is not the region itself, or when nobody named one.</summary>
    public string? SigningRegion { get; init; }

    /// <summary>Requests are signed for <see cref="SigningRegion"/> wherever the bucket is.</summary>
    public bool SignsForOneRegion { get; init; }

    /// <summary><c>https://host/bucket/key</c>; else <c>https://bucket.host/key</c>.</summary>
    public bool PathStyle { get; init; }

    /// <summary>Where keys are looked for in the environment, in this order.</summary>
    public IReadOnlyList<S3KeyVariables> KeyVariables { get; init; } = [];

    /// <summary>Where the region is looked for, in this order.</summary>
    public IReadOnlyList<string> RegionVariables { get; init; } = [];

    /// <summary>Where the endpoint is looked for, in this order.</summary>
    public IReadOnlyList<string> EndpointVariables { get; init; } = [];

    /// <summary>The keys of machines, containers and single sign-on belong to it: they may go there, and nowhere
    /// else.</summary>
    public bool HasAmbientKeys { get; init; }

    /// <summary>What can be asked of a bucket, or set. What is not here is not asked for: the answer would be an error,
    /// or a lie.</summary>
    public S3Questions Questions { get; init; } = S3Questions.All;

    /// <summary>Whether what lies there is encrypted without anybody asking; null: nobody says.</summary>
    public bool? IsEncryptedAtRest { get; init; }

    /// <summary>A clause on encryption at rest, with the source it is from.</summary>
    public string Encryption { get; init; } = "nothing is known of encryption at rest there";

    /// <summary>A signature of version 4 lives a week at most.
    /// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html</summary>
    public TimeSpan LinkLifeMax { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Where its keys are made: a whole sentence.</summary>
    public string KeysAreMade { get; init; } = "Its operator makes the keys.";

    /// <summary>What the keys must be allowed to do, in the words of the service: whole sentences.</summary>
    public string Rights { get; init; } =
        "Give these keys the right to list the bucket, and to read, write and delete its objects.";

    public override string ToString() => Title;

    /// <summary>The host's own name for a region.</summary>
    internal string InHost(string region) =>
        RegionEnding.Length == 0 || char.IsAsciiDigit(region[^1]) ? region : region + RegionEnding;
}

/// <param name="TokenName">Null where keys never are temporary.</param>
public sealed record S3KeyVariables(string Id, string Key, string? TokenName = null);

/// <summary>What a service may be asked about a bucket besides its objects.</summary>
[Flags]
public enum S3Questions
{
    None = 0,

    /// <summary>PutPublicAccessBlock and GetPublicAccessBlock.</summary>
    PublicAccessBlock = 1,

    /// <summary>GetBucketPolicyStatus.</summary>
    PolicyStatus = 2,

    /// <summary>GetBucketAcl.</summary>
    AccessList = 4,

    /// <summary>PutBucketLifecycleConfiguration, GetBucketLifecycleConfiguration.</summary>
    Lifecycle = 8,

    /// <summary>PutBucketEncryption, GetBucketEncryption.</summary>
    Encryption = 16,

    /// <summary>GetBucketVersioning: deleting may leave a version behind.</summary>
    Versioning = 32,

    All = PublicAccessBlock | PolicyStatus | AccessList | Lifecycle | Encryption | Versioning,
}
