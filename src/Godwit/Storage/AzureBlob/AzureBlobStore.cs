using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Godwit.Faults;
using Godwit.Storage.Parts;

namespace Godwit.Storage.AzureBlob;

/// <summary>A container of Azure Blob Storage. What lies there is always encrypted by the service; there is nothing to
/// switch on.</summary>
internal sealed class AzureBlobStore(StoreAddress.AzureBlob address, AzureBlobOptions options, TimeProvider clock)
    : IObjectStore, IStoreInspection, IStoreCreation, IStoreVersions, ISoftDelete
{
    /// <summary>Objects without a byte that are asked about one by one, to tell empty ones from such as never came to
    /// be.</summary>
    private const int EmptyLooksMax = 100;

    /// <summary>The same of those with our names: nobody has so many runs, and it must end.</summary>
    private const int OwnLooksMax = 1000;

    /// <summary>Of a list of unfinished uploads, five thousand blobs each: where more lie, ours have been found by
    /// name.</summary>
    private const int PagesMax = 20;

    private readonly AzureBlobConnection _azure = new(address, options, clock);

    public bool IsLocal => false;

    public string Address => address.ToString();

    public bool TellsVersion => true;

    public string VersionRights =>
        "the right to delete versions (the role Storage Blob Data Contributor; of a SAS the letter x)";

    public ObjectStoreLimits Limits { get; } = new(AzureBlobLimits.ObjectBytesMax, AzureBlobLimits.BlocksMax,
        PartBytesMin: 1);

    public Task CheckAsync(CancellationToken ct) => PageAsync(Prefix(""), "metadata", null, ct, ("maxresults", "1"));

    public async Task CheckWritableAsync(CancellationToken ct)
    {
        // Under a name of its own: two that check at once would each take the other's block for an upload under way.
        var key = $"{GodwitKeys.WriteCheck}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var sink = new AzureBlobPartSink(_azure, key);
        ArraySegment<byte> one = new([0]);
        await sink.SendAsync(new Part(1, one, PartsDigest.Of(one)), ct);
        // Also shows whether we may delete, before there is something that should be.
        await sink.AbortAsync(ct);
    }

    public async Task<StoredObject> PutAsync(string key, ObjectUpload what, CancellationToken ct)
    {
        CheckKey(key);
        var sink = new AzureBlobPartSink(_azure, key);
        var total = await new PartsUpload(sink, Address, what, clock).RunAsync(ct);
        var check = new UploadCheck(Address, key, sink.Upload, DeleteFoundAsync, clock);
        var stored = await check.RequireWholeAsync(total, await FindAsync(key, ct));
        return await sink.HasBlocksAsync(stored, ct) switch
        {
            true => stored,
            false => throw new FaultException(AzureBlobFaults.BlocksDiffer(Address, key,
                await check.TryDeleteAsync(stored))),
            null => throw new FaultException(StorageFaults.UploadReplaced(Address, key)),
        };
    }

    public Task<Stream> OpenAsync(string key, long offsetBytes, CancellationToken ct) =>
        OpenAsync(key, new ObjectRange(offsetBytes), ct);

    public Task<Stream> OpenAsync(string key, ObjectRange range, CancellationToken ct)
    {
        CheckKey(key);
        return AzureBlobStream.OpenAsync(_azure, key, range.Require(), ct);
    }

    public async Task<StoredObject?> FindAsync(string key, CancellationToken ct)
    {
        CheckKey(key);
        return await HeadAsync(_azure, key, ct) is { } head
            ? new(key, head.ContentLength, head.ETag)
            {
                Checksum = head[AzureBlobPartSink.ChecksumMetadata],
                Plan = PartPlan.TryParse(head[AzureBlobPartSink.PlanMetadata]),
                Upload = head[AzureBlobPartSink.UploadMetadata],
                VersionId = head["x-ms-version-id"],
            }
            : null;
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        string? next = null;
        do
        {
            var page = await PageAsync(Prefix(prefix), "metadata", next, ct);
            foreach (var blob in page.Blobs.Where(blob => !IsDiscarded(blob) && !IsFolder(blob)))
                yield return new StoredObject(KeyOf(blob), blob.SizeBytes, blob.ETag) { ModifiedAt = blob.At };
            next = page.Next;
        }
        while (next is not null);
    }

    public async Task DeleteAsync(string key, CancellationToken ct)
    {
        CheckKey(key);
        try
        {
            await _azure.CallAsync(
                new AzureBlobCall(HttpMethod.Delete, AzureRight.Delete)
                {
                    Key = key,
                    // What somebody's backup took of it holds the same data.
                    Headers = new Dictionary<string, string> { ["x-ms-delete-snapshots"] = "include" },
                },
                ct);
        }
        catch (FaultException e)
            when (AzureBlobErrors.Behind(e) is { Status: HttpStatusCode.NotFound, Code: not "ContainerNotFound" })
        {
            // Gone is what was wanted.
        }
    }

    /// <summary>Exactly what was found; with somebody's snapshots of it the service refuses.</summary>
    private Task DeleteFoundAsync(StoredObject found, CancellationToken ct) => _azure.CallAsync(
        new AzureBlobCall(HttpMethod.Delete, AzureRight.Delete)
        {
            Key = found.Key, Headers = new Dictionary<string, string> { ["If-Match"] = found.ETag },
        }, ct);

    public Task<SignedLink> SignAsync(string key, TimeSpan lifetime, CancellationToken ct)
    {
        CheckKey(key);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        return new AzureBlobLinks(_azure).SignAsync(key, lifetime, ct);
    }

    public Task<int> AbortUploadsAsync(string key, CancellationToken ct)
    {
        CheckKey(key);
        return new AzureBlobLeftovers(_azure).RemoveAsync(key, onlyUpload: null, ct);
    }

    public Task<IReadOnlyList<OldVersion>> FindVersionsAsync(string prefix, CancellationToken ct) =>
        new AzureBlobKept(_azure).FindVersionsAsync(prefix, ct);

    public Task DeleteVersionAsync(OldVersion version, CancellationToken ct) =>
        new AzureBlobKept(_azure).DeleteVersionAsync(version, ct);

    public Task<Remains.SoftDeleted?> FindDeletedAsync(string key, CancellationToken ct) =>
        new AzureBlobKept(_azure).FindDeletedAsync(key, ct);

    public Task<StorePrivacy> FindPrivacyAsync(CancellationToken ct) => new AzureContainer(_azure).FindPrivacyAsync(ct);

    public Task<bool> ExistsAsync(CancellationToken ct) => new AzureContainer(_azure).ExistsAsync(ct);

    public Task<StoreCreation> CreateAsync(StoreUse use, CancellationToken ct) =>
        new AzureContainer(_azure).CreateAsync(ct);

    public async Task<IReadOnlyList<UnfinishedUpload>> FindUnfinishedAsync(CancellationToken ct)
    {
        // Ours by name first, and all of them; then what has another name, as far as a container full of others'
        // blobs allows.
        var unfinished = new List<UnfinishedUpload>();
        foreach (var (prefix, looksMax) in new[] { (GodwitKeys.Prefix, OwnLooksMax), ("", EmptyLooksMax) })
        {
            var looks = 0;
            string? next = null;
            for (var pages = 0; pages < PagesMax && (pages == 0 || next is not null); pages++)
            {
                // A list shows what was never committed as an empty object.
                var page = await PageAsync(Prefix(prefix), "metadata,uncommittedblobs", next, ct);
                foreach (var blob in page.Blobs.Where(blob =>
                    blob.SizeBytes == 0 && !IsFolder(blob) && unfinished.TrueForAll(one => one.Key != KeyOf(blob))))
                {
                    if (IsDiscarded(blob)
                        || (looks++ < looksMax && await HeadAnyAsync(_azure, KeyOf(blob), ct) is null))
                        unfinished.Add(new(KeyOf(blob), blob.At ?? DateTimeOffset.UnixEpoch));
                }

                next = page.Next;
            }
        }

        return unfinished;
    }

    public Task<long?> FindFreeBytesAsync(CancellationToken ct) => Task.FromResult<long?>(null);

    public ValueTask DisposeAsync()
    {
        _azure.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Null when there is no such object, or one that is about to be deleted.</summary>
    internal static async Task<AzureBlobAnswer?> HeadAsync(
        AzureBlobConnection azure, string key, CancellationToken ct) =>
        await HeadAnyAsync(azure, key, ct) is { } head && !AzureBlobLeftovers.IsDiscarded(head) ? head : null;

    internal static async Task<AzureBlobAnswer?> HeadAnyAsync(
        AzureBlobConnection azure, string key, CancellationToken ct)
    {
        try
        {
            return await azure.CallAsync(new AzureBlobCall(HttpMethod.Head, AzureRight.Read) { Key = key }, ct);
        }
        catch (FaultException e)
            when (AzureBlobErrors.Behind(e) is { Status: HttpStatusCode.NotFound, Code: not "ContainerNotFound" })
        {
            return null;
        }
    }

    private Task<BlobPage> PageAsync(
        string prefix, string include, string? marker, CancellationToken ct, params (string, string)[] more) =>
        PageAsync(_azure, prefix, include, marker, ct, more);

    internal static async Task<BlobPage> PageAsync(
        AzureBlobConnection azure, string prefix, string include, string? marker, CancellationToken ct,
        params (string, string)[] more)
    {
        List<(string, string)> query = [("restype", "container"), ("comp", "list"), ("include", include), .. more];
        if (prefix.Length > 0)
            query.Add(("prefix", prefix));
        if (marker is not null)
            query.Add(("marker", marker));
        var answer = await azure.CallAsync(new AzureBlobCall(HttpMethod.Get, AzureRight.List) { Query = query }, ct);
        return AzureBlobXml.Page(answer.Body);
    }

    private string KeyOf(ListedBlob blob) => blob.Name[Prefix("").Length..];

    private static bool IsDiscarded(ListedBlob blob) =>
        blob.Metadata.ContainsKey(AzureBlobLeftovers.DiscardedMetadata["x-ms-meta-".Length..]);

    /// <summary>An account with a hierarchical namespace lists its folders too.
    /// https://learn.microsoft.com/en-us/azure/storage/blobs/data-lake-storage-namespace</summary>
    private static bool IsFolder(ListedBlob blob) => blob.Metadata.GetValueOrDefault("hdi_isfolder") == "true";

    private void CheckKey(string key)
    {
        ObjectKey.Check(key);
        ObjectKey.Check(_azure.FullKey(key));
    }

    private string Prefix(string prefix) => address.Prefix.Length == 0 ? prefix : $"{address.Prefix}/{prefix}";
}
