using System.Net;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>The container itself: whether it is there, and whether everybody can read it.</summary>
internal sealed class AzureContainer(AzureBlobConnection azure)
{
    private const string PublicHeader = "x-ms-blob-public-access";

    private static readonly (string, string)[] Container = [("restype", "container")];

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
            // A list, and not the properties: that is what a SAS of the container may ask for.
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

    public async Task<StoreCreation> CreateAsync(CancellationToken ct)
    {
        if (await ExistsAsync(ct))
            return new(false);
        try
        {
            // No header for public access: then there is none.
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
}
