using Godwit.Faults;

namespace Godwit.Storage.Parts;

/// <summary>The last look at an upload: what the service says it has must be what was sent. Acknowledging is cheap; a service that forgot a part is
/// found here and nowhere else.</summary>
internal static class UploadCheck
{
    /// <param name="stored">As found after the upload; null when it is not there.</param>
    /// <exception cref="FaultException">Missing, of another size, or with another checksum.</exception>
    public static StoredObject RequireWhole(string store, string key, PartsTotal total, StoredObject? stored)
    {
        if (stored is null)
            throw new FaultException(StorageFaults.ObjectMissing(store, key));
        if (stored.SizeBytes != total.Bytes)
            throw new FaultException(StorageFaults.SizeDiffers(store, key, total.Bytes, stored.SizeBytes));
        if (stored.Checksum is { } kept && kept != total.Checksum)
            throw new FaultException(StorageFaults.ChecksumDiffers(store, key, total.Checksum, kept));
        return stored;
    }
}
