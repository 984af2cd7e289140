using System.Net;

namespace Godwit.Storage.Disk;

/// <summary>The door through which another machine reads one object of a disk store. The engine hosts no HTTP, so the
/// program gives one.</summary>
public interface ILinkHost : IAsyncDisposable
{
    /// <summary>Serves what <paramref name="links"/> allows until disposed. Called once at most, with the first
    /// link.</summary>
    /// <returns>The address it listens on, with the port it really got, e.g. <c>http://127.0.0.1:43211/</c>.</returns>
    /// <exception cref="IOException">The address is taken.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">It is not one of this machine, or not ours to
    /// use.</exception>
    Task<Uri> StartAsync(IPEndPoint listen, DiskLinks links, CancellationToken ct);
}
