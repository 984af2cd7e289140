using Amazon.Runtime;
using Godwit.Storage.Calls;

namespace Godwit.Storage.S3;

/// <summary>The SDK's HTTP client. Keeps facts from each answer that the SDK's exceptions leave out.</summary>
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

    public TimeSpan? Skew => _http.Skew;

    /// <summary>Null: the service has not named it.</summary>
    public string? BucketRegion { get; private set; }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _http.Client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _http.Dispose();
}
