using Amazon.Runtime;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3;

/// <summary>The HTTP client under the SDK: one for all calls. It remembers from each answer what the SDK's exceptions
/// leave out.</summary>
internal sealed class S3Http : HttpClientFactory, IDisposable
{
    private readonly StoreHttp _http;

    public S3Http(TimeProvider clock, DelegatingHandler? outer) => _http = new StoreHttp(
        clock,
        answer =>
        {
            if (answer.Headers.TryGetValues("x-amz-bucket-region", out var regions))
                BucketRegion = regions.First();
        },
        outer);

    /// <summary>Our clock minus the service's, from its last answer; null before the first.</summary>
    public TimeSpan? Skew => _http.Skew;

    /// <summary>Where the bucket really is, when the service said so.</summary>
    public string? BucketRegion { get; private set; }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _http.Client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _http.Dispose();
}
