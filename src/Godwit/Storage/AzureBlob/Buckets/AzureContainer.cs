using System.Net;
using Godwit.Faults;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.AzureBlob.Buckets;

internal sealed class AzureContainer(AzureBlobConnection azure) : IBucket
{
    // How many empty objects are asked about one by one, to tell them from uploads that were never committed.
    private const int EmptyLooksMax = 100;

    // The same bound for names that Godwit gives: nobody has so many runs, and the loop must end.
    private const int OwnLooksMax = 1000;

    // Pages of 5,000 blobs each in the list of unfinished uploads. In a larger container, Godwit's own uploads have
    // already been found by name.
    private const int PagesMax = 20;

    private const string PublicHeader = "x-ms-blob-public-access";

    private static readonly (string, string)[] Container = [("restype", "container")];

    public bool IsLocal => false;

    public bool TellsVersion => true;

    public string VersionRights =>
        "the right to delete versions (the role Storage Blob Data Contributor; of a SAS the letter x)";

    public async Task<StorePrivacy> FindPrivacyAsync(CancellationToken ct)
    {
        try
        {
            var answer =
                await azure.CallAsync(new AzureBlobCall(HttpMethod.Get, AzureRight.Look) { Query = Container }, ct);
            return answer[PublicHeader] switch
            {
                null or "" => new(PrivacyVerdict.Private, "its public access is off"),
                "container" => new(PrivacyVerdict.Public,
                    "its public access is set to 'container': everybody can list it and read what is in it"),
                var level => new(PrivacyVerdict.Public,
                    $"its public access is set to '{level}': everybody who knows an object's name can read it"),
            };
        }
        catch (FaultException e) when (AzureBlobErrors.Behind(e) is { Status: HttpStatusCode.Forbidden })
        {
            return new(PrivacyVerdict.Unknown, $"{azure.Credential.Origin} may not ask for the container's properties");
        }
    }

    public async Task<bool> ExistsAsync(CancellationToken ct)
    {
        try
        {
            // A list and not the properties: a SAS of the container may only list.
            await azure.CallAsync(
                new AzureBlobCall(HttpMethod.Get, AzureRight.List)
                {
                    Query = [.. Container, ("comp", "list"), ("maxresults", "1")],
                }, ct);
            return true;
        }
        catch (FaultException e) when (AzureBlobErrors.Behind(e) is { Code: "ContainerNotFound" })
        {
            return false;
        }
    }

    public async Task<StoreCreation> CreateAsync(StoreUse use, CancellationToken ct)
    {
        if (await ExistsAsync(ct))
            return new(false);
        try
        {
            // Without the header for public access there is none.
            await azure.CallAsync(new AzureBlobCall(HttpMethod.Put, AzureRight.Create) { Query = Container }, ct);
        }
        catch (FaultException e) when (AzureBlobErrors.Behind(e) is { Code: "ContainerAlreadyExists" })
        {
            return new(false);
        }
        catch (FaultException e) when (AzureBlobErrors.Behind(e) is { Status: HttpStatusCode.Forbidden }
            && e.Fault.Code is "storage.azure_role_missing" or "storage.azure_sas_too_narrow")
        {
            throw new FaultException(CreationFaults.MayNotCreate("container", azure.Address.Container,
                "Microsoft.Storage/storageAccounts/blobServices/containers/write"), e);
        }

        return new(true)
        {
            Protections = ["its public access is off",
                "what lies in it is encrypted at rest, as everything at Azure is"],
            Notes = ["Azure sets rules that delete what is forgotten for a whole account, so none was made; "
                + "blocks that were never joined go after a week by themselves"],
        };
    }

    public async Task<IReadOnlyList<UnfinishedUpload>> FindUnfinishedAsync(CancellationToken ct)
    {
        // First all uploads with Godwit's names; then other names, as far as the bound allows in a container full of
        // other blobs.
        var unfinished = new List<UnfinishedUpload>();
        foreach (var (prefix, looksMax) in new[] { (GodwitKeys.Prefix, OwnLooksMax), ("", EmptyLooksMax) })
        {
            var looks = 0;
            string? next = null;
            for (var pages = 0; pages < PagesMax && (pages == 0 || next is not null); pages++)
            {
                // The list shows a blob that was never committed as an empty object.
                var page = await AzureBlobStore.PageAsync(
                    azure, azure.FullKey(prefix), "metadata,uncommittedblobs", next, ct);
                foreach (var blob in page.Blobs.Where(blob => blob.SizeBytes == 0 && !AzureBlobStore.IsFolder(blob)
                    && unfinished.TrueForAll(one => one.Key != KeyOf(blob))))
                {
                    if (AzureBlobStore.IsDiscarded(blob)
                        || (looks++ < looksMax && await AzureBlobStore.HeadAnyAsync(azure, KeyOf(blob), ct) is null))
                        unfinished.Add(new(KeyOf(blob), blob.At ?? DateTimeOffset.UnixEpoch));
                }

                next = page.Next;
            }
        }

        return unfinished;
    }

    /// <summary>Removes all uploads of the key: the service does not tell them apart.</summary>
    public Task AbortAsync(UnfinishedUpload upload, CancellationToken ct)
    {
        ObjectKey.Check(upload.Key);
        ObjectKey.Check(azure.FullKey(upload.Key));
        return new AzureBlobLeftovers(azure).RemoveAsync(upload.Key, onlyUpload: null, ct);
    }

    public Task<IReadOnlyList<OldVersion>> FindVersionsAsync(string prefix, CancellationToken ct) =>
        new AzureRetention(azure).FindVersionsAsync(prefix, ct);

    public Task DeleteVersionAsync(OldVersion version, CancellationToken ct) =>
        new AzureRetention(azure).DeleteVersionAsync(version, ct);

    public Task<RetainedObject.SoftDeleted?> FindDeletedAsync(string key, CancellationToken ct) =>
        new AzureRetention(azure).FindDeletedAsync(key, ct);

    private string KeyOf(ListedBlob blob) => blob.Name[azure.FullKey("").Length..];
}
