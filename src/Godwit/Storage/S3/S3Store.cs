using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Godwit.Faults;
using Godwit.Storage.Buckets;
using Godwit.Storage.Parts;

namespace Godwit.Storage.S3;

/// <summary>A bucket of AWS or of any service that speaks S3.</summary>
internal sealed class S3Store(
    StoreAddress.S3 address, S3Options options, TimeProvider clock, S3Overrides? overrides = null) : IObjectStore
{
    // One second below the service's limit: the SDK reads the clock later than we do, and signs a longer life with an
    // older method.
    private readonly TimeSpan _linkLifeMax = address.Service.LinkLifeMax - TimeSpan.FromSeconds(1);

    private const string WriteCheckKey = GodwitKeys.WriteCheck;

    private readonly S3Connection _s3 = new(address, options, clock, overrides);

    public string Address => address.ToString();

    public IBucket Bucket => new Buckets.S3Bucket(_s3);

    /// <summary>For the adapter of another service that speaks S3.</summary>
    internal S3Connection Connection => _s3;

    public async Task CheckAsync(CancellationToken ct) =>
        await _s3.CallAsync("s3:ListBucket", null, (client, attempt) =>
            client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = address.Bucket, Prefix = Prefix(""), MaxKeys = 1 },
                attempt.Token), ct);

    public async Task CheckWritableAsync(CancellationToken ct)
    {
        var key = _s3.FullKey(WriteCheckKey);
        var upload = await _s3.CallAsync("s3:PutObject", WriteCheckKey,
            (client, attempt) => client.InitiateMultipartUploadAsync(
                new InitiateMultipartUploadRequest { BucketName = address.Bucket, Key = key }, attempt.Token), ct);
        await new S3Uploads(_s3).AbortAsync(WriteCheckKey, upload.UploadId, ct);
    }

    public async Task<StoredObject> PutAsync(string key, ObjectUpload what, CancellationToken ct)
    {
        CheckKey(key);
        var sink = new S3PartSink(_s3, key);
        var total = await new PartsUpload(sink, Address, what, clock).RunAsync(ct);
        var stored = await FindAsync(key, ct);
        return await new UploadCheck(Address, key, sink.Upload, DeleteAsync, clock)
            .RequireWholeAsync(total,
                sink.AreETagsMd5 ? stored : stored is null ? null : stored with { Checksum = null });
    }

    public Task<Stream> OpenAsync(string key, ObjectRange range, CancellationToken ct)
    {
        CheckKey(key);
        return S3ObjectStream.OpenAsync(_s3, key, range.Require(), ct);
    }

    public async Task<StoredObject?> FindAsync(string key, CancellationToken ct)
    {
        CheckKey(key);
        return await HeadAsync(_s3, key, ct) is { } head ? Describe(key, head) : null;
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        string? next = null;
        do
        {
            var request = new ListObjectsV2Request
            {
                BucketName = address.Bucket, Prefix = Prefix(prefix), ContinuationToken = next,
            };
            var page = await _s3.CallAsync("s3:ListBucket", null,
                (client, attempt) => client.ListObjectsV2Async(request, attempt.Token), ct);
            foreach (var found in page.S3Objects ?? [])
                yield return new StoredObject(found.Key[Prefix("").Length..], found.Size ?? 0, found.ETag)
                {
                    ModifiedAt = Moment(found.LastModified),
                };
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    public async Task DeleteAsync(string key, CancellationToken ct)
    {
        CheckKey(key);
        try
        {
            await _s3.CallAsync("s3:DeleteObject", key, (client, attempt) => client.DeleteObjectAsync(
                new DeleteObjectRequest { BucketName = address.Bucket, Key = _s3.FullKey(key) }, attempt.Token), ct);
        }
        catch (FaultException e) when (e.InnerException is { } cause && S3Errors.IsCode(cause, "NoSuchKey"))
        {
            // Some services report a missing object as an error; it is gone, as intended.
        }
    }

    /// <summary>Deletes exactly the object that was found. Without versions, checks once more just before the
    /// deletion.</summary>
    internal async Task DeleteAsync(StoredObject found, CancellationToken ct)
    {
        if (found.VersionId is null
            && (await FindAsync(found.Key, ct) is not { } now || (now.ETag, now.Upload) != (found.ETag, found.Upload)))
            throw new FaultException(StorageFaults.UploadReplaced(Address, found.Key));
        await _s3.CallAsync("s3:DeleteObject", found.Key, (client, attempt) => client.DeleteObjectAsync(
            new DeleteObjectRequest
            {
                BucketName = address.Bucket, Key = _s3.FullKey(found.Key), VersionId = found.VersionId,
            }, attempt.Token), ct);
    }

    public async Task<SignedLink> SignAsync(string key, TimeSpan lifetime, CancellationToken ct)
    {
        CheckKey(key);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        if (await _s3.MayBeElsewhereAsync(ct))
            await CheckAsync(ct);
        var request =
            new GetPreSignedUrlRequest { BucketName = address.Bucket, Key = _s3.FullKey(key), Verb = HttpVerb.GET };
        var now = clock.GetUtcNow();
        var expires = now + (lifetime < _linkLifeMax ? lifetime : _linkLifeMax);
        var url = await _s3.CallAsync("s3:GetObject", key, (client, _) =>
        {
            // A link signed with temporary keys expires with them.
            if (_s3.Credentials?.Expiration is { } end && new DateTimeOffset(end.ToUniversalTime()) < expires)
                expires = new DateTimeOffset(end.ToUniversalTime());
            request.Expires = expires.UtcDateTime;
            request.Protocol = _s3.IsPlainHttp ? Protocol.HTTP : Protocol.HTTPS;
            return client.GetPreSignedURLAsync(request);
        }, ct);
        return new SignedLink(new Secret(url), expires);
    }

    public Task<int> AbortUploadsAsync(string key, CancellationToken ct)
    {
        CheckKey(key);
        return new S3Uploads(_s3).AbortAllAsync(key, ct);
    }

    public ValueTask DisposeAsync()
    {
        _s3.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Null: no such object. HEAD gives the same bare 404 for a missing bucket; other requests tell the two
    /// apart.</summary>
    internal static async Task<GetObjectMetadataResponse?> HeadAsync(S3Connection s3, string key, CancellationToken ct)
    {
        try
        {
            return await s3.CallAsync("s3:GetObject", key, (client, attempt) => client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = s3.Address.Bucket, Key = s3.FullKey(key) }, attempt.Token),
                ct);
        }
        catch (FaultException e)
            when (e.InnerException is AmazonServiceException { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    /// <summary>The ETag is a checksum if the part sizes are known and the service did not encrypt with the user's key.
    /// A copy with other part sizes keeps our plan in its metadata, so the ETag is compared with the plan.
    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html (ETag)</summary>
    internal static StoredObject Describe(string key, GetObjectMetadataResponse head)
    {
        var plan = PartPlan.TryParse(head.Metadata[S3PartSink.PlanMetadata]);
        var isChecksum = plan is not null && IsOfParts(head.ETag.Trim('"'), plan, head.ContentLength)
            && head.ServerSideEncryptionMethod?.Value is null or "" or "AES256"
            && string.IsNullOrEmpty(head.ServerSideEncryptionCustomerMethod?.Value);
        return new(key, head.ContentLength, head.ETag)
        {
            Checksum = isChecksum ? head.ETag.Trim('"') : null,
            Plan = plan,
            Upload = head.Metadata[S3PartSink.UploadMetadata],
            ModifiedAt = Moment(head.LastModified),
            VersionId = head.VersionId is { Length: > 0 } id and not "null" ? id : null,
        };
    }

    // Whether the ETag has the form for an object uploaded by this plan: an MD5, then the number of parts unless the
    // object is smaller than one part.
    private static bool IsOfParts(string etag, PartPlan plan, long bytes)
    {
        const int Digits = 32;
        if (etag.Length < Digits || !etag[..Digits].All(char.IsAsciiHexDigit))
            return false;
        var count = 1;
        var held = (long)plan.SizeOf(1);
        while (held < bytes && count < S3Limits.PartsMax)
            held += plan.SizeOf(++count);
        return etag.Length == Digits
            ? bytes < plan.SizeOf(1) : etag[Digits..] == string.Create(CultureInfo.InvariantCulture, $"-{count}");
    }

    private void CheckKey(string key)
    {
        ObjectKey.Check(key);
        ObjectKey.Check(_s3.FullKey(key));
    }

    private string Prefix(string prefix) => _s3.FullPrefix(prefix);

    private static DateTimeOffset? Moment(DateTime? at) =>
        at is { } known ? new DateTimeOffset(known.ToUniversalTime()) : null;
}
