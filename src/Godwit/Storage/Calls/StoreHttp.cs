namespace Godwit.Storage.Calls;

/// <summary>The HTTP client under an adapter: one for all its calls, with a bound on connecting. It remembers from each
/// answer how far the service's clock is from ours, which libraries' exceptions leave out.</summary>
internal sealed class StoreHttp : IDisposable
{
    /// <summary>Connecting takes a round trip or two, never this long.</summary>
    public static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(10);

    /// <summary>Names of services move between addresses; a connection is not kept past this.</summary>
    private static readonly TimeSpan ConnectionLifeMax = TimeSpan.FromMinutes(5);

    private readonly Observer _observer;

    /// <param name="watch">Told of every answer, before anybody else sees it. May be null.</param>
    /// <param name="outer">Sees every request first, and every answer last. May be null; disposed with this.</param>
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
        // Each call has a limit of its own that follows its progress.
        Client = new HttpClient(outer ?? (HttpMessageHandler)_observer) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Client { get; }

    /// <summary>Our clock minus the service's, from its last answer; null before the first.</summary>
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
