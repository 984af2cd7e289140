using System.Net;
using Godwit.Storage.Disk;

namespace Godwit.EndToEnd.Servers;

/// <summary>A bucket serves its own links, so Godwit must not start a link host for it.</summary>
public sealed class NoLinkHost : ILinkHost
{
    public Task<Uri> StartAsync(IPEndPoint listen, DiskLinks links, CancellationToken ct) =>
        throw new InvalidOperationException("a bucket serves its own links");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
