using Amazon.S3.Model;
using Godwit.EndToEnd.Servers;
using Godwit.Storage;
using Godwit.Tests.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>The contract for <c>gs://</c>; each kind of credentials is a class. The objects live in Swift both
/// times.</summary>
public abstract class GcsContract(SwiftServer swift) : ObjectStoreContract
{
    private const string Prefix = "some folder/dumps";

    private string _bucket = "";

    protected SwiftServer Swift => swift;

    protected abstract GcsOptions Options { get; }

    protected override async Task<IObjectStore> OpenStoreAsync()
    {
        _bucket = await swift.MakeBucketAsync(Ct);
        return ObjectStores.Open(StoreAddress.Parse($"gs://{_bucket}/{Prefix}"), new StoreOptions { Gcs = Options },
            new NoLinkHost(), TimeProvider.System);
    }

    // The server's folder goes with the server; a bucket needs no removal of its own.
    protected override Task RemoveStoreAsync() => Task.CompletedTask;

    protected override async Task LeaveUploadBehindAsync(string key)
    {
        using var client = swift.OpenClient();
        var upload = await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = _bucket, Key = $"{Prefix}/{key}" }, Ct);
        await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = _bucket,
                Key = $"{Prefix}/{key}",
                UploadId = upload.UploadId,
                PartNumber = 1,
                InputStream = new MemoryStream(new byte[1024]),
                UseChunkEncoding = false,
            },
            Ct);
    }
}

/// <summary>With an HMAC key, as to any service that speaks S3: Swift itself judges every signature and every
/// link.</summary>
public sealed class GcsHmacTests(SwiftServer swift) : GcsContract(swift)
{
    protected override GcsOptions Options => HmacOptions(Swift);

    // Google's CRC of the whole is Google's own; Swift has none.
    protected override bool KeepsChecksums => false;

    // Google takes any region in a signature; Swift insists on its own.
    internal static GcsOptions HmacOptions(SwiftServer swift) => new()
    {
        Endpoint = swift.Endpoint,
        Region = "us-east-1",
        HmacKeys = new GcsOptions().HmacKeys with { Id = SwiftServer.Keys.Id, Key = SwiftServer.Keys.Key },
        PartAttemptsMax = 2,
    };
}

/// <summary>One face for all tests of a class.</summary>
public sealed class GcsFaceFixture(SwiftServer swift) : IAsyncLifetime
{
    private GcsFace? _face;

    public GcsFace Face => _face!;

    public async ValueTask InitializeAsync() =>
        _face = await GcsFace.StartAsync(swift, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_face is not null)
            await _face.DisposeAsync();
    }
}

/// <summary>With a service account's key file: tokens, and links signed with its key, which the face judges.</summary>
public sealed class GcsAccountTests(SwiftServer swift, GcsFaceFixture fixture)
    : GcsContract(swift), IClassFixture<GcsFaceFixture>
{
    // Google's checksum of the whole, which only its own interface tells.
    protected override bool KeepsChecksums => true;

    protected override GcsOptions Options => fixture.Face.Options;
}

/// <summary>What Google's adapter promises about bodies. With HMAC keys it is S3's.</summary>
public sealed class GcsBodyTests(SwiftServer swift, GcsFaceFixture fixture)
    : ObjectStoreBodyContract, IClassFixture<GcsFaceFixture>
{
    protected override async Task<IObjectStore> OpenStoreAsync() => ObjectStores.Open(
        StoreAddress.Parse($"gs://{await swift.MakeBucketAsync(Ct)}/some folder/dumps"),
        new StoreOptions { Gcs = fixture.Face.Options }, new NoLinkHost(), TimeProvider.System);

    protected override Task RemoveStoreAsync() => Task.CompletedTask;
}
