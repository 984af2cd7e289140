using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>A database's address and login. Prints without its password.</summary>
public sealed partial record PostgresAddress
{
    internal const string ApplicationName = "godwit";

    // For opening a connection: a firewall may drop packets silently.
    private const int ConnectSecondsMax = 15;

    // Keepalives detect a dead peer. A limit per statement would not do: counting a large table takes long.
    private const int KeepAliveSeconds = 30;

    // Eight times the driver's default: fewer system calls per table. More gained nothing.
    private const int BulkBufferBytes = 64 * 1024;

    // A long ALTER TABLE or a forgotten prepared transaction must not block us for ever.
    private static readonly TimeSpan DefaultLockWait = TimeSpan.FromMinutes(1);

    public required string Host { get; init; }
    public int Port { get; init; } = 5432;
    public required string Database { get; init; }
    public required string User { get; init; }

    /// <summary>Null: PGPASSWORD, PGPASSFILE or ~/.pgpass, as for libpq.</summary>
    public Secret? Password { get; init; }

    public SslMode Ssl { get; init; } = SslMode.Prefer;
    public string? SslRootCertificate { get; init; }

    /// <summary>For another session's lock. Null: the user set no limit.</summary>
    public TimeSpan? LockWait { get; init; }

    public TimeSpan LockWaitMax => LockWait ?? DefaultLockWait;

    /// <summary>For a sentence: <c>1 minute</c>, <c>90 seconds</c>.</summary>
    public string LockWaitWords => InWords(LockWaitMax);

    internal static string InWords(TimeSpan wait) => wait.TotalSeconds % 60 == 0
        ? Phrase.Count((long)wait.TotalMinutes, "minute") : Phrase.Count((long)wait.TotalSeconds, "second");

    /// <summary><c>user@host:port/database</c>.</summary>
    public override string ToString() =>
        $"{User}@{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:"
        + $"{Port.ToString(CultureInfo.InvariantCulture)}/{Database}";

    /// <summary>Parses <see cref="ToString"/>'s output, which has no password; null: something else.</summary>
    public static PostgresAddress? Read(string shown)
    {
        var match = Shown().Match(shown);
        return match.Success && int.TryParse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture, out var port)
            ? new PostgresAddress
            {
                User = match.Groups["user"].Value,
                Host = match.Groups["host"].Value.Trim('[', ']'),
                Port = port,
                Database = match.Groups["database"].Value,
            }
            : null;
    }

    /// <summary>With any login.</summary>
    public bool NamesSameDatabaseAs(PostgresAddress other) =>
        string.Equals(Canonical(Host), Canonical(other.Host), StringComparison.OrdinalIgnoreCase)
        && Port == other.Port && Database == other.Database;

    public bool IsLoopback => Host.StartsWith('/') || Host is "localhost"
        || (IPAddress.TryParse(Host, out var parsed) && IPAddress.IsLoopback(parsed));

    /// <summary>Npgsql's connection string for an unpooled connection. Contains the password: only for the
    /// driver.</summary>
    public Secret ForNpgsql() => new(Describe().ConnectionString);

    /// <summary>Large buffers, and texts as bytes in the server's encoding (one character per byte, unchanged both
    /// ways).</summary>
    internal Secret ForBulk()
    {
        var settings = Describe();
        settings.ReadBufferSize = BulkBufferBytes;
        settings.WriteBufferSize = BulkBufferBytes;
        settings.Encoding = "ISO-8859-1";
        return new(settings.ConnectionString);
    }

    private NpgsqlConnectionStringBuilder Describe() => DriverTypes.OnlyPostgresOwn(new()
    {
        Host = Host,
        Port = Port,
        Database = Database,
        Username = User,
        Password = Password?.Reveal(),
        SslMode = Ssl,
        RootCertificate = SslRootCertificate,
        ApplicationName = ApplicationName,
        Timeout = ConnectSecondsMax,
        CommandTimeout = 0,
        KeepAlive = KeepAliveSeconds,
        TcpKeepAlive = true,
        TcpKeepAliveTime = KeepAliveSeconds,
        TcpKeepAliveInterval = KeepAliveSeconds / 3,
        Pooling = false,
        IncludeErrorDetail = false,
        // Tells which of several statements was refused. Users do not see it.
        IncludeFailedBatchedCommand = true,
    });

    /// <summary>Environment for libpq's programs, so that nothing appears in arguments.
    /// https://www.postgresql.org/docs/current/libpq-envars.html</summary>
    public IReadOnlyDictionary<string, Secret?> ForLibpq()
    {
        var result = new Dictionary<string, Secret?>
        {
            // PGSERVICE and PGHOSTADDR would override PGHOST, and the dump would be of another database.
            ["PGSERVICE"] = null,
            ["PGHOSTADDR"] = null,
            ["PGHOST"] = Secret.Plain(Host),
            ["PGPORT"] = Secret.Plain(Port.ToString(CultureInfo.InvariantCulture)),
            ["PGDATABASE"] = Secret.Plain(Database),
            ["PGUSER"] = Secret.Plain(User),
            ["PGSSLMODE"] = Secret.Plain(LibpqSslMode),
            ["PGAPPNAME"] = Secret.Plain(ApplicationName),
            ["PGCONNECT_TIMEOUT"] = Secret.Plain(ConnectSecondsMax.ToString(CultureInfo.InvariantCulture)),
        };
        // The user's shell must not lead pg_dump to another database than the frozen one.
        foreach (var name in
            new[] { "PGSERVICE", "PGSERVICEFILE", "PGHOSTADDR", "PGOPTIONS", "PGTARGETSESSIONATTRS", "PGREQUIREPEER" })
            result[name] = null;
        if (Password is not null)
            result["PGPASSWORD"] = Password;
        if (SslRootCertificate is not null)
            result["PGSSLROOTCERT"] = Secret.Plain(SslRootCertificate);
        return result;
    }

    private string LibpqSslMode => Ssl switch
    {
        SslMode.VerifyCA => "verify-ca",
        SslMode.VerifyFull => "verify-full",
        _ => Ssl.ToString().ToLowerInvariant(),
    };

    // A user may contain '@'. A host contains neither '@' nor ':' unless in brackets; a socket folder has slashes.
    [GeneratedRegex(@"^(?<user>.*)@(?<host>\[[^\]]+\]|[^@:]*):(?<port>\d+)/(?<database>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Shown();

    private static string Canonical(string host) => host is "localhost" or "::1" ? "127.0.0.1" : host.TrimEnd('.');
}
