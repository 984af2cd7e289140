using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage;

/// <summary>Settings for an S3 service besides the address. What is not set is read from <see cref="Environment"/>, in
/// the service's own variables.</summary>
public sealed record S3Options
{
    /// <summary>Null: the service's own.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Null: as the service answers. If the service's address depends on the region, a fault asks for
    /// it.</summary>
    public string? Region { get; init; }

    /// <summary><c>https://host/bucket/key</c> instead of <c>https://bucket.host/key</c>. Null: the service's default;
    /// true for a custom endpoint, because every compatible service answers it without a wildcard DNS name.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>From <c>~/.aws</c>.</summary>
    public string? Profile { get; init; }

    /// <summary>Null: searched for.</summary>
    public S3Keys? Keys { get; init; }

    public int PartAttemptsMax { get; init; } = StoreRetry.PartAttemptsMax;

    /// <summary>Services with a single region ignore its name or use this one.</summary>
    internal const string RegionDefault = "us-east-1";

    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>Fills the gaps from the variables of the service in <paramref name="address"/>. A run stores the
    /// result, to find the same bucket again from another shell.</summary>
    public S3Options SettledFor(StoreAddress.S3 address) => this with
    {
        Endpoint = Endpoint
            ?? (address.Endpoint is null ? WithScheme(FirstOf(address.Service.EndpointVariables)) : null),
        Region = Region ?? FirstOf(address.Service.RegionVariables),
        // As in every AWS tool, AWS_PROFILE counts if no keys are in the environment.
        Profile = Profile ?? (address.Service.HasAmbientKeys && Variable(S3Services.OfAws.Id) is null
            ? Variable("AWS_PROFILE") : null),
    };

    internal string? Variable(string name) => StoreOptions.NonEmpty(Environment(name));

    internal IEnumerable<OptionProblem> Problems()
    {
        if (Endpoint is not null && !StoreOptions.IsWebAddress(Endpoint))
            yield return new("--s3-endpoint", "is not an http:// or https:// address without user, query or fragment",
                "Give the service's address, e.g. https://s3.example.com.");
        if (Region is not null && !IsRegion(Region))
            yield return new("--s3-region", "holds something other than letters, digits and hyphens",
                "Give a region's name, e.g. eu-central-1.");
    }

    internal static bool IsRegion(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    // Half of the world's tools want it without a scheme.
    private static string? WithScheme(string? endpoint) =>
        endpoint is null || endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"https://{endpoint}";

    private string? FirstOf(IEnumerable<string> names) =>
        names.Select(Variable).FirstOrDefault(value => value is not null);
}

/// <param name="SessionToken">Null: long-lived keys.</param>
public sealed record S3Keys(string Id, Secret Key, Secret? SessionToken = null);
