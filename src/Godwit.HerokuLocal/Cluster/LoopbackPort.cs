using System.Net;
using System.Net.Sockets;
using Godwit.Faults;

namespace Godwit.HerokuLocal.Cluster;

internal static class LoopbackPort
{
    /// <summary>Another program may take the port before we do; then the caller tries again.</summary>
    /// <param name="preferred">Used if it is free. 0: no preference.</param>
    public static int FindFree(IPAddress address, int preferred = 0)
    {
        try
        {
            using var listener = new TcpListener(address, preferred);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException) when (preferred != 0)
        {
            return FindFree(address);
        }
    }

    /// <summary>Refuses what is no address, or one that other machines can reach.</summary>
    public static IPAddress Require(string address)
    {
        var text = address == "localhost" ? "127.0.0.1" : address;
        if (IPAddress.TryParse(text, out var parsed) && IPAddress.IsLoopback(parsed))
            return parsed;
        throw new FaultException(HerokuLocalFaults.NotLoopback(address));
    }
}
