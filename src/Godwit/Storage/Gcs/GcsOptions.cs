using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage;

public sealed record GcsOptions
{
    internal const string EndpointDefault = "https://storage.googleapis.com";

    /// <summary>Google's placeholder for Amazon's region in a signature; Google finds the bucket itself.
    /// https://cloud.google.com/storage/docs/authentication/signatures</summary>
    internal const string RegionDefault = "auto";

    public string Endpoint { get; init; } = EndpointDefault;

    /// <summary>Only for other servers, which may expect their own region in a signature.</summary>
    public string Region { get; init; } = RegionDefault;

    /// <summary>Keys for this service; they come before all others.</summary>
    public GcsKeyPair HmacKeys { get; init; } = new("GS_ACCESS_KEY_ID", null, "GS_SECRET_ACCESS_KEY", null);

    /// <summary>Path of a credentials file, from the variable that Google's own programs read.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Keys for any S3 service, used when no Google credentials are set.</summary>
    public GcsKeyPair AnyKeys { get; init; } = new("S3_ACCESS_KEY_ID", null, "S3_SECRET_ACCESS_KEY", null);

    /// <summary>The file that <c>gcloud auth application-default login</c> writes.</summary>
    public string? WellKnownFile { get; init; }

    /// <summary>The location of a new bucket: a region (europe-west1) or a multi-region (EU, US).</summary>
    public string? Location { get; init; }

    public int PartAttemptsMax { get; init; } = StoreRetry.PartAttemptsMax;

    /// <summary>Reads the variables of Google's programs and of libraries for its HMAC keys.</summary>
    /// <remarks>https://cloud.google.com/docs/authentication/application-default-credentials,
    /// https://cloud.google.com/sdk/docs/properties (api_endpoint_overrides/storage)</remarks>
    internal static GcsOptions FromEnvironment(Func<string, string?> environment)
    {
        var defaults = new GcsOptions();
        return defaults with
        {
            Endpoint = StoreOptions.NonEmpty(environment("CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE")) is { } other
                ? WithoutPath(other) : EndpointDefault,
            HmacKeys = defaults.HmacKeys.Read(environment),
            AnyKeys = defaults.AnyKeys.Read(environment),
            KeyFile = StoreOptions.NonEmpty(environment("GOOGLE_APPLICATION_CREDENTIALS")),
            WellKnownFile = FindSettings(environment) is { } folder
                ? Path.Combine(folder, "application_default_credentials.json") : null,
        };
    }

    internal IEnumerable<OptionProblem> Problems()
    {
        if (!StoreOptions.IsSafeAddress(Endpoint))
            yield return new("CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE",
                "is not an https:// address without user, query or fragment",
                "Unset it, or give the address under which this network reaches Google Cloud Storage, e.g. "
                + "https://storage-vpc.p.googleapis.com.");
    }

    // The same variable may hold the address of the JSON API on the same host.
    private static string WithoutPath(string address) =>
        StoreOptions.IsWebAddress(address) ? new Uri(address).GetLeftPart(UriPartial.Authority) : address;

    private static string? FindSettings(Func<string, string?> environment)
    {
        if (StoreOptions.NonEmpty(environment("CLOUDSDK_CONFIG")) is { } said)
            return said;
        if (OperatingSystem.IsWindows())
            return StoreOptions.NonEmpty(environment("APPDATA")) is { } roaming
                ? Path.Combine(roaming, "gcloud") : null;
        return StoreOptions.NonEmpty(environment("HOME")) is { } home ? Path.Combine(home, ".config", "gcloud") : null;
    }
}

/// <summary>Two variables that form one HMAC key.</summary>
public sealed record GcsKeyPair(string IdName, string? Id, string KeyName, Secret? Key)
{
    internal S3Keys? Keys => Id is not null && Key is not null ? new S3Keys(Id, Key) : null;

    internal GcsKeyPair Read(Func<string, string?> environment) => this with
    {
        Id = StoreOptions.NonEmpty(environment(IdName)),
        Key = StoreOptions.NonEmpty(environment(KeyName)) is { } key ? new Secret(key) : null,
    };
}
