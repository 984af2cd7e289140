using Godwit.Faults;

namespace Godwit.Postgres;

internal static class PostgresConnectFaults
{
    public static Fault UnknownHost(PostgresAddress address) => new("postgres.unknown_host", FaultKind.Refused,
        What: $"Cannot connect to {address}",
        Why: $"the name '{address.Host}' has no address",
        Remedy: "Check the host in the URL. A private name (VPC, internal) works only from inside that network.");

    public static Fault Unreachable(PostgresAddress address, string why) => new(
        "postgres.unreachable", FaultKind.Transient,
        What: $"Cannot connect to {address}",
        Why: why,
        Remedy: "Check host and port, that the server runs, and that its firewall or allow-list lets this machine in.");

    public static Fault WrongPassword(PostgresAddress address) => new("postgres.wrong_password", FaultKind.Refused,
        What: $"Cannot log in to {address}",
        Why: $"the server refuses the password of '{address.User}'",
        Remedy: "Check user and password; in a URL, characters such as @ : / % must be percent-encoded.");

    public static Fault NoPassword(PostgresAddress address) => new("postgres.no_password", FaultKind.Refused,
        What: $"Cannot log in to {address}",
        Why: "the server asks for a password and none was given",
        Remedy: "Put it into the URL of --from env:NAME or file:PATH, or into PGPASSWORD or a PGPASSFILE.");

    public static Fault NotAllowed(PostgresAddress address, string why) => new(
        "postgres.not_allowed", FaultKind.Refused,
        What: $"Cannot log in to {address}",
        Why: why,
        Remedy: "If the message names pg_hba.conf or encryption: "
            + "allow this machine's address, and use sslmode=require in the URL.");

    public static Fault NoDatabase(PostgresAddress address) => new("postgres.no_database", FaultKind.Refused,
        What: $"Cannot connect to {address}",
        Why: $"the server has no database '{address.Database}'",
        Remedy: "Check the name after the last / of the URL. List what there is: psql -l with the same host and user.");

    public static Fault TooManyConnections(PostgresAddress address) => new(
        "postgres.too_many_connections", FaultKind.Transient,
        What: $"Cannot connect to {address}",
        Why: "the server has no connection free",
        Remedy: "End idle sessions, or lower --jobs; then run the command again.");

    public static Fault StartingUp(PostgresAddress address, string why) => new(
        "postgres.starting_up", FaultKind.Transient,
        What: $"Cannot connect to {address}",
        Why: why,
        Remedy: "The server is starting or recovering. Wait until it takes connections; then run the command again.");

    public static Fault TlsMissing(PostgresAddress address) => new("postgres.tls_missing", FaultKind.Refused,
        What: $"Cannot make an encrypted connection to {address}",
        Why: "the server has no TLS, and the URL asks for it with sslmode",
        Remedy: "Check host and port: a managed server has TLS. To connect without it, only on a network "
            + "you trust: sslmode=disable.");

    public static Fault TlsUntrusted(PostgresAddress address) => new("postgres.tls_untrusted", FaultKind.Refused,
        What: $"Cannot trust the server at {address}",
        Why: "its certificate is not from an authority that this machine knows, or is for another name, "
            + "and the URL's sslmode demands that check",
        Remedy: "Get the provider's CA certificate and name its file in the URL: sslmode=verify-full&sslrootcert=FILE. "
            + "To encrypt without verifying: sslmode=require.");

    public static Fault TlsRootUnreadable(PostgresAddress address, string file) => new(
        "postgres.tls_root_unreadable", FaultKind.Refused,
        What: $"Cannot verify the server at {address}",
        Why: $"the file that sslrootcert names is not there or cannot be read as a certificate: {file}",
        Remedy: "Check the path in the URL; an absolute path is best. "
            + "The file must hold the provider's CA certificate in PEM form.");

    public static Fault Tls(PostgresAddress address, string why) => new("postgres.tls", FaultKind.Refused,
        What: $"Cannot make an encrypted connection to {address}",
        Why: why,
        Remedy: "If the server has no TLS, use sslmode=disable (only on a network you trust). If its certificate is "
            + "not trusted, give the provider's CA with sslrootcert=FILE, or use sslmode=require.");
}
