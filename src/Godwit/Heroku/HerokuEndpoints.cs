// Heroku: typed calls to Heroku's Platform API and Data API, only those a migration needs.
//
// The calls follow Heroku's own command line (npm heroku 11.10.0). The token is sent to Heroku's domains over https or
// to this machine only: any other address stops the run, and redirects are not followed. A call that only reads, or
// that has the same effect when sent twice, is repeated with back-off. A call that creates something is repeated only
// when Heroku certainly did nothing. This room does not know what a step or a dump is.
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Only addresses that may receive the token are accepted.</summary>
public sealed class HerokuEndpoints
{
    private static readonly string[] Domains = ["heroku.com", "herokai.com", "herokuspace.com", "herokudev.com"];

    private HerokuEndpoints(Uri platform, Uri data)
    {
        Platform = platform;
        Data = data;
    }

    /// <summary>Scheme, host and port; no path.</summary>
    public Uri Platform { get; }

    /// <summary>Same scheme and port as <see cref="Platform"/>, like Heroku's command line.</summary>
    public Uri Data { get; }

    /// <summary>The <c>machine</c> of the token in Heroku's ~/.netrc; with the port unless it is the default.</summary>
    public string NetrcMachine => Platform.Authority;

    /// <summary>A Heroku on this machine needs no proxy, and a proxy would see the unencrypted token.</summary>
    internal bool MayUseProxy => Platform.Scheme == Uri.UriSchemeHttps && !IsLoopback(Platform) && !IsLoopback(Data);

    /// <summary>The real Heroku unless HEROKU_HOST (a domain or a whole http(s) URL) and HEROKU_DATA_HOST (a bare host
    /// name) say otherwise.</summary>
    /// <exception cref="FaultException">The address must not receive the token. Heroku's own command line would
    /// silently use the real Heroku instead.</exception>
    public static HerokuEndpoints From(Func<string, string?> environment)
    {
        var host = NotEmpty(environment("HEROKU_HOST")) ?? "heroku.com";
        var platform = PlatformFrom(host);
        var dataHost = NotEmpty(environment("HEROKU_DATA_HOST")) ?? NotEmpty(environment("HEROKU_POSTGRESQL_HOST"));
        if (dataHost is null && IsLoopback(platform))
            throw new FaultException(HerokuFaults.DataHostMissing(platform.IdnHost));
        return new HerokuEndpoints(platform, DataFrom(platform, dataHost ?? "api.data.heroku.com"));
    }

    private static Uri PlatformFrom(string host)
    {
        var text = host.Contains("://", StringComparison.Ordinal) ? host : $"https://api.{host}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || !MayReceiveToken(uri))
            throw new FaultException(HerokuFaults.HostRefused("HEROKU_HOST", Redactor.Clean(host)));
        return new UriBuilder(uri.Scheme, uri.IdnHost, uri.Port).Uri;
    }

    private static Uri DataFrom(Uri platform, string host)
    {
        var bare = Uri.CheckHostName(host) switch
        {
            UriHostNameType.IPv6 when !host.StartsWith('[') => $"[{host}]",
            UriHostNameType.Unknown => null,
            _ => host,
        };
        if (bare is null
            || !Uri.TryCreate($"{platform.Scheme}://{bare}:{platform.Port}", UriKind.Absolute, out var uri))
            throw new FaultException(HerokuFaults.DataHostNotBare(Redactor.Clean(host)));
        if (!MayReceiveToken(uri))
            throw new FaultException(HerokuFaults.HostRefused("HEROKU_DATA_HOST", Redactor.Clean(host)));
        return uri;
    }

    /// <summary>Heroku's domains over https, or this machine.</summary>
    internal static bool MayReceiveToken(Uri uri) =>
        IsLoopback(uri)
            ? uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp
            : uri.Scheme == Uri.UriSchemeHttps && Array.Exists(Domains, domain => IsWithin(uri.IdnHost, domain));

    private static bool IsWithin(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase)
        || host.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase);

    // Compares the whole name: localhost.example.com is not this machine.
    private static bool IsLoopback(Uri uri) => uri.IdnHost is "localhost" or "127.0.0.1" or "::1";

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
