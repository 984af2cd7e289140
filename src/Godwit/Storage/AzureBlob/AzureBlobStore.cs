using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Godwit.Faults;
using Godwit.Storage.AzureBlob.Buckets;
using Godwit.Storage.Buckets;
using Godwit.Storage.Parts;

namespace Godwit.Storage.AzureBlob;

/// <summary>The service always encrypts at rest, so nothing has to be switched on.</summary>
internal sealed class AzureBlobStore(StoreAddress.AzureBlob address, AzureBlobOptions options, TimeProvider clock)
    : IObjectStore
{
    private readonly AzureBlobConnection _azure = new(address, options, clock);

    public string Address => address.ToString();

    public IBucket Bucket => new AzureContainer(_azure);

    public Task CheckAsync(CancellationToken ct) => PageAsync(Prefix(""), "metadata", null, ct, ("maxresults", "1"));

    public async Task CheckWritableAsync(CancellationToken ct)
    {
        // A random name: otherwise two checks at once would each take the other's block for an upload under way.
        var key = $"{GodwitKeys.WriteCheck}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var sink = new AzureBlobPartSink(_azure, key);
        ArraySegment<byte> one = new([0]);
        await sink.SendAsync(new Part(1, one, PartsDigest.Of(one)), ct);
        // Also shows whether we may delete.
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
                    // Snapshots made by somebody's backup hold the same data.
                    Headers = new Dictionary<string, string> { ["x-ms-delete-snapshots"] = "include" },
                },
                ct);
        }
        catch (FaultException e)
            when (AzureBlobErrors.Behind(e) is { Status: HttpStatusCode.NotFound, Code: not "ContainerNotFound" })
        {
            // The object is already gone.
        }
    }

    // Deletes exactly the object that was found. The service refuses if the object has snapshots.
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

    public ValueTask DisposeAsync()
    {
        _azure.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Null: no such object, or only an empty one that is about to be deleted.</summary>
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

    internal static bool IsDiscarded(ListedBlob blob) =>
        blob.Metadata.ContainsKey(AzureBlobLeftovers.DiscardedMetadata["x-ms-meta-".Length..]);

    /// <summary>An account with a hierarchical namespace lists its folders too.
    /// https://learn.microsoft.com/en-us/azure/storage/blobs/data-lake-storage-namespace</summary>
    internal static bool IsFolder(ListedBlob blob) => blob.Metadata.GetValueOrDefault("hdi_isfolder") == "true";

    private void CheckKey(string key)
    {
        ObjectKey.Check(key);
        ObjectKey.Check(_azure.FullKey(key));
    }

    private string Prefix(string prefix) => address.Prefix.Length == 0 ? prefix : $"{address.Prefix}/{prefix}";
}
