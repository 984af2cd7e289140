using System.Text.RegularExpressions;
using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>Resolves the value of <c>--from</c> to an address. Keeps passwords off the command line.</summary>
/// <param name="readFile">Throws IOException or UnauthorizedAccessException.</param>
public sealed partial class PostgresSource(Func<string, string?> environment, Func<string, string> readFile)
{
    // Anything else is treated as a URL and may hold a password.
    private static readonly string[] Kinds = ["env:", "file:", "service:"];

    /// <param name="reference"><c>env:NAME</c>, <c>file:PATH</c>, <c>service:NAME</c> or a URL.</param>
    /// <param name="option">The flag, for faults.</param>
    public PostgresAddress Resolve(string reference, string option) =>
        TlsRoots.Apply(Read(reference, option), environment, option);

    /// <param name="from">The text's origin, for the fault.</param>
    /// <exception cref="FaultException"><c>postgres.url</c>.</exception>
    public PostgresAddress Parse(string url, string from) =>
        TlsRoots.Apply(PostgresUrl.Parse(url, from), environment, from);

    private PostgresAddress Read(string reference, string option)
    {
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        var rest = reference[(colon + 1)..];
        if (Meant(reference, option) is { } meant && meant != reference && reference != "env:")
            throw new FaultException(PostgresFaults.NoReference(option, meant));
        return (colon < 0 ? "" : reference[..colon]) switch
        {
            "env" or "file" or "service" when rest.Contains("://", StringComparison.Ordinal) =>
                throw new FaultException(PostgresFaults.UrlForVariable(option, reference[..colon])),
            "env" => environment(rest) is { Length: > 0 } value
                ? PostgresUrl.Parse(value, $"The variable {rest}")
                : throw new FaultException(PostgresFaults.NoVariable(option, rest, Meant(reference, option))),
            "file" => PostgresUrl.Parse(ReadText(rest, option), $"The file {rest}"),
            "service" => FromService(rest),
            _ => PostgresUrl.Parse(reference, option),
        };
    }

    /// <summary>For the journal. A literal URL loses its password, so a resume needs it again.</summary>
    public static string Keepable(string reference, PostgresAddress address) =>
        IsUrl(reference) ? PostgresUrl.WithoutPassword(address) : reference;

    /// <summary>A literal URL, which every user can see.</summary>
    public static bool IsUrl(string reference) => !IsReference(reference);

    /// <summary>Begins with <c>env:</c>, <c>file:</c> or <c>service:</c>.</summary>
    public static bool IsReference(string reference) =>
        Kinds.Any(kind => reference.StartsWith(kind, StringComparison.Ordinal));

    /// <summary>The likely reference for a word that names nothing. Null: the word may be a password and is not
    /// repeated.</summary>
    public static string? Meant(string word, string option) => word switch
    {
        "env:" => option == "--to" ? "env:TARGET_URL" : "env:SOURCE_URL",
        _ when Variable().Match(word) is { Success: true } found => $"env:{found.Groups["name"].Value}",
        _ when Kind().Match(word) is { Success: true } kind && word != Lowered(kind)
            && (option == "--to" || char.ToLowerInvariant(word[0]) != 'h') => Lowered(kind),
        ['/' or '~', ..] or ['.', '/' or '.', ..] => $"file:{word}",
        // As curl and others name a file.
        ['@', '/' or '~', ..] or ['@', '.', '/' or '.', ..] => $"file:{word[1..]}",
        _ when option == "--to" && App().Match(word) is { Success: true } found =>
            $"heroku:{found.Groups["name"].Value.ToLowerInvariant()}",
        _ => null,
    };

    // A variable, also in a shell's spelling.
    [GeneratedRegex(@"^\$?(?:[Ee][Nn][Vv]:)?\$?\{?(?<name>[A-Z_][A-Z0-9_]*)\}?$", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();

    /// <summary>Prefixes in capital letters, and an app behind a slash.</summary>
    [GeneratedRegex("^(?<kind>env:|file:|service:|heroku[:/])(?<name>[A-Za-z0-9_./~-]+)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Kind();

    private static string Lowered(Match kind) =>
        $"{kind.Groups["kind"].Value.Split(':', '/')[0].ToLowerInvariant()}:{kind.Groups["name"].Value}";

    /// <remarks>https://devcenter.heroku.com/articles/platform-api-reference#app</remarks>
    [GeneratedRegex("^(?:[Hh][Ee][Rr][Oo][Kk][Uu]:/*)?(?<name>[a-z][a-z0-9-]{1,28}[a-z0-9])$",
        RegexOptions.CultureInvariant)]
    private static partial Regex App();

    private string ReadText(string path, string option)
    {
        try
        {
            // A shell does not expand ~ behind a colon.
            return readFile(path.StartsWith("~/", StringComparison.Ordinal) ? environment("HOME") + path[1..] : path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(PostgresFaults.FileUnreadable(option, path, e.Message.TrimEnd('.')), e);
        }
    }

    private string ReadServices(string path, string name)
    {
        try
        {
            return readFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(
                PostgresFaults.ServiceIncomplete(name, $"{path} cannot be read: {e.Message.TrimEnd('.')}"), e);
        }
    }

    /// <remarks>https://www.postgresql.org/docs/current/libpq-pgservice.html</remarks>
    private PostgresAddress FromService(string name)
    {
        var path = environment("PGSERVICEFILE") ?? Path.Combine(environment("HOME") ?? "/", ".pg_service.conf");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var inside = false;
        foreach (var line in ReadServices(path, name).Split('\n').Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == '[')
                inside = line == $"[{name}]";
            else if (inside && line.Split('=', 2) is [var key, var value])
                values[key.Trim()] = value.Trim();
        }

        if (!values.TryGetValue("host", out var host) || !values.TryGetValue("user", out var user))
            throw new FaultException(PostgresFaults.ServiceIncomplete(name,
                $"{path} has no section [{name}] with host and user"));
        var from = $"The service {name}";
        return new PostgresAddress
        {
            Host = host,
            User = user,
            Port = PostgresUrl.ReadPort(values.GetValueOrDefault("port", "5432"), from),
            Database = values.GetValueOrDefault("dbname", user),
            Password = values.TryGetValue("password", out var password) ? new Secret(password) : null,
            Ssl = PostgresUrl.Mode(values.GetValueOrDefault("sslmode", "prefer"), from),
            SslRootCertificate = values.GetValueOrDefault("sslrootcert"),
        };
    }
}
