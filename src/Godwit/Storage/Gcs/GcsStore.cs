using System.Runtime.CompilerServices;
using Godwit.Faults;
using Godwit.Storage.Buckets;
using Godwit.Storage.Gcs.Buckets;
using Godwit.Storage.Parts;
using Godwit.Storage.S3;

namespace Godwit.Storage.Gcs;

/// <summary>The S3 adapter over Google's XML API, plus Google's differences.</summary>
internal sealed class GcsStore(StoreAddress.Gcs address, GcsOptions options, TimeProvider clock)
    : IObjectStore
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private GcsSession? _session;

    public string Address => address.ToString();

    public IBucket Bucket => new GcsBucket(this, address, options, clock);

    public async Task CheckAsync(CancellationToken ct) => await (await OpenSessionAsync(ct)).Store.CheckAsync(ct);

    public async Task CheckWritableAsync(CancellationToken ct) =>
        await (await OpenSessionAsync(ct)).Store.CheckWritableAsync(ct);

    public async Task<StoredObject> PutAsync(string key, ObjectUpload what, CancellationToken ct)
    {
        var session = await OpenSessionAsync(key, ct);
        var sink = new GcsPartSink(new S3PartSink(session.S3, key));
        var total = await new PartsUpload(sink, Address, what, clock).RunAsync(ct);
        return await new UploadCheck(Address, key, sink.Upload, session.Store.DeleteAsync, clock)
            .RequireWholeAsync(total with { Checksum = sink.Checksum }, await FindAsync(key, ct));
    }

    public async Task<Stream> OpenAsync(string key, ObjectRange range, CancellationToken ct) =>
        await (await OpenSessionAsync(ct)).Store.OpenAsync(key, range, ct);

    public async Task<StoredObject?> FindAsync(string key, CancellationToken ct)
    {
        var session = await OpenSessionAsync(key, ct);
        // Google keeps a checksum of every whole object. The ETag of an object uploaded in parts is no checksum.
        return await S3Store.HeadAsync(session.S3, key, ct) is { } head
            ? S3Store.Describe(key, head) with
            {
                Checksum = head.ChecksumCRC32C is { Length: > 0 } kept ? Crc32C.Named(kept) : null,
                Plan = null,
            }
            : null;
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var session = await OpenSessionAsync(ct);
        await foreach (var found in session.Store.ListAsync(prefix, ct))
            yield return found;
    }

    public async Task DeleteAsync(string key, CancellationToken ct) =>
        await (await OpenSessionAsync(ct)).Store.DeleteAsync(key, ct);

    public async Task<SignedLink> SignAsync(string key, TimeSpan lifetime, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        var session = await OpenSessionAsync(key, ct);
        // Google accepts Amazon's signatures with an HMAC key.
        // https://cloud.google.com/storage/docs/authentication/signatures
        if (session.Key is not { } account)
            return await session.Store.SignAsync(key, lifetime, ct);
        var now = clock.GetUtcNow();
        var life = TimeSpan.FromSeconds(Math.Max(1,
            Math.Floor((lifetime < GcsSigner.LifeMax ? lifetime : GcsSigner.LifeMax).TotalSeconds)));
        var url = GcsSigner.Sign(account, options.Endpoint, $"/{address.Bucket}/{session.S3.FullKey(key)}", life, now);
        return new SignedLink(new Secret(url), now + life);
    }

    public async Task<int> AbortUploadsAsync(string key, CancellationToken ct) =>
        await (await OpenSessionAsync(ct)).Store.AbortUploadsAsync(key, ct);

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
            await session.DisposeAsync();
        _opening.Dispose();
    }

    private async Task<GcsSession> OpenSessionAsync(string key, CancellationToken ct)
    {
        ObjectKey.Check(key);
        var session = await OpenSessionAsync(ct);
        ObjectKey.Check(session.S3.FullKey(key));
        return session;
    }

    internal async Task<GcsSession> OpenSessionAsync(CancellationToken ct)
    {
        await _opening.WaitAsync(ct);
        try
        {
            return _session ??= await GcsSession.OpenAsync(address, options, clock, ct);
        }
        finally
        {
            _opening.Release();
        }
    }
}
