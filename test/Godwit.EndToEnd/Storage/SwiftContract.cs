using Amazon.S3.Model;
using Godwit.EndToEnd.Servers;
using Godwit.Storage;
using Godwit.Tests.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>The contract over Swift; each way of addressing a bucket is a class.</summary>
public abstract class SwiftContract(SwiftServer swift) : ObjectStoreContract
{
    private string _bucket = "";

    protected abstract string Prefix { get; }

    protected SwiftServer Swift => swift;

    protected abstract S3Options Options { get; }

    protected override async Task<IObjectStore> OpenStoreAsync()
    {
        _bucket = await swift.MakeBucketAsync(Ct);
        return ObjectStores.Open(
            new StoreAddress.S3(_bucket, Prefix), new StoreOptions { S3 = Options }, new NoLinkHost(),
            TimeProvider.System);
    }

    // The server's folder goes with the server; a bucket needs no removal of its own.
    protected override Task RemoveStoreAsync() => Task.CompletedTask;

    protected override async Task LeaveUploadBehindAsync(string key)
    {
        using var client = swift.OpenClient();
        var full = Prefix.Length == 0 ? key : $"{Prefix}/{key}";
        var upload = await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = _bucket, Key = full }, Ct);
        await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = _bucket,
                Key = full,
                UploadId = upload.UploadId,
                PartNumber = 1,
                InputStream = new MemoryStream(new byte[1024]),
                UseChunkEncoding = false,
            },
            Ct);
    }
}

public sealed class S3PathStyleTests(SwiftServer swift) : SwiftContract(swift)
{
    protected override string Prefix => "some folder/dumps";

    protected override S3Options Options => Swift.Options;
}

public sealed class S3VirtualHostTests(SwiftServer swift) : SwiftContract(swift)
{
    protected override string Prefix => "";

    protected override S3Options Options =>
        Swift.Options with { Endpoint = $"http://localhost:{Swift.Port}", PathStyle = false };
}

/// <summary>What S3's adapter promises about bodies.</summary>
public sealed class S3BodyTests(SwiftServer swift) : ObjectStoreBodyContract
{
    protected override async Task<IObjectStore> OpenStoreAsync() => ObjectStores.Open(
        new StoreAddress.S3(await swift.MakeBucketAsync(Ct), "some folder/dumps"),
        new StoreOptions { S3 = swift.Options }, new NoLinkHost(), TimeProvider.System);

    protected override Task RemoveStoreAsync() => Task.CompletedTask;
}
