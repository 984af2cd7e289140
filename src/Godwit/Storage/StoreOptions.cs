using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>The user's settings for stores besides their address. All defaults are here.</summary>
public sealed record StoreOptions
{
    public S3Options S3 { get; init; } = new();

    public AzureBlobOptions AzureBlob { get; init; } = new();

    public GcsOptions Gcs { get; init; } = new();

    public DiskOptions Disk { get; init; } = new();

    /// <summary>Reads the variables of each service's tools; flags override them.</summary>
    public static StoreOptions FromEnvironment(Func<string, string?> environment) => new()
    {
        S3 = new S3Options { Environment = environment },
        AzureBlob = AzureBlobOptions.FromEnvironment(environment),
        Gcs = GcsOptions.FromEnvironment(environment),
    };

    public IEnumerable<OptionProblem> Problems() =>
        [.. S3.Problems(), .. AzureBlob.Problems(), .. Gcs.Problems(), .. Disk.Problems()];

    internal static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    /// <summary>Whether a token, a signature or a dump may be sent to the address: without TLS it could be read on the
    /// way.</summary>
    internal static bool IsSafeAddress(string text) =>
        IsWebAddress(text) && new Uri(text) is var uri
        && (uri.Scheme == Uri.UriSchemeHttps || LinkReader.IsOnlyHere(uri));

    internal static string? NonEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
