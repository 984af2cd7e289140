using System.Net;
using System.Text.RegularExpressions;
using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>Common mistakes in URLs, each with its correction. Passwords are masked.</summary>
internal static partial class UrlMistakes
{
    // Schemes of PostGIS adapters, drivers for Python, Java and others.
    [GeneratedRegex(@"^(?:jdbc:)?(?<scheme>[A-Za-z][A-Za-z0-9+.]*)://", RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    // Prefixes of PostgreSQL's schemes in other programs.
    private static readonly string[] Schemes = ["postg", "pgsql", "psql", "pg"];

    private const string Escape = "In a password, write '/' as %2F, '?' as %3F, '#' as %23 and '%' as %25.";

    /// <summary>The text does not begin with PostgreSQL's scheme.</summary>
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
        return Meant(from, $"{Right}, but with {found.Value}", $"postgres://{text[found.Length..]}");
    }

    /// <summary><c>psql </c>, <c>DATABASE_URL=</c>, <c>export URL="</c>.</summary>
    [GeneratedRegex("""^(?:psql |(?:export )?[A-Za-z_][A-Za-z0-9_]*=)\s*["']?(?=postgres(?:ql)?://)""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Before();

    /// <summary>User and password stand among the parameters, as in Java; null: they do not.</summary>
    public static FaultException? User(string text, string from) =>
        LoginFirst(text) == text
            ? null : Meant(from, "its user stands behind the '?', and belongs before the host", text);

    /// <summary>An unescaped <c>%</c> of a password.</summary>
    public static FaultException Percent(string from) => new(PostgresFaults.Url(from,
        "a '%' in it is not followed by two hexadecimal digits (a '%' in a password must be written %25)",
        Escape));

    /// <summary>A mode that PostgreSQL does not have.</summary>
    /// <param name="pair"><c>sslmode=…</c></param>
    public static FaultException Mode(string pair, string why, string from) => new(PostgresFaults.Url(from, why,
        PostgresUrl.KnownParameter(pair) is { } meant ? $"Did you mean {meant}?" : null));

    // Moves user and password before the host.
    private static string LoginFirst(string url)
    {
        var begin = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var query = url.IndexOf('?', StringComparison.Ordinal);
        if (query < 0 || url.Contains('@', StringComparison.Ordinal))
            return url;
        var given = url[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries);
        var password = given.Any(one => one.StartsWith("password=", StringComparison.Ordinal)) ? ":***" : "";
        var rest = given.Where(one => !one.StartsWith("user=", StringComparison.Ordinal)
            && !one.StartsWith("password=", StringComparison.Ordinal));
        return given.FirstOrDefault(one => one.StartsWith("user=", StringComparison.Ordinal)) is { Length: > 5 } user
            ? $"{url[..begin]}{user[5..]}{password}@{url[begin..query]}?{string.Join('&', rest)}".TrimEnd('?') : url;
    }

    // Keeps only parameters that Godwit knows, in PostgreSQL's words.
    private static string KnownOnly(string url)
    {
        var query = url.IndexOf('?', StringComparison.Ordinal) + 1;
        if (query == 0)
            return url;
        var kept = url[query..].Split('&').Select(PostgresUrl.KnownParameter).OfType<string>();
        return $"{url[..query]}{string.Join('&', kept)}".TrimEnd('?');
    }

    /// <summary>An IPv6 address without brackets, with or without a port; null: none.</summary>
    public static FaultException? Address(string text, string host, string from)
    {
        if (host.StartsWith('[') || host.Count(c => c == ':') < 2)
            return null;
        var last = host.LastIndexOf(':');
        // The last group of an address may look like a port. A port is decimal and mostly above 1023.
        var hasPort = IPAddress.TryParse(host[..last], out _)
            && int.TryParse(host[(last + 1)..], out var port) && port is > 1023 and <= 65535;
        var written = hasPort ? $"[{host[..last]}]{host[last..]}" : $"[{host}]";
        return Meant(from, "its host has colons in it: an IPv6 address stands in brackets",
            text.Replace(host, written, StringComparison.Ordinal));
    }

    /// <summary>The part before the first <c>/</c> has no <c>@</c>, but a later part has: a password with a slash.
    /// Null: no such URL.</summary>
    public static FaultException? Password(string text, string authority, string from)
    {
        var begin = text.IndexOf("://", StringComparison.Ordinal) + 3;
        if (authority.Contains('@', StringComparison.Ordinal) || text.LastIndexOf('@') < begin + authority.Length)
            return null;
        var colon = authority.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new(PostgresFaults.Url(from,
            "its password ends at a '/' or a '?' in it (there, '/' must be written %2F and '?' %3F)",
            Escape + (Masked(text) is { } shown ? $" Then it is {shown}." : "")));
    }

    private static bool IsPostgres(string scheme) =>
        Schemes.Any(one => scheme.StartsWith(one, StringComparison.OrdinalIgnoreCase));

    /// <summary>Without parameters of the application's own driver.</summary>
    public static FaultException Meant(string from, string why, string meant) =>
        new(PostgresFaults.Url(from, why,
            Masked(KnownOnly(LoginFirst(meant))) is { } shown
                ? $"Did you mean {shown} (*** is for a password)?" : null));

    // Null: the password's place is uncertain.
    private static string? Masked(string url)
    {
        var begin = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var at = url.LastIndexOf('@');
        if (!Place().IsMatch(url[Math.Max(begin, at + 1)..]))
            return null;
        if (at < begin)
            return Redactor.Clean(url);
        // Without a colon, the text before the @ may be a password too.
        var colon = url.IndexOf(':', begin) is var found && found >= 0 && found < at ? found : begin - 1;
        return colon < begin || UserName().IsMatch(url[begin..colon])
            ? Redactor.Clean($"{url[..(colon + 1)]}***{url[at..]}") : null;
    }

    [GeneratedRegex("^[A-Za-z0-9._-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex UserName();

    // Host, port and database; unlike any password.
    [GeneratedRegex(@"^(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._-]+)(:[0-9]+)?(/.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
