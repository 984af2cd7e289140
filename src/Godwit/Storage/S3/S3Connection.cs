using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3;

/// <summary>Every call to the service goes through here: credentials found once, and anew when they expire; a limit on
/// each attempt, retries with growing and jittered pauses, and the SDK's exceptions turned into faults.</summary>
internal sealed class S3Connection(
    StoreAddress.S3 address, S3Options options, TimeProvider clock, S3Overrides? overrides = null) : IDisposable
{
    /// <summary>Handed to the network at once. The SDK's own 8 KiB are 130,000 calls of the kernel for each
    /// GiB.</summary>
    private const int SendBytes = 256 * 1024;

    private readonly S3Http _http = new(clock, overrides?.Handler);
    private readonly SemaphoreSlim _opening = new(1, 1);

    /// <summary>Calls of a spent session may still be under way, so its client lives as long as we do.</summary>
    private readonly List<AmazonS3Client> _clients = [];

    private volatile S3Session? _session;

    public StoreAddress.S3 Address => address;

    public TimeProvider Clock => clock;

    public S3Options Options => options;

    public AWSCredentials? Credentials => _session?.Keys.Credentials;

    /// <summary>Whether the service is spoken to without TLS: a signed URL must then say http too.</summary>
    public bool IsPlainHttp => _session?.Place.IsPlainHttp ?? false;

    /// <summary>What is signed now may be for the wrong region: nobody named one, and the service has not been
    /// asked.</summary>
    public async Task<bool> MayBeElsewhereAsync(CancellationToken ct) =>
        await OpenAsync(ct) is { HasWorked: false, Place: { IsRegionGuessed: true, Endpoint: null } };

    /// <summary>AWS itself, and no other service that speaks its language. Known after the first call.</summary>
    public bool IsAws => _session?.Place.IsAws ?? false;

    /// <summary>Nobody named a region, and no bucket has told one. Known after the first call.</summary>
    public bool IsRegionGuessed => _session?.Place.IsRegionGuessed ?? false;

    /// <summary>What is not known there is not asked for.</summary>
    public bool Knows(S3Questions question) => address.Service.Questions.HasFlag(question);

    /// <summary>Signed for. Known after the first call, and empty before.</summary>
    public string Region => _session?.Place.Region ?? "";

    /// <summary>Where the service is, for people.</summary>
    public string Endpoint => _session?.Place.Url ?? address.ToString();

    /// <param name="prefix">The beginning of a key, perhaps empty.</param>
    public string FullPrefix(string prefix) => address.Prefix.Length == 0 ? prefix : $"{address.Prefix}/{prefix}";

    public string FullKey(string key) => address.Prefix.Length == 0 ? key : $"{address.Prefix}/{key}";

    public Task<T> CallAsync<T>(
        string permission, string? key, Func<IAmazonS3, StoreAttempt, Task<T>> call, CancellationToken ct) =>
        CallAsync(permission, key, StoreRetry.CallAttemptsMax, StoreRetry.StallMax, call, ct);

    /// <param name="permission">What AWS calls the right this needs, for the fault when it is missing.</param>
    public async Task<T> CallAsync<T>(
        string permission, string? key, int attemptsMax, TimeSpan stallMax, Func<IAmazonS3, StoreAttempt, Task<T>> call,
        CancellationToken ct)
    {
        S3Session? used = null;
        try
        {
            return await StoreRetry.RunAsync(attemptsMax, stallMax, IsPassing, clock, async attempt =>
            {
                used = await OpenAsync(attempt.Token);
                var answer = await call(used.Client, attempt);
                used.Worked();
                return answer;
            }, ct);
        }
        catch (Exception e) when (e is not (FaultException or OperationCanceledException))
        {
            // What a cancelled call throws on its way out is not what happened.
            ct.ThrowIfCancellationRequested();
            throw new FaultException(Explain(e, permission, key), e);
        }

        bool IsPassing(Exception e) =>
            overrides?.IsPassing(e) == true
            || (e is not FaultException && (used?.IsHealable(e, _http.BucketRegion, _http.Skew) == true
                || S3Errors.IsPassing(e) || overrides?.IsPassing(e) == true));
    }

    public Fault Explain(Exception e, string permission, string? key)
    {
        var at = new S3Errors.Circumstances(address, permission, key, _session?.Place, _http.Skew, _http.BucketRegion);
        return overrides?.Explain(e, at) ?? S3Errors.ToFault(e, at);
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
        _http.Dispose();
        _opening.Dispose();
    }

    private async Task<S3Session> OpenAsync(CancellationToken ct)
    {
        if (_session is { IsSpent: false } open)
            return open;
        await _opening.WaitAsync(ct);
        try
        {
            if (_session is { IsSpent: false } other)
                return other;
            return _session = await OpenAnewAsync(_session, ct);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<S3Session> OpenAnewAsync(S3Session? before, CancellationToken ct)
    {
        var settled = options.SettledFor(address);
        var place = before?.Place
            ?? S3Place.Find(address, settled, S3Credentials.FindProfile(settled, address.Service));
        var config = Configure(place);
        var keys = before is { KeepsKeys: true } ? before.Keys : await FindKeysAsync(before, settled,
            place, config, ct);
        var client = new AmazonS3Client(keys.Credentials, config);
        _clients.Add(client);
        return new(client, keys, place);
    }

    private async Task<S3Found> FindKeysAsync(
        S3Session? before, S3Options settled, S3Place place, AmazonS3Config config, CancellationToken ct)
    {
        if (overrides?.Credentials is { } lent)
            return new(lent, CanChange: false);
        try
        {
            return await S3Credentials.FindAsync(address, settled, place, config, clock, ct);
        }
        catch (FaultException) when (before is not null)
        {
            // A file that is being written, a service that is being restarted: the call fails again, and is repeated as
            // often as any.
            return before.Keys;
        }
    }

    private AmazonS3Config Configure(S3Place place)
    {
        var config = new AmazonS3Config
        {
            HttpClientFactory = _http,
            BufferSize = SendBytes,
            // One place retries, with our own clock and bounds: this class.
            MaxErrorRetry = 0,
            // A clock that is off is told, not hidden: everything else on that machine that signs or expires
            // suffers too.
            DisableClockSkewCorrection = true,
            IgnoreConfiguredEndpointUrls = true,
            // Many services that speak S3 refuse the checksum trailers newer SDKs add by themselves.
            // https://github.com/aws/aws-sdk-net/issues/3610
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = place.PathStyle,
        };
        if (place.Endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(place.Region);
        }
        else
        {
            config.ServiceURL = place.Endpoint;
            config.AuthenticationRegion = place.Region;
        }

        return config;
    }
}
