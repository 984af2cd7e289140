using System.Net;
using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>What the user may say about a store besides its address. The defaults are here and nowhere else.</summary>
public sealed record StoreOptions
{
    public S3Options S3 { get; init; } = new();

    public DiskOptions Disk { get; init; } = new();

    /// <summary>What AWS's own variables say; flags are laid over it.</summary>
    /// <remarks>https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html</remarks>
    public static StoreOptions FromEnvironment(Func<string, string?> environment) => new()
    {
        S3 = new S3Options
        {
            Endpoint = NonEmpty(environment("AWS_ENDPOINT_URL_S3")) ?? NonEmpty(environment("AWS_ENDPOINT_URL")),
            Region = NonEmpty(environment("AWS_REGION")) ?? NonEmpty(environment("AWS_DEFAULT_REGION")),
            Profile = NonEmpty(environment("AWS_PROFILE")),
        },
    };

    public IEnumerable<OptionProblem> Problems() => S3.Problems().Concat(Disk.Problems());

    internal static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    private static string? NonEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}

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

    /// <summary>How often one part of an upload is tried before the upload is given up. The default rides out almost a minute without
    /// network: a source stays frozen for a dump that has to begin again.</summary>
    public int PartAttemptsMax { get; init; } = 8;

    /// <summary>AWS answers this region for every bucket's whereabouts, and other services ignore the region or call it so.</summary>
    internal const string RegionDefault = "us-east-1";

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

public sealed record DiskOptions
{
    /// <summary>Where Godwit serves objects of a <c>disk:</c> store: an IP address and a port, 0 for any free one. Loopback unless the user says otherwise.</summary>
    public string Listen { get; init; } = "127.0.0.1:0";

    /// <summary>How others reach <see cref="Listen"/>: a tunnel, a proxy, a public name. Null: as it listens.</summary>
    public string? PublicUrl { get; init; }

    internal IEnumerable<OptionProblem> Problems()
    {
        if (!IPEndPoint.TryParse(Listen, out _))
            yield return new("--disk-listen", "is not an IP address with a port", "Give both, e.g. 0.0.0.0:8080 or 127.0.0.1:0.");
        if (PublicUrl is not null && !StoreOptions.IsWebAddress(PublicUrl))
            yield return new("--disk-public-url", "is not an http:// or https:// address without user, query or fragment",
                "Give the address under which others reach this machine, e.g. https://my-tunnel.example.com.");
    }
}
