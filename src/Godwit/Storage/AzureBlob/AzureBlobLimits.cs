namespace Godwit.Storage.AzureBlob;

/// <summary>What one block blob may have.
/// https://learn.microsoft.com/en-us/azure/storage/blobs/scalability-targets</summary>
internal static class AzureBlobLimits
{
    public const int BlocksMax = 50_000;
}
