using System.Collections.Concurrent;
using Godwit.Faults;
using Godwit.Storage.Calls;
using Godwit.Storage.Parts;

namespace Godwit.Storage.AzureBlob;

/// <summary>Uploads one block blob. Even a small one is sent as a block: an object made in one call has no block list,
/// so a failed upload that was to replace it could not commit it again unchanged (see
/// <see cref="AzureBlobLeftovers"/>).</summary>
internal sealed class AzureBlobPartSink(AzureBlobConnection azure, string key) : IPartSink
{
    public const string ContentType = "application/octet-stream";

    // Metadata names must be C# identifiers, so without hyphens.
    public const string PlanMetadata = "x-ms-meta-godwit_parts";
    public const string ChecksumMetadata = "x-ms-meta-godwit_checksum";
    public const string UploadMetadata = "x-ms-meta-godwit_upload";

    // The service joins up to 50,000 blocks before it answers.
    private static readonly TimeSpan CompleteMax = TimeSpan.FromMinutes(10);

    // Time for a block that was fully sent to be acknowledged after cancellation. A block cut short is dropped by the
    // service.
    private static readonly TimeSpan LandingMax = TimeSpan.FromSeconds(5);

    private readonly BlockIds _ids = new();
    private readonly ConcurrentDictionary<string, int> _sizes = new(StringComparer.Ordinal);
    private IReadOnlyList<Block> _sent = [];
    private PartPlan? _plan;

    public string Upload => _ids.Upload;

    public int PartsMax => AzureBlobLimits.BlocksMax;

    public async Task PutWholeAsync(Part part, PartPlan plan, CancellationToken ct)
    {
        _plan = plan;
        // A block cannot be empty, but a blob can have no blocks.
        IReadOnlyList<SentPart> sent = part.Content.Count == 0 ? [] : [new SentPart(1, await SendAsync(part, ct))];
        await CompleteAsync(sent, new PartsTotal(part.Content.Count, Convert.ToHexStringLower(part.Md5)), ct);
    }

    // An upload starts with its first block, so there is nothing to open.
    public Task BeginAsync(PartPlan plan, CancellationToken ct)
    {
        _plan = plan;
        return Task.CompletedTask;
    }

    public async Task<string> SendAsync(Part part, CancellationToken ct)
    {
        var id = _ids.Of(part.Number);
        await azure.CallAsync(
            new AzureBlobCall(HttpMethod.Put, AzureRight.Write)
            {
                Key = key,
                Query = [("comp", "block"), ("blockid", id)],
                Body = part.Content,
                BodyMd5 = part.Md5,
                BodyType = ContentType,
                LandingMax = LandingMax,
            },
            azure.Options.PartAttemptsMax, StoreRetry.StallMax, ct);
        _sizes[id] = part.Content.Count;
        return id;
    }

    public async Task CompleteAsync(IReadOnlyList<SentPart> parts, PartsTotal total, CancellationToken ct)
    {
        _sent = [.. parts.Select(part => new Block(part.Mark, _sizes[part.Mark]))];
        var list = AzureBlobCall.Utf8(AzureBlobXml.ToCommit("Latest", parts.Select(part => part.Mark)));
        var call = new AzureBlobCall(HttpMethod.Put, AzureRight.Write)
        {
            Key = key,
            Query = [("comp", "blocklist")],
            Headers = new Dictionary<string, string>
            {
                ["x-ms-blob-content-type"] = ContentType,
                [PlanMetadata] = _plan!.ToString(),
                [ChecksumMetadata] = total.Checksum,
                [UploadMetadata] = _ids.Upload,
            },
            Body = list,
            BodyMd5 = PartsDigest.Of(list),
            BodyType = "application/xml",
        };
        try
        {
            // Committing the same list again is harmless: the blocks are then found in the object itself.
            await azure.CallAsync(call, azure.Options.PartAttemptsMax, CompleteMax, ct);
        }
        catch (FaultException) when (!ct.IsCancellationRequested)
        {
            // The commit may have succeeded and only its answer been lost.
            if (!await IsThereAsync(total, ct))
                throw;
        }
    }

    /// <summary>Removes only this upload's blocks. If <see cref="CompleteAsync"/> failed but had succeeded at the
    /// service, nothing is removed: the object is whole.</summary>
    public Task AbortAsync(CancellationToken ct) => new AzureBlobLeftovers(azure).RemoveAsync(key, _ids.Upload, ct);

    /// <summary>Whether the object consists of the sent blocks, in order and with their sizes. The service checked each
    /// block's MD5 on arrival; it keeps no checksum of the whole object.</summary>
    /// <param name="found">Found after <see cref="CompleteAsync"/>.</param>
    /// <returns>Null: the object is gone or was replaced.</returns>
    public async Task<bool?> HasBlocksAsync(StoredObject found, CancellationToken ct)
    {
        // Without blocks there is no list to compare, and the size was compared before.
        if (_sent.Count == 0)
            return true;
        var there = await AzureBlobLeftovers.FindBlocksAsync(azure, key, "committed", ct);
        return there is null || there.ETag != found.ETag ? null : there.Committed.SequenceEqual(_sent);
    }

    private async Task<bool> IsThereAsync(PartsTotal total, CancellationToken ct)
    {
        try
        {
            var found = await AzureBlobStore.HeadAsync(azure, key, ct);
            return found is not null && found.ContentLength == total.Bytes && found[UploadMetadata] == _ids.Upload;
        }
        catch (FaultException)
        {
            // The caller reports the first error.
            return false;
        }
    }
}
