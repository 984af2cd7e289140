namespace Godwit.Storage;

/// <summary>The differences of one service that speaks S3. <see cref="S3Services"/> has the services.</summary>
public sealed record S3Service
{
    /// <summary>The scheme of its addresses, without <c>://</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>For people.</summary>
    public required string Title { get; init; }

    /// <summary><c>https://REGION.example.com</c>; null where every customer has a host of their own, or the SDK knows
    /// the endpoints.</summary>
    public string? EndpointPattern { get; init; }

    public bool NeedsEndpoint { get; init; }

    /// <summary>An example of such an endpoint, for the fault that asks for one.</summary>
    public string EndpointExample { get; init; } = "https://s3.example.com";

    /// <summary>Regions listed in faults. Others are accepted too, because services keep opening new ones.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The end of a region's name in the host, which people leave out: <c>-1</c> turns <c>us-east</c> into
    /// <c>us-east-1</c>.</summary>
    public string RegionEnding { get; init; } = "";

    /// <summary>The region in signatures if it is not the bucket's, or none was given.</summary>
    public string? SigningRegion { get; init; }

    /// <summary>Signatures always use <see cref="SigningRegion"/>, wherever the bucket is.</summary>
    public bool SignsForOneRegion { get; init; }

    /// <summary><c>https://host/bucket/key</c>; else <c>https://bucket.host/key</c>.</summary>
    public bool PathStyle { get; init; }

    /// <summary>In order.</summary>
    public IReadOnlyList<S3KeyVariables> KeyVariables { get; init; } = [];

    /// <summary>In order.</summary>
    public IReadOnlyList<string> RegionVariables { get; init; } = [];

    /// <summary>In order.</summary>
    public IReadOnlyList<string> EndpointVariables { get; init; } = [];

    /// <summary>The service owns the keys of machines, containers and single sign-on: they are sent to it
    /// only.</summary>
    public bool HasAmbientKeys { get; init; }

    /// <summary>Bucket settings that the service supports. Others are not requested: the answer would be an error or
    /// wrong.</summary>
    public S3Questions Questions { get; init; } = S3Questions.All;

    /// <summary>By default. Null: unknown.</summary>
    public bool? IsEncryptedAtRest { get; init; }

    /// <summary>A clause.</summary>
    public string Encryption { get; init; } = "nothing is known of encryption at rest there";

    /// <summary>A version 4 signature lives at most a week.
    /// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html</summary>
    public TimeSpan LinkLifeMax { get; init; } = TimeSpan.FromDays(7);

    /// <summary>A sentence about where its keys are made.</summary>
    public string KeysAreMade { get; init; } = "Its operator makes the keys.";

    /// <summary>Sentences about the rights that keys need, in the service's terms.</summary>
    public string Rights { get; init; } =
        "Give these keys the right to list the bucket, and to read, write and delete its objects.";

    public override string ToString() => Title;

    /// <summary>The region's name in the host.</summary>
    internal string InHost(string region) =>
        RegionEnding.Length == 0 || char.IsAsciiDigit(region[^1]) ? region : region + RegionEnding;
}

/// <param name="TokenName">Null: keys are never temporary.</param>
public sealed record S3KeyVariables(string Id, string Key, string? TokenName = null);

/// <summary>Requests about a bucket's settings.</summary>
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

    /// <summary>GetBucketVersioning: deleting may leave an old version.</summary>
    Versioning = 32,

    All = PublicAccessBlock | PolicyStatus | AccessList | Lifecycle | Encryption | Versioning,
}
