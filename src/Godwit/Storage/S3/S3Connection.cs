using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3;

/// <summary>Makes every call to the service. Finds credentials once and again when they expire, limits each attempt,
/// retries with growing and jittered pauses, and turns the SDK's exceptions into faults.</summary>
internal sealed class S3Connection(
    StoreAddress.S3 address, S3Options options, TimeProvider clock, S3Overrides? overrides = null) : IDisposable
{
    // Bytes per write to the network. The SDK's default of 8 KiB costs 130,000 system calls per GiB.
    private const int SendBytes = 256 * 1024;

    private readonly S3Http _http = new(clock, overrides?.Handler);
    private readonly SemaphoreSlim _opening = new(1, 1);

    // Kept until the end, because calls of an earlier session may still be under way.
    private readonly List<AmazonS3Client> _clients = [];

    private volatile S3Session? _session;

    public StoreAddress.S3 Address => address;

    public TimeProvider Clock => clock;

    public S3Options Options => options;

    public AWSCredentials? Credentials => _session?.Keys.Credentials;

    public bool IsPlainHttp => _session?.Place.IsPlainHttp ?? false;

    /// <summary>Whether a signature may be for the wrong region: none was given, and the service has not been asked
    /// yet.</summary>
    public async Task<bool> MayBeElsewhereAsync(CancellationToken ct) =>
        await OpenAsync(ct) is { HasWorked: false, Place: { IsRegionGuessed: true, Endpoint: null } };

    /// <summary>AWS itself, not another service that speaks S3. Known after the first call.</summary>
    public bool IsAws => _session?.Place.IsAws ?? false;

    /// <summary>No region was given, and the service has named none. Known after the first call.</summary>
    public bool IsRegionGuessed => _session?.Place.IsRegionGuessed ?? false;

    /// <summary>Requests that the service does not support are not sent.</summary>
    public bool Knows(S3Questions question) => address.Service.Questions.HasFlag(question);

    /// <summary>The region in signatures. Known after the first call, and empty before.</summary>
    public string Region => _session?.Place.Region ?? "";

    /// <summary>For people.</summary>
    public string Endpoint => _session?.Place.Url ?? address.ToString();

    /// <param name="prefix">Possibly empty.</param>
    public string FullPrefix(string prefix) => address.Prefix.Length == 0 ? prefix : $"{address.Prefix}/{prefix}";

    public string FullKey(string key) => address.Prefix.Length == 0 ? key : $"{address.Prefix}/{key}";

    public Task<T> CallAsync<T>(
        string permission, string? key, Func<IAmazonS3, StoreAttempt, Task<T>> call, CancellationToken ct) =>
        CallAsync(permission, key, StoreRetry.CallAttemptsMax, StoreRetry.StallMax, call, ct);

    /// <param name="permission">AWS's name of the right, for the fault when it is missing.</param>
    public async Task<T> CallAsync<T>(
        string permission, string? key, int attemptsMax, TimeSpan stallMax, Func<IAmazonS3, StoreAttempt, Task<T>> call,
        CancellationToken ct)
    {
        S3Session? used = null;
        try
        {
            return await StoreRetry.RunAsync(attemptsMax, stallMax, IsTransient, clock, async attempt =>
            {
                used = await OpenAsync(attempt.Token);
                var answer = await call(used.Client, attempt);
                used.Worked();
                return answer;
            }, ct);
        }
        catch (Exception e) when (e is not (FaultException or OperationCanceledException))
        {
            // The error of a cancelled call says nothing about the service.
            ct.ThrowIfCancellationRequested();
            throw new FaultException(Explain(e, permission, key), e);
        }

        bool IsTransient(Exception e) =>
            overrides?.IsTransient(e) == true
            || (e is not FaultException && (used?.IsHealable(e, _http.BucketRegion, _http.Skew) == true
                || S3Errors.IsTransient(e) || overrides?.IsTransient(e) == true));
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
            // The credentials file may be half written, or a service restarting. The call then fails with the old keys
            // and is retried.
            return before.Keys;
        }
    }

    private AmazonS3Config Configure(S3Place place)
    {
        var config = new AmazonS3Config
        {
            HttpClientFactory = _http,
            BufferSize = SendBytes,
            // Only this class retries, with our own clock and bounds.
            MaxErrorRetry = 0,
            // Reports a wrong clock instead of hiding it: everything on that machine that signs or expires suffers from
            // it.
            DisableClockSkewCorrection = true,
            IgnoreConfiguredEndpointUrls = true,
            // Many S3 services refuse the checksum trailers that newer SDKs add.
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
