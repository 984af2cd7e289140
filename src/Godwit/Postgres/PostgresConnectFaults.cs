using System.Net.Sockets;
using System.Security.Authentication;
using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>Why a server could not be logged in to, told from what the driver threw.</summary>
internal static class PostgresConnectFaults
{
    /// <remarks>SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html</remarks>
    public static Fault Explain(PostgresAddress address, Exception e)
    {
        var message = Redactor.Clean(e.Message, address.Password);
        return e switch
        {
            PostgresException { SqlState: "28P01" } => WrongPassword(address),
            PostgresException { SqlState: "28000" } p => NotAllowed(address, Redactor.Clean(p.MessageText, address.Password)),
            PostgresException { SqlState: "3D000" } => NoDatabase(address),
            PostgresException { SqlState: "53300" } => TooManyConnections(address),
            PostgresException { SqlState: "57P03" } p => StartingUp(address, p.MessageText),
            PostgresException p => NotAllowed(address, Redactor.Clean(p.MessageText, address.Password)),
            ArgumentException => Tls(address, message),
            _ when Inner<AuthenticationException>(e) is { } tls => Tls(address, Redactor.Clean(tls.Message)),
            _ when message.Contains("SSL", StringComparison.Ordinal) => Tls(address, message),
            _ when message.Contains("No password", StringComparison.OrdinalIgnoreCase) => NoPassword(address),
            _ when Inner<SocketException>(e) is { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
                UnknownHost(address),
            _ when Inner<SocketException>(e) is { } socket => Unreachable(address, socket.Message),
            _ when e is TimeoutException || Inner<TimeoutException>(e) is not null => Unreachable(address, "it did not answer in time"),
            _ => Unreachable(address, message),
        };
    }

    private static T? Inner<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T found)
                return found;
        }

        return null;
    }

    private static Fault UnknownHost(PostgresAddress a) => new("postgres.unknown_host", FaultKind.Refused,
        What: $"Cannot connect to {a}",
        Why: $"the name '{a.Host}' has no address",
        Remedy: "Check the host in the URL. A private name (VPC, internal) works only from inside that network.");

    private static Fault Unreachable(PostgresAddress a, string why) => new("postgres.unreachable", FaultKind.Transient,
        What: $"Cannot connect to {a}",
        Why: why,
        Remedy: "Check host and port, that the server runs, and that its firewall or allow-list lets this machine in.");

    private static Fault WrongPassword(PostgresAddress a) => new("postgres.wrong_password", FaultKind.Refused,
        What: $"Cannot log in to {a}",
        Why: $"the server refuses the password of '{a.User}'",
        Remedy: "Check user and password; in a URL, characters such as @ : / % must be percent-encoded.");

    private static Fault NoPassword(PostgresAddress a) => new("postgres.no_password", FaultKind.Refused,
        What: $"Cannot log in to {a}",
        Why: "the server asks for a password and none was given",
        Remedy: "Put it into the URL of --from env:NAME or file:PATH, or into PGPASSWORD or a PGPASSFILE.");

    private static Fault NotAllowed(PostgresAddress a, string why) => new("postgres.not_allowed", FaultKind.Refused,
        What: $"Cannot log in to {a}",
        Why: why,
        Remedy: "If it speaks of pg_hba.conf or encryption: allow this machine's address, and use sslmode=require in the URL.");

    private static Fault NoDatabase(PostgresAddress a) => new("postgres.no_database", FaultKind.Refused,
        What: $"Cannot connect to {a}",
        Why: $"the server has no database '{a.Database}'",
        Remedy: "Check the name after the last / of the URL. List what there is: psql -l with the same host and user.");

    private static Fault TooManyConnections(PostgresAddress a) => new("postgres.too_many_connections", FaultKind.Transient,
        What: $"Cannot connect to {a}",
        Why: "the server has no connection free",
        Remedy: "End idle sessions, or lower --jobs; then run the command again.");

    private static Fault StartingUp(PostgresAddress a, string why) => new("postgres.starting_up", FaultKind.Transient,
        What: $"Cannot connect to {a}",
        Why: why,
        Remedy: "The server is starting or recovering. Wait until it takes connections; then run the command again.");

    private static Fault Tls(PostgresAddress a, string why) => new("postgres.tls", FaultKind.Refused,
        What: $"Cannot make an encrypted connection to {a}",
        Why: why,
        Remedy: "If the server has no TLS, use sslmode=disable (only on a network you trust). If its certificate is not trusted, give the provider's CA with sslrootcert=FILE, or use sslmode=require.");
}
