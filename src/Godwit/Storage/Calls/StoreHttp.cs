namespace Godwit.Storage.Calls;

/// <summary>The HTTP client for all calls of an adapter, with a connect timeout. Keeps the clock difference from each
/// answer's Date header, which the exceptions of client libraries leave out.</summary>
internal sealed class StoreHttp : IDisposable
{
    /// <summary>Connecting takes a round trip or two, never this long.</summary>
    public static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(10);

    // Services move between addresses, so connections are renewed after this time.
    private static readonly TimeSpan ConnectionLifeMax = TimeSpan.FromMinutes(5);

    private readonly Observer _observer;

    /// <param name="watch">Called with every answer before anybody else sees it.</param>
    /// <param name="outer">Sees every request first, and every answer last. Disposed with this client.</param>
    public StoreHttp(TimeProvider clock, Action<HttpResponseMessage>? watch = null, DelegatingHandler? outer = null)
    {
        _observer = new Observer(clock, watch)
        {
            InnerHandler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectTimeout = ConnectMax,
                PooledConnectionLifetime = ConnectionLifeMax,
                Proxy = DirectToLoopback.OfEnvironment(),
                UseCookies = false,
            },
        };
        if (outer is not null)
            outer.InnerHandler = _observer;
        // Each call has its own limit, which depends on progress.
        Client = new HttpClient(outer ?? (HttpMessageHandler)_observer) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Client { get; }

    /// <summary>Our clock minus the service's, from the last answer. Null before the first.</summary>
    public TimeSpan? Skew => _observer.Skew;

    public void Dispose()
    {
        Client.Dispose();
        _observer.Dispose();
    }

    private sealed class Observer(TimeProvider clock, Action<HttpResponseMessage>? watch) : DelegatingHandler
    {
        public TimeSpan? Skew { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.Headers.Date is { } date)
                Skew = clock.GetUtcNow() - date;
            watch?.Invoke(answer);
            return answer;
        }
    }
}
