using System.Net;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>Removes blocks that were sent and never committed. Azure has no call for that, and keeps and charges them
/// for a week.</summary>
/// <remarks>
/// <para>A commit keeps the blocks it names and drops all other blocks of the blob. If the object does not exist, an
/// empty one is committed and deleted at once; a mark keeps Godwit from treating it as an object in between. If the
/// object exists, it is committed again unchanged. Both happen only if nobody has finished an upload since we looked
/// (<c>If-None-Match</c>, <c>If-Match</c>): that other commit has dropped our blocks as well.</para>
/// <para>If another upload to the same blob may be under way, nothing is removed: the last of the two to end drops our
/// blocks too.</para>
/// https://learn.microsoft.com/en-us/rest/api/storageservices/put-block-list#remarks </remarks>
internal sealed class AzureBlobLeftovers(AzureBlobConnection azure)
{
    /// <summary>Marks an empty object that is about to be deleted.</summary>
    public const string DiscardedMetadata = "x-ms-meta-godwit_discarded";

    // An attempt fails only when somebody else has just finished an upload. Three times in a row is not expected.
    private const int LooksMax = 3;

    private static readonly string[] TextHeaders = ["Content-Type", "Content-Encoding", "Content-Language",
        "Content-Disposition", "Content-MD5", "Cache-Control"];

    /// <param name="onlyUpload">Removes nothing if another upload has blocks. Null: removes every upload's
    /// blocks.</param>
    /// <returns>Uploads removed.</returns>
    public async Task<int> RemoveAsync(string key, string? onlyUpload, CancellationToken ct)
    {
        var removed = 0;
        for (var look = 0; look < LooksMax; look++)
        {
            var there = await AzureBlobStore.HeadAnyAsync(azure, key, ct);
            var (_, committed, uncommitted) = await FindBlocksAsync(azure, key, "all", ct) ?? new("", [], []);
            var uploads = uncommitted.Select(block => BlockIds.UploadOf(block.Id)).Distinct().ToList();
            var isDiscarded = there is not null && IsDiscarded(there);
            if (uploads.Count == 0 && !isDiscarded)
                return removed;
            if (onlyUpload is not null && uploads.Any(upload => upload != onlyUpload))
                return removed;
            if (there is not null && !isDiscarded && !CanCommitAgain(there, committed))
                return removed;
            removed = Math.Max(removed, Math.Max(uploads.Count, 1));
            if (there is null
                || isDiscarded ? await DiscardAsync(key, there, ct) : await CommitAgainAsync(key, there, committed, ct))
                return removed;
        }

        return removed;
    }

    public static bool IsDiscarded(AzureBlobAnswer head) => head[DiscardedMetadata] is not null;

    /// <param name="which"><c>committed</c> or <c>all</c>.</param>
    /// <returns>Null: there is neither an object nor a block. Without an object, the ETag is empty.</returns>
    public static async Task<BlobBlocks?> FindBlocksAsync(
        AzureBlobConnection azure, string key, string which, CancellationToken ct)
    {
        try
        {
            var answer = await azure.CallAsync(
                new AzureBlobCall(HttpMethod.Get, AzureRight.Read)
                {
                    Key = key, Query = [("comp", "blocklist"), ("blocklisttype", which)],
                }, ct);
            var (committed, uncommitted) = AzureBlobXml.BlockList(answer.Body);
            return new(answer.ETag, committed, uncommitted);
        }
        catch (FaultException e)
            when (AzureBlobErrors.Behind(e) is { Status: HttpStatusCode.NotFound, Code: not "ContainerNotFound" })
        {
            return null;
        }
    }

    // Whether committing the same blocks again gives the same object. False for an object made in a single call, and
    // for one with properties that only other calls can set.
    private static bool CanCommitAgain(AzureBlobAnswer there, IReadOnlyList<Block> committed) =>
        committed.Sum(block => block.SizeBytes) == there.ContentLength
        && (there["x-ms-tag-count"] ?? "0") == "0"
        && there["x-ms-access-tier"] != "Archive"
        && there.Headers.Values.All(value => value.All(char.IsAscii));

    /// <returns>False: the object was changed meanwhile.</returns>
    private Task<bool> CommitAgainAsync(
        string key, AzureBlobAnswer there, IReadOnlyList<Block> committed, CancellationToken ct)
    {
        var headers = new Dictionary<string, string> { ["If-Match"] = there.ETag };
        foreach (var name in TextHeaders)
        {
            if (there[name] is { } value)
                headers["x-ms-blob-" + name.ToLowerInvariant()] = value;
        }

        foreach (var (name, value) in there.Headers.Where(header =>
            header.Key.StartsWith("x-ms-meta-", StringComparison.OrdinalIgnoreCase)))
            headers[name] = value;
        if (there["x-ms-access-tier"] is { } tier && there["x-ms-access-tier-inferred"] != "true")
            headers["x-ms-access-tier"] = tier;
        if (there["x-ms-encryption-scope"] is { } scope)
            headers["x-ms-encryption-scope"] = scope;
        return UnlessChangedAsync(() =>
            CommitAsync(key, headers, AzureBlobXml.ToCommit("Committed", committed.Select(block => block.Id)), ct));
    }

    private Task<bool> DiscardAsync(string key, AzureBlobAnswer? there, CancellationToken ct) =>
        UnlessChangedAsync(async () =>
        {
            var headers = new Dictionary<string, string>
            {
                [there is null ? "If-None-Match" : "If-Match"] = there?.ETag ?? "*",
                [DiscardedMetadata] = "1",
            };
            var empty = await CommitAsync(key, headers, AzureBlobXml.ToCommit("Committed", []), ct);
            await azure.CallAsync(
                new AzureBlobCall(HttpMethod.Delete, AzureRight.Delete)
                {
                    Key = key, Headers = new Dictionary<string, string> { ["If-Match"] = empty.ETag },
                }, ct);
        });

    private Task<AzureBlobAnswer> CommitAsync(
        string key, Dictionary<string, string> headers, string list, CancellationToken ct) => azure.CallAsync(
            new AzureBlobCall(HttpMethod.Put, AzureRight.Write)
            {
                Key = key,
                Query = [("comp", "blocklist")],
                Headers = headers,
                Body = AzureBlobCall.Utf8(list),
                BodyType = "application/xml",
            },
            ct);

    private static async Task<bool> UnlessChangedAsync(Func<Task> change)
    {
        try
        {
            await change();
            return true;
        }
        catch (FaultException e) when (IsChanged(AzureBlobErrors.Behind(e)))
        {
            return false;
        }
    }

    private static bool IsChanged(AzureBlobException? e) =>
        e?.Code is "BlobAlreadyExists" or "BlobNotFound" or "InvalidBlockList"
            || e is { Status: HttpStatusCode.PreconditionFailed, Code: not "LeaseIdMissing" };
}
