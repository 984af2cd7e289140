using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Requests;

public sealed record StoreSettings
{
    /// <summary>Null: not named or chosen yet, or none is needed.</summary>
    [JsonIgnore]
    public StoreAddress? Address { get; init; }

    /// <summary><see cref="Address"/> in the journal; empty: none.</summary>
    public string Via
    {
        get => $"{Address}";
        init => Address = value.Length == 0 ? null : StoreAddress.Of(value);
    }

    /// <summary>The store is created if it is missing.</summary>
    [JsonPropertyName("create_store")]
    public bool Creates { get; init; }
}

/// <summary>How a store is reached, besides its address. Null: from the environment, or the default.</summary>
public sealed record StoreAccess
{
    public string? S3Endpoint { get; init; }
    public string? S3Region { get; init; }
    public string? S3Profile { get; init; }
    public bool? S3PathStyle { get; init; }
    public string? AzureEndpoint { get; init; }
    public string? GcsEndpoint { get; init; }

    /// <summary>Where a missing gs:// bucket is created.</summary>
    public string? GsLocation { get; init; }

    /// <summary>Where a disk store serves its links: <c>address:port</c>.</summary>
    public string? DiskListen { get; init; }

    /// <summary>Where others reach what <see cref="DiskListen"/> serves.</summary>
    public string? DiskPublicUrl { get; init; }

    /// <summary>The environment's settings where these are null.</summary>
    public StoreOptions Over(Func<string, string?> environment)
    {
        var outside = StoreOptions.FromEnvironment(environment);
        return outside with
        {
            S3 = new S3Options
            {
                Endpoint = S3Endpoint, Region = S3Region, Profile = S3Profile, PathStyle = S3PathStyle,
                Environment = outside.S3.Environment,
            },
            AzureBlob = outside.AzureBlob with { Endpoint = AzureEndpoint ?? outside.AzureBlob.Endpoint },
            Gcs = outside.Gcs with { Location = GsLocation, Endpoint = GcsEndpoint ?? outside.Gcs.Endpoint },
            Disk = new DiskOptions { Listen = DiskListen ?? new DiskOptions().Listen, PublicUrl = DiskPublicUrl },
        };
    }

    public IEnumerable<OptionProblem> Problems() => Over(_ => null).Problems();

    /// <summary>Besides the store's address, each after a space; empty: none.</summary>
    public string Flags() => string.Concat(
        new[]
        {
            ("--s3-endpoint", S3Endpoint),
            ("--s3-region", S3Region),
            ("--s3-profile", S3Profile),
            ("--s3-path-style", S3PathStyle is { } style ? style ? "true" : "false" : null),
            ("--azure-endpoint", AzureEndpoint),
        }
        .Where(flag => flag.Item2 is not null).Select(flag => $" {flag.Item1} {flag.Item2}"));
}
