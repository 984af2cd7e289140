using System.Net;

namespace Godwit.Storage;

/// <summary>The proxy from the environment (<c>http_proxy</c> and others), except for loopback addresses: a proxy would
/// look for a local store, or a local Heroku, on its own 127.0.0.1.</summary>
public sealed class DirectToLoopback(IWebProxy outside) : IWebProxy
{
    public static DirectToLoopback OfEnvironment() => new(HttpClient.DefaultProxy);

    public ICredentials? Credentials
    {
        get => outside.Credentials;
        set => outside.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : outside.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || outside.IsBypassed(host);
}
