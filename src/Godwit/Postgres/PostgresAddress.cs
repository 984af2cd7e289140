using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>Where a database is and how to log in. Prints without its password.</summary>
public sealed partial record PostgresAddress
{
    /// <summary>By which a server's list of sessions shows ours.</summary>
    internal const string ApplicationName = "godwit";

    /// <summary>How long opening one connection may take: a firewall that drops packets must not look like
    /// patience.</summary>
    private const int ConnectSecondsMax = 15;

    /// <summary>A dead peer is noticed by keepalives, not by a limit on how long a statement may run: counting a large
    /// table takes its time.</summary>
    private const int KeepAliveSeconds = 30;

    /// <summary>Eight times the driver's own: fewer calls to the system per table. A quarter more gained
    /// nothing.</summary>
    private const int BulkBufferBytes = 64 * 1024;

    /// <summary>Somebody's ALTER TABLE, or a prepared transaction that was forgotten, must not hold us for
    /// ever.</summary>
    private static readonly TimeSpan LockWaitUnsaid = TimeSpan.FromMinutes(1);

    public required string Host { get; init; }
    public int Port { get; init; } = 5432;
    public required string Database { get; init; }
    public required string User { get; init; }

    /// <summary>Null: PGPASSWORD, PGPASSFILE or ~/.pgpass decide, as everywhere in PostgreSQL.</summary>
    public Secret? Password { get; init; }

    public SslMode Ssl { get; init; } = SslMode.Prefer;
    public string? SslRootCertificate { get; init; }

    /// <summary>How long sessions there wait for a lock that somebody else holds, as the user said. Null: nothing was
    /// said.</summary>
    public TimeSpan? LockWait { get; init; }

    /// <summary>The same, with what holds where nothing was said.</summary>
    public TimeSpan LockWaitMax => LockWait ?? LockWaitUnsaid;

    /// <summary><see cref="LockWaitMax"/> for a sentence: <c>1 minute</c>, <c>90 seconds</c>.</summary>
    public string LockWaitWords => InWords(LockWaitMax);

    internal static string InWords(TimeSpan wait) => wait.TotalSeconds % 60 == 0
        ? Named.Count((long)wait.TotalMinutes, "minute") : Named.Count((long)wait.TotalSeconds, "second");

    /// <summary>What is shown: <c>user@host:port/database</c>.</summary>
    public override string ToString() =>
        $"{User}@{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:"
        + $"{Port.ToString(CultureInfo.InvariantCulture)}/{Database}";

    /// <summary>Reads what <see cref="ToString"/> shows; null when it is something else. There is no password in
    /// it.</summary>
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

    /// <summary>Two addresses that name the same database, whoever logs in.</summary>
    public bool NamesSameDatabaseAs(PostgresAddress other) =>
        string.Equals(Canonical(Host), Canonical(other.Host), StringComparison.OrdinalIgnoreCase)
        && Port == other.Port && Database == other.Database;

    /// <summary>The way to it stays inside of this machine.</summary>
    public bool IsLoopback => Host.StartsWith('/') || Host is "localhost"
        || (IPAddress.TryParse(Host, out var parsed) && IPAddress.IsLoopback(parsed));

    /// <summary>For Npgsql. Holds the password: it goes to the driver and nowhere else.</summary>
    /// <param name="maxConnections">Size of the pool; 0 for a single connection of its own.</param>
    public Secret ForNpgsql(int maxConnections = 0) => new(Describe(maxConnections).ConnectionString);

    /// <summary>For a connection that carries whole tables: large buffers, and texts as bytes in whatever encoding the
    /// server has (each byte is one character, unchanged in both directions).</summary>
    internal Secret ForBulk()
    {
        var settings = Describe(maxConnections: 0);
        settings.ReadBufferSize = BulkBufferBytes;
        settings.WriteBufferSize = BulkBufferBytes;
        settings.Encoding = "ISO-8859-1";
        return new(settings.ConnectionString);
    }

    private NpgsqlConnectionStringBuilder Describe(int maxConnections) => new()
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
        Pooling = maxConnections > 0,
        MaxPoolSize = Math.Max(1, maxConnections),
        IncludeErrorDetail = false,
        // Which of several statements was refused. It is not shown.
        IncludeFailedBatchedCommand = true,
    };

    /// <summary>For libpq's programs: the environment, so that nothing appears in an argument list.</summary>
    /// <remarks>https://www.postgresql.org/docs/current/libpq-envars.html</remarks>
    public IReadOnlyDictionary<string, Secret?> ForLibpq()
    {
        var result = new Dictionary<string, Secret?>
        {
            // Both would win over PGHOST, and the caller's shell may have them set: the dump would be of another
            // database.
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
        // What the user's shell has set for other programs must not lead pg_dump to another database than the one that
        // is frozen.
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

    // A user may hold an '@'; a host has neither '@' nor ':' unless it is in brackets, but slashes if it is a folder.
    [GeneratedRegex(@"^(?<user>.*)@(?<host>\[[^\]]+\]|[^@:]*):(?<port>\d+)/(?<database>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Shown();

    private static string Canonical(string host) => host is "localhost" or "::1" ? "127.0.0.1" : host.TrimEnd('.');
}
