using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3;

/// <summary>Every call to the service goes through here: credentials found once, a limit on each attempt, retries with growing and
/// jittered pauses, and the SDK's exceptions turned into faults.</summary>
internal sealed class S3Connection(StoreAddress.S3 address, S3Options options, TimeProvider clock) : IDisposable
{
    private readonly S3Http _http = new(clock);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private AmazonS3Client? _client;
    private string _region = options.Region ?? S3Options.RegionDefault;

    public StoreAddress.S3 Address => address;

    public TimeProvider Clock => clock;

    public S3Options Options => options;

    public AWSCredentials? Credentials { get; private set; }

    /// <summary>Whether the service is spoken to without TLS: a signed URL must then say http too.</summary>
    public bool IsPlainHttp { get; private set; }

    /// <summary>AWS itself, and no other service that speaks its language. Known after the first call.</summary>
    public bool IsAws => Endpoint.Contains(".amazonaws.com", StringComparison.OrdinalIgnoreCase);

    public string Region => _region;

    public string FullKey(string key) => address.Prefix.Length == 0 ? key : $"{address.Prefix}/{key}";

    public Task<T> CallAsync<T>(string permission, string? key, Func<IAmazonS3, StoreAttempt, Task<T>> call, CancellationToken ct) =>
        CallAsync(permission, key, StoreRetry.CallAttemptsMax, StoreRetry.StallMax, call, ct);

    /// <param name="permission">What AWS calls the right this needs, for the fault when it is missing.</param>
    public async Task<T> CallAsync<T>(
        string permission, string? key, int attemptsMax, TimeSpan stallMax, Func<IAmazonS3, StoreAttempt, Task<T>> call, CancellationToken ct)
    {
        try
        {
            var client = await OpenAsync(ct);
            return await StoreRetry.RunAsync(attemptsMax, stallMax, S3Errors.IsPassing, clock, attempt => call(client, attempt), ct);
        }
        catch (Exception e) when (e is not (FaultException or OperationCanceledException))
        {
            // What a cancelled call throws on its way out is not what happened.
            ct.ThrowIfCancellationRequested();
            throw new FaultException(Explain(e, permission, key), e);
        }
    }

    public Fault Explain(Exception e, string permission, string? key) => S3Errors.ToFault(e, new S3Errors.Circumstances(
        address, permission, key, _region, Endpoint, _http.Skew, _http.BucketRegion));

    public void Dispose()
    {
        _client?.Dispose();
        _http.Dispose();
        _opening.Dispose();
    }

    /// <summary>Where the service is, for people.</summary>
    public string Endpoint => _client?.Config.ServiceURL ?? options.Endpoint ?? $"https://s3.{_region}.amazonaws.com";

    private async Task<AmazonS3Client> OpenAsync(CancellationToken ct)
    {
        await _opening.WaitAsync(ct);
        try
        {
            if (_client is not null)
                return _client;
            var config = Configure();
            Credentials = await S3Credentials.FindAsync(options, config, clock, ct);
            return _client = new AmazonS3Client(Credentials, config);
        }
        finally
        {
            _opening.Release();
        }
    }

    private AmazonS3Config Configure()
    {
        var profile = FindProfile();
        var endpoint = options.Endpoint ?? profile?.EndpointUrl;
        _region = options.Region ?? profile?.Region?.SystemName ?? S3Options.RegionDefault;
        var config = new AmazonS3Config
        {
            HttpClientFactory = _http,
            // One place retries, with our own clock and bounds: this class.
            MaxErrorRetry = 0,
            // A clock that is off is told, not hidden: everything else on that machine that signs or expires suffers too.
            DisableClockSkewCorrection = true,
            IgnoreConfiguredEndpointUrls = true,
            // Many services that speak S3 refuse the checksum trailers newer SDKs add by themselves.
            // https://github.com/aws/aws-sdk-net/issues/3610
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = options.PathStyle ?? endpoint is not null,
        };
        if (options.Profile is not null)
            config.Profile = new Profile(options.Profile);
        if (endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(_region);
        }
        else
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = _region;
            IsPlainHttp = endpoint.StartsWith("http:", StringComparison.OrdinalIgnoreCase);
        }

        return config;
    }

    private CredentialProfile? FindProfile()
    {
        var chain = new CredentialProfileStoreChain();
        if (chain.TryGetProfile(options.Profile ?? "default", out var profile))
            return profile;
        return options.Profile is null ? null : throw new FaultException(StorageFaults.ProfileMissing(options.Profile));
    }
}
