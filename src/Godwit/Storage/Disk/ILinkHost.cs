using System.Net;

namespace Godwit.Storage.Disk;

/// <summary>Serves single objects of a disk store over HTTP to other machines. The engine hosts no HTTP, so the program
/// provides the host.</summary>
public interface ILinkHost : IAsyncDisposable
{
    /// <summary>Serves the objects that <paramref name="links"/> allows until disposed. Called at most once, with the
    /// first link.</summary>
    /// <returns>The address with the actual port: <c>http://127.0.0.1:43211/</c>.</returns>
    /// <exception cref="IOException">The address is taken.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is not one of this machine, or not
    /// permitted.</exception>
    Task<Uri> StartAsync(IPEndPoint listen, DiskLinks links, CancellationToken ct);
}
