using System.Net;
using Godwit.Storage.Disk;

namespace Godwit.Bench.Upload;

/// <summary>Nothing here signs a link.</summary>
internal sealed class NoLinks : ILinkHost
{
    public Task<Uri> StartAsync(IPEndPoint listen, DiskLinks links, CancellationToken ct) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
