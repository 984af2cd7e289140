using System.Diagnostics;
using Godwit.Faults;
using Godwit.Storage.AzureBlob;
using Godwit.Storage.Disk;
using Godwit.Storage.Gcs;
using Godwit.Storage.S3;

namespace Godwit.Storage;

/// <summary>The only list of adapters.</summary>
public static class ObjectStores
{
    /// <summary>Reads and sends nothing yet: <see cref="IObjectStore.CheckAsync"/> does.</summary>
    /// <param name="links">Serves the objects of a <c>disk:</c> store. Started with the first link; the store disposes
    /// it.</param>
    public static IObjectStore Open(StoreAddress address, StoreOptions options, ILinkHost links, TimeProvider clock) =>
        address switch
        {
            StoreAddress.Disk disk => new DiskStore(disk, options.Disk, links, clock),
            StoreAddress.AzureBlob azure => new AzureBlobStore(azure, options.AzureBlob, clock),
            StoreAddress.S3 s3 => new S3Store(s3, options.S3, clock),
            StoreAddress.Unread { Why: var why } => throw new FaultException(why),
            StoreAddress.Gcs gcs => new GcsStore(gcs, options.Gcs, clock),
            _ => throw new UnreachableException($"no adapter for {address}"),
        };
}
