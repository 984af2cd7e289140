using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Godwit.Faults;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.AzureBlob.Buckets;

/// <summary>What an account keeps of deleted or replaced blobs: old versions (blob versioning) and deleted blobs for
/// some days (soft delete). Both are settings of the account, which a SAS of a container may not read, so they are seen
/// by listing blobs. https://learn.microsoft.com/en-us/azure/storage/blobs/versioning-overview,
/// https://learn.microsoft.com/en-us/azure/storage/blobs/soft-delete-blob-overview and
/// https://learn.microsoft.com/en-us/rest/api/storageservices/list-blobs#uri-parameters</summary>
internal sealed class AzureRetention(AzureBlobConnection azure)
{
    // Pages of 5,000 blobs each; Godwit does not make more.
    private const int PagesMax = 20;

    public async Task<IReadOnlyList<OldVersion>> FindVersionsAsync(string prefix, CancellationToken ct)
    {
        var found = new List<OldVersion>();
        try
        {
            await foreach (var blob in ListAsync(prefix, "versions", ct))
            {
                if (blob is { VersionId: { } id, IsCurrentVersion: false })
                    found.Add(new(KeyOf(blob), id, blob.SizeBytes, At(id, blob), IsMarker: false));
            }
        }
        catch (FaultException e) when (AzureBlobErrors.Behind(e) is
        { Status: HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.NotImplemented })
        {
            // An account with a hierarchical namespace has no versions and refuses the list.
            return [];
        }

        return found;
    }

    public async Task DeleteVersionAsync(OldVersion version, CancellationToken ct)
    {
        try
        {
            await azure.CallAsync(new AzureBlobCall(HttpMethod.Delete, AzureRight.DeleteVersion)
            {
                Key = version.Key,
                Query = [("versionid", version.Id)],
            }, ct);
        }
        catch (FaultException e) when (AzureBlobErrors.Behind(e) is
        { Status: HttpStatusCode.NotFound, Code: not "ContainerNotFound" })
        {
            // Somebody else has already deleted the version.
        }
    }

    public async Task<RetainedObject.SoftDeleted?> FindDeletedAsync(string key, CancellationToken ct)
    {
        var (address, now) = (azure.Address, azure.Clock.GetUtcNow());
        int? days = null;
        try
        {
            await foreach (var blob in ListAsync(key, "deleted,versions", ct))
            {
                if (blob is { DeletedDaysLeft: { } left } && KeyOf(blob) == key)
                    days = Math.Max(days ?? 0, left);
            }
        }
        catch (FaultException e) when (AzureBlobErrors.Behind(e) is { Status: < (HttpStatusCode)500 } said)
        {
            throw new FaultException(StorageFaults.DeletedUnseen($"{address}",
                $"Azure did not list deleted blobs ({said.Message.TrimEnd('.')})"), e);
        }

        return days is { } stays
            ? new(now.AddDays(stays),
                AzureBlobFaults.UntilSoftDeleteEnds(address.Account, address.Container, azure.FullKey(key)))
            : null;
    }

    // A version's id is the time it was made.
    private static DateTimeOffset At(string id, ListedBlob blob) =>
        DateTimeOffset.TryParse(id, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : blob.At ?? DateTimeOffset.UnixEpoch;

    private string KeyOf(ListedBlob blob) => blob.Name[azure.FullKey("").Length..];

    private async IAsyncEnumerable<ListedBlob> ListAsync(
        string prefix, string include, [EnumeratorCancellation] CancellationToken ct)
    {
        string? next = null;
        for (var pages = 0; pages < PagesMax && (pages == 0 || next is not null); pages++)
        {
            var page = await AzureBlobStore.PageAsync(azure, azure.FullKey(prefix), include, next, ct);
            foreach (var blob in page.Blobs)
                yield return blob;
            next = page.Next;
        }
    }
}
