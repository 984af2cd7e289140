using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage;

public sealed record S3Options
{
    /// <summary>Null: AWS itself, or what the profile's <c>endpoint_url</c> says.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Null: the profile's region, else <see cref="RegionDefault"/>.</summary>
    public string? Region { get; init; }

    /// <summary><c>https://host/bucket/key</c> instead of <c>https://bucket.host/key</c>. Null: yes for an endpoint of one's own,
    /// because every compatible service answers it without a wildcard name in DNS; no for AWS, which asks for the other.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>A profile of <c>~/.aws</c>. Null: the SDK's own choice.</summary>
    public string? Profile { get; init; }

    /// <summary>Null: the SDK's chain (environment, profile, single sign-on, container, instance).</summary>
    public S3Keys? Keys { get; init; }

    /// <summary>How often one part of an upload is tried before the upload is given up.</summary>
    public int PartAttemptsMax { get; init; } = StoreRetry.PartAttemptsMax;

    /// <summary>AWS answers this region for every bucket's whereabouts, and other services ignore the region or call it so.</summary>
    internal const string RegionDefault = "us-east-1";

    /// <summary>What AWS's own variables say; flags are laid over it.</summary>
    /// <remarks>https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html</remarks>
    internal static S3Options FromEnvironment(Func<string, string?> environment) => new()
    {
        Endpoint = StoreOptions.NonEmpty(environment("AWS_ENDPOINT_URL_S3")) ?? StoreOptions.NonEmpty(environment("AWS_ENDPOINT_URL")),
        Region = StoreOptions.NonEmpty(environment("AWS_REGION")) ?? StoreOptions.NonEmpty(environment("AWS_DEFAULT_REGION")),
        Profile = StoreOptions.NonEmpty(environment("AWS_PROFILE")),
    };

    internal IEnumerable<OptionProblem> Problems()
    {
        if (Endpoint is not null && !StoreOptions.IsWebAddress(Endpoint))
            yield return new("--s3-endpoint", "is not an http:// or https:// address without user, query or fragment",
                "Give the service's address, e.g. https://eu-central-1.linodeobjects.com.");
        if (Region is not null && !Region.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            yield return new("--s3-region", "holds something other than letters, digits and hyphens", "Give a region's name, e.g. eu-central-1.");
    }
}

/// <param name="SessionToken">Null for long-lived keys.</param>
public sealed record S3Keys(string Id, Secret Key, Secret? SessionToken = null);
