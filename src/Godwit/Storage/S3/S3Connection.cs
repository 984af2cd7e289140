using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Godwit.Faults;
using Polly;
using Polly.Retry;

namespace Godwit.Storage.S3;

/// <summary>Every call to the service goes through here: credentials found once, a limit on each attempt, retries with growing and
/// jittered pauses, and the SDK's exceptions turned into faults.</summary>
internal sealed class S3Connection(StoreAddress.S3 address, S3Options options, TimeProvider clock) : IDisposable
{
    /// <summary>An attempt that moved no byte for so long is given up: the connection is dead, or the service is.</summary>
    public static readonly TimeSpan StallMax = TimeSpan.FromSeconds(60);

    /// <summary>Attempts of a call that carries no data. Someone waits for the answer, so it gives up early.</summary>
    public const int CallAttemptsMax = 3;

    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(20);

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

    public string FullKey(string key) => address.Prefix.Length == 0 ? key : $"{address.Prefix}/{key}";

    public Task<T> CallAsync<T>(string permission, string? key, Func<IAmazonS3, S3Attempt, Task<T>> call, CancellationToken ct) =>
        CallAsync(permission, key, CallAttemptsMax, StallMax, call, ct);

    /// <param name="permission">What AWS calls the right this needs, for the fault when it is missing.</param>
    public async Task<T> CallAsync<T>(
        string permission, string? key, int attemptsMax, TimeSpan stallMax, Func<IAmazonS3, S3Attempt, Task<T>> call, CancellationToken ct)
    {
        try
        {
            var client = await OpenAsync(ct);
            return await Retrying(attemptsMax).ExecuteAsync(
                async token =>
                {
                    using var attempt = new S3Attempt(stallMax, clock, token);
                    return await attempt.RunAsync(() => call(client, attempt));
                },
                ct);
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

    private string Endpoint => _client?.Config.ServiceURL ?? options.Endpoint ?? $"https://s3.{_region}.amazonaws.com";

    private ResiliencePipeline Retrying(int attemptsMax) => attemptsMax < 2
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = clock }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(S3Errors.IsPassing),
            MaxRetryAttempts = attemptsMax - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = PauseFirst,
            MaxDelay = PauseMax,
        }).Build();

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
