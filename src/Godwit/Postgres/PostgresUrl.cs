using System.Globalization;
using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>Reads <c>postgres://user:password@host:port/database?sslmode=…</c>.
/// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS</summary>
public static class PostgresUrl
{
    private static readonly string[] Known = ["sslmode", "sslrootcert", "application_name", "connect_timeout",
        "channel_binding"];

    private static readonly Dictionary<string, SslMode> Modes = new(StringComparer.Ordinal)
    {
        ["disable"] = SslMode.Disable,
        ["allow"] = SslMode.Allow,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    /// <param name="from">The text's origin for the fault: a flag or variable. Never the text itself.</param>
    /// <exception cref="FaultException"><c>postgres.url</c>.</exception>
    public static PostgresAddress Parse(string text, string from)
    {
        text = text.Trim();
        if (text.Length == 0)
            throw Wrong(from, "it is empty");
        if (text.Any(char.IsControl))
            throw Wrong(from, "it has more than one line, or a control character in it");
        if (!text.StartsWith("postgres://", StringComparison.Ordinal)
            && !text.StartsWith("postgresql://", StringComparison.Ordinal))
            throw UrlMistakes.Beginning(text, from);
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (beforeQuery, query) = Cut(rest, '?');
        var (authority, path) = Cut(beforeQuery, '/');

        if (UrlMistakes.Password(text, authority, from) is { } mistake)
            throw mistake;

        // Pasted URLs often have an unescaped @ in the password, so the last @ ends it; for libpq, the first one does.
        var at = authority.LastIndexOf('@');
        var login = at < 0 ? "" : authority[..at];
        var (user, password) = Cut(login, ':');
        var (host, port) = HostAndPort(text, authority[(at + 1)..], from);
        if (user.Length == 0)
            throw UrlMistakes.User(text, from) ?? Wrong(from, "it names no user");
        if (path.Length == 0)
            throw Wrong(from, "it names no database");
        var parameters = Parameters(text, query, from);
        return new PostgresAddress
        {
            Host = host,
            Port = port,
            User = Decode(user, from),
            Password = login.Contains(':', StringComparison.Ordinal) ? new Secret(Decode(password, from)) : null,
            Database = Decode(path, from),
            Ssl = parameters.TryGetValue("sslmode", out var mode) ? Modes[mode] : SslMode.Prefer,
            SslRootCertificate = parameters.GetValueOrDefault("sslrootcert"),
        };
    }

    /// <summary>Also without parameters.</summary>
    public static string WithoutPassword(PostgresAddress address) => $"postgres://{address}";

    /// <summary>The complete URL in libpq's form: a secret.</summary>
    public static string Of(PostgresAddress address)
    {
        var host = address.Host.Contains(':', StringComparison.Ordinal)
            ? $"[{address.Host}]" : Uri.EscapeDataString(address.Host);
        var login = Uri.EscapeDataString(address.User)
            + (address.Password is { } password ? ":" + Uri.EscapeDataString(password.Reveal()) : "");
        string?[] query =
        [
            address.Ssl == SslMode.Prefer ? null : $"sslmode={Modes.First(one => one.Value == address.Ssl).Key}",
            address.SslRootCertificate is { } file ? $"sslrootcert={Uri.EscapeDataString(file)}" : null,
        ];
        var parameters = string.Join('&', query.OfType<string>());
        return $"postgres://{login}@{host}:{address.Port.ToString(CultureInfo.InvariantCulture)}/"
            + Uri.EscapeDataString(address.Database) + (parameters.Length > 0 ? "?" + parameters : "");
    }

    private static (string Before, string After) Cut(string text, char at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);
    }

    private static (string Host, int Port) HostAndPort(string url, string text, string from)
    {
        if (UrlMistakes.Address(url, text, from) is { } mistake)
            throw mistake;
        if (text.Contains(',', StringComparison.Ordinal))
            throw Wrong(from, "it names several hosts; a migration reads from one server");
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : 0;
        var colon = text.IndexOf(':', end);
        var host = (colon < 0 ? text : text[..colon]).Trim('[', ']');
        if (host.Length == 0)
            throw Wrong(from, "it names no host");
        if (colon < 0)
            return (Uri.UnescapeDataString(host), 5432);
        return (Uri.UnescapeDataString(host), ReadPort(text[(colon + 1)..], from));
    }

    /// <exception cref="FaultException"><c>postgres.url</c>.</exception>
    internal static int ReadPort(string text, string from) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535
            ? port
            : throw Wrong(from,
                "its port is not a number from 1 to 65535 (in a password, '/' must be written %2F, "
                + "'?' %3F and '#' %23)");

    private static Dictionary<string, string> Parameters(string url, string query, string from)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(pair, '=');
            if (!Known.Contains(name))
                throw UrlMistakes.Meant(from,
                    $"it has {Named(name)}, which Godwit does not know (it knows {string.Join(", ", Known)})", url);
            if (name == "sslmode" && !Modes.ContainsKey(value))
                throw UrlMistakes.Mode(pair, NoMode(value), from);
            result[name] = Decode(value, from);
        }

        return result;
    }

    /// <summary>A parameter in PostgreSQL's own words; null: name or value is unknown to Godwit.</summary>
    internal static string? KnownParameter(string pair)
    {
        // Drivers have other words.
        if (pair is "ssl=true" or "ssl=1" or "useSSL=true" or "sslmode=no-verify" or "sslmode=on" or "sslmode=true")
            return "sslmode=require";
        var (name, value) = Cut(pair, '=');
        if (name == "sslmode" && !Modes.ContainsKey(value))
            return Modes.ContainsKey(value.ToLowerInvariant()) ? pair.ToLowerInvariant() : null;
        return Known.Contains(name) ? pair : null;
    }

    // After an unescaped '?' in a password comes the rest of the password, so only what looks like a parameter's name
    // is repeated.
    private static string Named(string parameter) =>
        parameter.Length > 0 && parameter.All(c => c is '_' or (>= 'a' and <= 'z'))
            ? $"the parameter '{parameter}'" : "a parameter";

    /// <exception cref="FaultException"><c>postgres.url</c>.</exception>
    internal static SslMode Mode(string text, string from) => Modes.TryGetValue(text, out var mode) ? mode
        : throw Wrong(from, NoMode(text));

    private static string NoMode(string text) =>
        $"its sslmode is '{text}'; PostgreSQL knows disable, allow, prefer, require, verify-ca and verify-full";

    private static string Decode(string text, string from)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                throw UrlMistakes.Percent(from);
        }

        return Uri.UnescapeDataString(text);
    }

    private static FaultException Wrong(string from, string why) => new(PostgresFaults.Url(from, why));
}
