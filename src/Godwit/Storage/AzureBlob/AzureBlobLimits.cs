namespace Godwit.Storage.AzureBlob;

/// <summary>Limits of one block blob:
/// https://learn.microsoft.com/en-us/azure/storage/blobs/scalability-targets</summary>
internal static class AzureBlobLimits
{
    public const int BlocksMax = 50_000;
}
