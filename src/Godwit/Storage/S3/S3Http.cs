using Amazon.Runtime;

namespace Godwit.Storage.S3;

/// <summary>The HTTP client under the SDK: one for all calls, with a bound on connecting. It remembers from each answer what the SDK's
/// exceptions leave out: the service's clock and the bucket's region.</summary>
internal sealed class S3Http : HttpClientFactory, IDisposable
{
    /// <summary>Connecting takes a round trip or two, never this long.</summary>
    public static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(10);

    /// <summary>Names of buckets move between addresses; a connection is not kept past this.</summary>
    private static readonly TimeSpan ConnectionLifeMax = TimeSpan.FromMinutes(5);

    private readonly Observer _observer;
    private readonly HttpClient _client;

    public S3Http(TimeProvider clock)
    {
        _observer = new Observer(clock)
        {
            InnerHandler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectTimeout = ConnectMax,
                PooledConnectionLifetime = ConnectionLifeMax,
                UseCookies = false,
            },
        };
        // Each call has a limit of its own that follows its progress.
        _client = new HttpClient(_observer) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Our clock minus the service's, from its last answer; null before the first.</summary>
    public TimeSpan? Skew => _observer.Skew;

    /// <summary>Where the bucket really is, when the service said so.</summary>
    public string? BucketRegion => _observer.BucketRegion;

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose()
    {
        _client.Dispose();
        _observer.Dispose();
    }

    private sealed class Observer(TimeProvider clock) : DelegatingHandler
    {
        public TimeSpan? Skew { get; private set; }

        public string? BucketRegion { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.Headers.Date is { } date)
                Skew = clock.GetUtcNow() - date;
            if (answer.Headers.TryGetValues("x-amz-bucket-region", out var regions))
                BucketRegion = regions.First();
            return answer;
        }
    }
}
