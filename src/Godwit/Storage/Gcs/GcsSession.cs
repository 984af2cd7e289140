using Amazon.Runtime;
using Godwit.Storage.S3;

namespace Godwit.Storage.Gcs;

/// <summary>The S3 adapter and Google's APIs, opened with the credentials that were found.</summary>
internal sealed class GcsSession : IAsyncDisposable
{
    private static readonly S3Service Google = new()
    {
        Scheme = "gs",
        Title = "Google Cloud Storage",
        NeedsEndpoint = true,
        SigningRegion = GcsOptions.RegionDefault,
        SignsForOneRegion = true,
        // One host for all buckets, so one certificate and DNS name fit bucket names with dots too.
        PathStyle = true,
        Questions = S3Questions.AccessList,
        LinkLifeMax = GcsSigner.LifeMax,
    };

    private readonly GcsTokens? _tokens;

    private GcsSession(S3Store store, GcsTokens? tokens, GcsKeyFile? key, GcsJson? json) =>
        (Store, _tokens, Key, Json) = (store, tokens, key, json);

    public S3Store Store { get; }

    public S3Connection S3 => Store.Connection;

    /// <summary>Null with an HMAC key.</summary>
    public GcsKeyFile? Key { get; }

    /// <summary>Null with an HMAC key.</summary>
    public GcsJson? Json { get; }

    public static async Task<GcsSession> OpenAsync(
        StoreAddress.Gcs address, GcsOptions options, TimeProvider clock, CancellationToken ct)
    {
        var found = await GcsCredentials.FindAsync(options, ct);
        var s3 = new StoreAddress.S3(address.Bucket, address.Prefix)
        {
            Service = Google with { SigningRegion = options.Region },
        };
        var settings = new S3Options { Endpoint = options.Endpoint, PartAttemptsMax = options.PartAttemptsMax };
#pragma warning disable CA2000 // The connection disposes its handler, and the session the connection.
        if (found is GcsCredentials.Account { Key: var key })
        {
            var tokens = new GcsTokens(key, GcsTokens.ObjectsScope, address.ToString(), clock);
            var errors = new GcsErrors(key.Account);
            var overrides = new S3Overrides
            {
                Credentials = new AnonymousAWSCredentials(),
                Handler = new GcsDialect(tokens),
                IsTransient = errors.IsTransient,
                Explain = errors.ToFault,
            };
            return new(new S3Store(s3, settings, clock, overrides), tokens, key,
                new GcsJson(address, options, key, clock));
        }

        var plain =
            new S3Overrides { Handler = new GcsDialect(tokens: null), Explain = new GcsErrors(account: null).ToFault };
        return new(new S3Store(s3, settings with { Keys = ((GcsCredentials.Hmac)found).Keys }, clock, plain),
            null, null, null);
#pragma warning restore CA2000
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Json?.Dispose();
        _tokens?.Dispose();
    }
}
