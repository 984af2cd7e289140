using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Godwit.EndToEnd.Servers;

/// <summary>Makes names below <c>localhost</c> (bucket.localhost) resolve to this machine for every HTTP client of the
/// test process. Not every resolver knows them, and a test may not edit /etc/hosts. A SOCKS proxy gets the name
/// unresolved and passes bytes unchanged, so the signed Host header stays the same.</summary>
public static class LocalhostNames
{
    private static readonly Lock Once = new();
    private static TcpListener? _listener;

    public static void Resolve()
    {
        lock (Once)
        {
            if (_listener is not null)
                return;
            _listener = new TcpListener(IPAddress.Loopback, 0);
            _listener.Start();
            HttpClient.DefaultProxy = new OnlyLocalhost(new Uri($"socks5://{_listener.LocalEndpoint}"));
            _ = AcceptAsync(_listener);
        }
    }

    private static async Task AcceptAsync(TcpListener listener)
    {
        while (true)
            _ = ServeAsync(await listener.AcceptTcpClientAsync());
    }

    // https://www.rfc-editor.org/rfc/rfc1928: greeting, request with a name, answer; from then on bytes.
    private static async Task ServeAsync(TcpClient client)
    {
        using var inner = client;
        try
        {
            var stream = client.GetStream();
            var greeting = await ReadAsync(stream, 2);
            await ReadAsync(stream, greeting[1]);
            await stream.WriteAsync(new byte[] { 5, 0 });
            var request = await ReadAsync(stream, 5);
            var name = Encoding.ASCII.GetString(await ReadAsync(stream, request[4]));
            var port = BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(stream, 2));
            Assert.EndsWith(".localhost", name, StringComparison.Ordinal);
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, port);
            await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 });
            // The side that closes first ends both.
            await Task.WhenAny(stream.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(stream));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The client sees a closed connection, as without the proxy.
        }
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private sealed class OnlyLocalhost(Uri proxy) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy;

        public bool IsBypassed(Uri host) => !host.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }
}
