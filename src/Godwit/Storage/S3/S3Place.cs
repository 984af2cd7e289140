using Amazon.Runtime.CredentialManagement;
using Godwit.Faults;

namespace Godwit.Storage.S3;

/// <summary>Where a bucket is and how its requests are signed, from options, variables, the profile and the
/// service.</summary>
/// <param name="Endpoint">Null: the SDK's own for the region.</param>
/// <param name="Region">In signatures.</param>
/// <param name="IsRegionGuessed">No region was given, so the service may correct it.</param>
internal sealed record S3Place(string? Endpoint, string Region, bool IsRegionGuessed, bool PathStyle)
{
    /// <summary>Whether the service is used without TLS: signed URLs must then use http too.</summary>
    public bool IsPlainHttp => Endpoint?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true;

    public bool IsAws => Endpoint is null
        || new Uri(Endpoint).Host is var host && (host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".amazonaws.com.cn", StringComparison.OrdinalIgnoreCase));

    public string Url => Endpoint ?? $"https://s3.{Region}.amazonaws.com";

    /// <param name="profile">Its region and endpoint count where nothing else gives them.</param>
    /// <exception cref="FaultException">A required region or endpoint is missing, or the endpoint is http.</exception>
    public static S3Place Find(StoreAddress.S3 address, S3Options options, CredentialProfile? profile)
    {
        var service = address.Service;
        var region = options.Region ?? profile?.Region?.SystemName;
        var own = address.Endpoint ?? options.Endpoint ?? profile?.EndpointUrl;
        if (own is not null && !StoreOptions.IsWebAddress(own))
            throw new FaultException(S3Faults.PlaceMalformed(address.ToString(),
                $"'{Redactor.Clean(own)}' is no address of a service"));
        if (region is not null && !S3Options.IsRegion(region))
            throw new FaultException(S3Faults.PlaceMalformed(address.ToString(),
                $"'{Redactor.Clean(region)}' is no region's name"));
        if (address.Endpoint is not null && options.Endpoint is not null && address.Endpoint != options.Endpoint)
            throw new FaultException(S3Faults.PlaceMalformed(address.ToString(),
                "the address names its service already, and --s3-endpoint names another"));
        if (own is null && service.NeedsEndpoint)
            throw new FaultException(S3Faults.EndpointMissing(address.ToString(), service));
        if (own is null && region is null && service.EndpointPattern is not null)
            throw new FaultException(S3Faults.RegionMissing(address.ToString(), service));
        var endpoint = own
            ?? service.EndpointPattern?.Replace("REGION", service.InHost(region!), StringComparison.Ordinal);
        if (endpoint is not null)
            RequireTls(new Uri(endpoint));
        // If the host's name holds the region, the region's name in signatures is a guess.
        var signs = service.SignsForOneRegion ? null : region is null ? null : service.InHost(region);
        return new(endpoint, signs ?? service.SigningRegion ?? S3Options.RegionDefault,
            IsRegionGuessed: signs is null || service.EndpointPattern is not null,
            options.PathStyle ?? (service.PathStyle || (own is not null && service.EndpointPattern is null)));
    }

    /// <summary>Without TLS anybody on the way could read the database. Loopback addresses are allowed.</summary>
    /// <exception cref="FaultException"><c>storage.plain_http</c>.</exception>
    public static void RequireTls(Uri endpoint)
    {
        if (endpoint.Scheme == Uri.UriSchemeHttp && !LinkReader.IsOnlyHere(endpoint))
            throw new FaultException(S3Faults.PlainHttp(endpoint.GetLeftPart(UriPartial.Authority),
                endpoint.Host, endpoint.Port));
    }
}
