using System.Net;
using System.Text.RegularExpressions;
using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>The mistakes that people make in a URL, each with the line that they meant. A password in it is
/// masked.</summary>
internal static partial class UrlMistakes
{
    /// <summary>What frameworks put before <c>://</c>: PostGIS adapters, drivers of Python, Java and others.</summary>
    [GeneratedRegex(@"^(?:jdbc:)?(?<scheme>[A-Za-z][A-Za-z0-9+.]*)://", RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    /// <summary>How names of PostgreSQL's schemes begin in other programs.</summary>
    private static readonly string[] Schemes = ["postg", "pgsql", "psql", "pg"];

    /// <summary>A text that does not begin as a URL of PostgreSQL does.</summary>
    public static FaultException Beginning(string text, string from)
    {
        const string Right = "it does not begin with postgres:// or postgresql://";
        if (text.Length > 2 && text[0] == text[^1] && text[0] is '\'' or '"')
            return Meant(from, "it begins and ends with a quote, which is then a part of it", text[1..^1]);
        if (Before().Match(text) is { Success: true } before)
            return Meant(from, "something stands before it, as in a line of a shell or of a file with variables",
                text[before.Length..].TrimEnd('\'', '"'));
        if (Scheme().Match(text) is not { Success: true } found || !IsPostgres(found.Groups["scheme"].Value))
            return new(PostgresFaults.Url(from, Right));
        return Meant(from, $"{Right}, but with {found.Value}", $"postgres://{WithLogin(text[found.Length..])}");
    }

    /// <summary><c>psql </c>, <c>DATABASE_URL=</c>, <c>export URL="</c>.</summary>
    [GeneratedRegex("""^(?:psql |(?:export )?[A-Za-z_][A-Za-z0-9_]*=)\s*["']?(?=postgres(?:ql)?://)""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Before();

    /// <summary>Drivers of Java have user and password among the parameters.</summary>
    private static string WithLogin(string rest)
    {
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        var parameters = query < 0 ? [] : rest[(query + 1)..].Split('&');
        var user = parameters.FirstOrDefault(one => one.StartsWith("user=", StringComparison.Ordinal));
        if (user is null)
            return rest;
        var kept = string.Join('&', parameters.Where(one => one != user
            && !one.StartsWith("password=", StringComparison.Ordinal)));
        // Only a mask is ever shown of the password.
        return $"{user["user=".Length..]}:***@{rest[..query]}{(kept.Length > 0 ? "?" : "")}{kept}";
    }

    /// <summary>A parameter of the application's own driver.</summary>
    /// <param name="parameter"><c>name=value</c>, as it stands in the URL.</param>
    public static FaultException Parameter(string text, string parameter, string why, string from)
    {
        // Drivers have other words for it.
        var instead = parameter is "ssl=true" or "ssl=1" or "useSSL=true" ? "sslmode=require" : "";
        var query = text.IndexOf('?', StringComparison.Ordinal) + 1;
        var kept = text[query..].Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one == parameter ? instead : one).Where(one => one.Length > 0);
        return Meant(from, why, $"{text[..query]}{string.Join('&', kept)}".TrimEnd('?'));
    }

    /// <summary>An IPv6 address without its brackets, with a port or without one.</summary>
    /// <returns>Null: it is none.</returns>
    public static FaultException? Address(string text, string host, string from)
    {
        if (host.StartsWith('[') || host.Count(c => c == ':') < 2)
            return null;
        var last = host.LastIndexOf(':');
        // The last group of an address may be a port as well; a port is written in decimal and mostly above 1023.
        var hasPort = IPAddress.TryParse(host[..last], out _)
            && int.TryParse(host[(last + 1)..], out var port) && port is > 1023 and <= 65535;
        var written = hasPort ? $"[{host[..last]}]{host[last..]}" : $"[{host}]";
        return Meant(from, "its host has colons in it: an IPv6 address stands in brackets",
            text.Replace(host, written, StringComparison.Ordinal));
    }

    /// <summary>Nothing before the first <c>/</c> names a server, and an <c>@</c> comes later: what stands before it is
    /// a password.</summary>
    /// <returns>Null: it is not so.</returns>
    public static FaultException? Password(string text, string authority, string from)
    {
        var begin = text.IndexOf("://", StringComparison.Ordinal) + 3;
        if (authority.Contains('@', StringComparison.Ordinal) || text.LastIndexOf('@') < begin + authority.Length)
            return null;
        var colon = authority.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new(PostgresFaults.Url(from,
            "its password ends at a '/' or a '?' in it (there, '/' must be written %2F and '?' %3F)",
            "In a password, write '/' as %2F, '?' as %3F, '#' as %23 and '%' as %25."
                + (Masked(text) is { } shown ? $" Then it is {shown}." : "")));
    }

    private static bool IsPostgres(string scheme) =>
        Schemes.Any(one => scheme.StartsWith(one, StringComparison.OrdinalIgnoreCase));

    private static FaultException Meant(string from, string why, string meant) =>
        new(PostgresFaults.Url(from, why,
            Masked(meant) is { } shown ? $"Did you mean {shown} (*** is for a password)?" : null));

    /// <summary>Null: where its password is cannot be told for sure, so nothing of it is shown.</summary>
    private static string? Masked(string url)
    {
        var begin = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var at = url.LastIndexOf('@');
        if (!Place().IsMatch(url[Math.Max(begin, at + 1)..]))
            return null;
        if (at < begin)
            return Redactor.Clean(url);
        // Without a colon, who has forgotten it has put the password behind the user's name.
        var colon = url.IndexOf(':', begin) is var found && found >= 0 && found < at ? found : begin - 1;
        return colon < begin || User().IsMatch(url[begin..colon])
            ? Redactor.Clean($"{url[..(colon + 1)]}***{url[at..]}") : null;
    }

    [GeneratedRegex("^[A-Za-z0-9._-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex User();

    /// <summary>Host, port and database, as nobody writes a password.</summary>
    [GeneratedRegex(@"^(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._-]+)(:[0-9]+)?(/.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
